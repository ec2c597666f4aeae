import { invalidValue, MeanfieldError } from "../errors.ts";
import type { Law, RadialDistribution } from "../laws/law.ts";
import type { Integrator, OdeSystem } from "../numerics/runge-kutta.ts";
import type { LinearPieces, RadialProfile, Target } from "../targets/target.ts";

/**
 * A limit: the infinitely wide reference of a network, a closed system of ordinary differential equations in mean-field time.
 * Its state y is a flat array whose layout the limit's own file states.
 */
export interface Limit {
  readonly kind: "bottleneck" | "two-layer";
  /** Length of y. */
  readonly size: number;
  /** The exact gradient flow, y' = derivative(y). Where it does not exist the derivative is not finite. */
  readonly system: OdeSystem;
  /** One step of gradient descent of the infinitely wide network: `createStep` with Euler's scheme. */
  readonly eulerStep: LimitStep;
  /** The step function of the infinitely wide network under an explicit scheme. */
  createStep(integrator: Integrator): LimitStep;
  /** fbar of the state; a copy, which later steps do not change. */
  profile(y: Float64Array): LimitProfile;
  /** L = 1/2 E(fbar - f*)^2; Infinity where it diverges. */
  loss(y: Float64Array): number;
  /** Quantities that the exact flow conserves. */
  invariants(y: Float64Array): Float64Array;
}

/**
 * One step of size `stepSize`, in place, without allocating: what the finite networks, stepped by the same scheme, tend to as they widen. That
 * is the scheme applied to the particles, which is not the same as applying it to y.
 * Throws `unsupported-combination` or `not-finite` where the gradient is infinite, and leaves y as it was.
 */
export type LimitStep = (y: Float64Array, stepSize: number) => void;

/** fbar as a function of r = |x|. */
export interface LimitProfile {
  value(radius: number): number;
  /** The values at ascending positive radii at once, for limits that find them faster so. */
  valuesAt?(radii: Float64Array): Float64Array;
  /** Exact linear pieces; null when it has no such form. */
  readonly pieces: LinearPieces | null;
}

/** Factors of the velocities of the first layer (all that belongs to w_i) and of the second (all that belongs to the outer neurons or weights). */
export interface LayerSpeeds {
  /** >= 0; 0 freezes the layer. @default 1 */
  readonly first: number;
  /** >= 0; 0 freezes the layer. @default 1 */
  readonly second: number;
}

export const unitSpeeds: LayerSpeeds = Object.freeze({ first: 1, second: 1 });

/** The radial parts of a law and a target, without which no limit of this room exists. */
export function radialProblem(law: Law, target: Target): { radius: RadialDistribution; profile: RadialProfile } {
  if (law.radius === null) {
    throw new MeanfieldError(
      "unsupported-combination",
      `law: expected a law with uniform directions, got ${law.spec.kind}; the limit is a system in the radius only for such laws`,
      { path: "law" },
    );
  }
  if (target.radial === null) {
    throw new MeanfieldError(
      "unsupported-combination",
      `target: expected a function of the radius alone, got ${target.spec.kind}; the limit is a system in the radius only for such targets`,
      { path: "target" },
    );
  }
  return { radius: law.radius, profile: target.radial };
}

/** Checks speeds given in part and fills in the rest with 1. */
export function resolveSpeeds(speeds: Partial<LayerSpeeds> | undefined): LayerSpeeds {
  const resolved = { ...unitSpeeds, ...speeds };
  for (const layer of ["first", "second"] as const) {
    const speed = resolved[layer];
    if (!(speed >= 0 && speed < Infinity)) throw invalidValue(`layerSpeeds.${layer}`, "a finite number >= 0", speed);
  }
  return Object.freeze(resolved);
}

/** Throws if a derivative is not finite, saying why: a law without moments under which the gradient is infinite, or a state that has left every bound. */
export function requireFiniteDerivative(y: Float64Array, derivative: Float64Array, radius: RadialDistribution): void {
  let sum = 0;
  for (let index = 0; index < derivative.length; index += 1) sum += derivative[index];
  if (Number.isFinite(sum)) return;
  if (y.every(Number.isFinite) && !(radius.secondMoment < Infinity)) {
    throw new MeanfieldError(
      "unsupported-combination",
      "law: the network does not vanish far out, and under a law without a second moment its gradient is infinite; give the law a radiusCutoff, or keep all atoms at v < 0 by their start and a smaller step size",
      { path: "law.radiusCutoff" },
    );
  }
  throw new MeanfieldError(
    "not-finite",
    "limit: the derivative is not finite; the step size is too large or the initial values are not finite",
  );
}
