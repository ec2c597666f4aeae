import type { DirectionArrangement } from "../numerics/directions.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import type { LinearPieces } from "../targets/target.ts";
import type { ActivationSpec } from "./activation.ts";
import type { ParticleLayout, Particles } from "./particles.ts";
import type { RayBundle } from "./ray.ts";

export type NetworkSpec = BottleneckSpec | TwoLayerSpec | DenseSpec;

/** First-layer start: Gaussian rows, or rows of equal norm whose directions are arranged as named ("sphere" means independent). */
export const firstLayerStarts = ["sphere", "gaussian", "antithetic-pairs", "frames", "antithetic-frames"] as const;
export type FirstLayerStart = (typeof firstLayerStarts)[number];

/** The arrangement of directions that a start asks for; null for Gaussian rows, whose norms vary too. */
export function arrangementOfStart(start: FirstLayerStart): DirectionArrangement | null {
  if (start === "gaussian") return null;
  return start === "sphere" ? "independent" : start;
}

/** f(x) = (1/m2) sum_j a_j relu(v_j F(x) + b_j), F(x) = (1/m1) sum_i |w_i| relu(w_i.x). */
export interface BottleneckSpec {
  readonly kind: "bottleneck";
  readonly dimension: number;
  /** m1 */
  readonly firstLayerWidth: number;
  /** m2 */
  readonly secondLayerWidth: number;
  readonly start: FirstLayerStart;
  /** alpha(0) = C_d E|w|^2; the rows start with that norm. */
  readonly initialAlpha: number;
  /** `uniform`: v ~ U[-.6, -.02], b ~ U[.1, .9] independent; `equal`: all atoms at (initialV, initialB). */
  readonly secondLayerStart: "uniform" | "equal";
  readonly initialV: number;
  readonly initialB: number;
  /** Whether the output weights a_j move (they start at 1). */
  readonly trainOuterWeights: boolean;
}

/** f(x) = (1/m) sum_i a_i sigma(w_i.x + b_i). */
export interface TwoLayerSpec {
  readonly kind: "two-layer";
  readonly dimension: number;
  /** m, even: every neuron starts doubled by its negative, so that f = 0. */
  readonly width: number;
  readonly start: FirstLayerStart;
  /** sigma. The radial modes and the limit know ReLU only. @default ReLU */
  readonly activation?: ActivationSpec;
}

/** y(x) = (1/m2) sum_j a_j sigma((1/m1) sum_i U_ji sigma(w_i.x + c_i) + e_j), one sigma in both layers. */
export interface DenseSpec {
  readonly kind: "dense";
  readonly dimension: number;
  /** m1 >= 1 */
  readonly firstLayerWidth: number;
  /** m2 >= 1 */
  readonly secondLayerWidth: number;
  /** Of the rows w_i, with E|w|^2 = d; c, U, e, a start as independent N(0, 1). */
  readonly start: FirstLayerStart;
  /** sigma. @default ReLU */
  readonly activation?: ActivationSpec;
  /** `zero`: every second-layer neuron starts doubled, with a and -a, so that y = 0; m2 even. @default "random" */
  readonly outputStart?: OutputStart;
}

/** How a dense network's outer weights start: independent, or in pairs that cancel. */
export const outputStarts = ["random", "zero"] as const;
export type OutputStart = (typeof outputStarts)[number];

/** A family of mean-field networks at one size: shape, start, values, and its own spherical mean. */
export interface Network {
  readonly spec: NetworkSpec;
  readonly layout: ParticleLayout;
  /** Number of trained parameters. */
  readonly size: number;
  /** The particles at time 0, a function of the seed alone; `replica` makes independent starts. */
  start(seed: RootSeed, replica?: number): Particles;
  /** f at the rows of `points` (count x dimension), written to `out`. */
  evaluate(particles: Particles, points: Float64Array, count: number, out: Float64Array): void;
  /** f along the rays of `directions` (count x dimension, unit rows). */
  along(particles: Particles, directions: Float64Array, count: number): RayBundle;
  /** fbar: every first-layer direction replaced by its average over rotations. */
  sphericalMean(particles: Particles): SphericalSymmetrization;
  /** The network's own observables; `bundle` was made from the same particles. */
  observe(particles: Particles, bundle: RayBundle | null): Record<string, number>;
  /** The layers by which speeds and freezing are named: for each particle array, `first`, `second` or `third`. */
  readonly layers: Readonly<Record<string, "first" | "second" | "third">>;
}

/** fbar as a function of r, with its linear pieces where it has such. */
export interface SphericalSymmetrization {
  value(radius: number): number;
  /** The values at ascending positive radii at once, for networks that find them faster so. */
  valuesAt?(radii: Float64Array): Float64Array;
  readonly pieces: LinearPieces | null;
}
