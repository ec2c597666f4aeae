import { invalidValue } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import { createSphericalMean } from "../networks/spherical-mean.ts";
import { createSphericalSums, sphericalProfile } from "../networks/spherical-sums.ts";
import { createFixedStep, type Integrator, integrators, type OdeSystem } from "../numerics/runge-kutta.ts";
import type { Target } from "../targets/target.ts";
import {
  type LayerSpeeds,
  type Limit,
  type LimitStep,
  radialProblem,
  requireFiniteDerivative,
  resolveSpeeds,
} from "./limit.ts";

export interface TwoLayerLimitOptions {
  /** Uniform directions; a bounded radius or finite moments of all orders. */
  readonly law: Law;
  /** Any radial target. */
  readonly target: Target;
  /** Number of particles (a, rho, b) that stand for the limit's measure; >= 1. */
  readonly width: number;
  readonly layerSpeeds?: Partial<LayerSpeeds>;
  /** Gauss nodes between neighbouring breaks of the target. @default 64 */
  readonly nodesPerPanel?: number;
}

/** A state of the two-layer limit in words: one entry per particle. */
export interface TwoLayerState {
  readonly a: ArrayLike<number>;
  /** |w| >= 0 */
  readonly rho: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

/**
 * The limit of the two-layer network whose measure is O(d)-invariant: fbar(r) = mean_i a_i phi(rho_i r, b_i) with the spherical mean phi of a
 * ReLU neuron. State y = [a_1..a_m, rho_1..rho_m, b_1..b_m]. With e = fbar - f* and layer speeds s1 (w, b) and s2 (a):
 *
 *   a_i' = -s2 E_r[e phi(rho_i r, b_i)];  rho_i' = -s1 a_i E_r[e r phi_s(rho_i r, b_i)], 0 at rho = 0;  b_i' = -s1 a_i E_r[e phi_b(rho_i r, b_i)].
 *
 * Every w only rescales, so a step of gradient descent is rho <- |rho + eta rho'| and Euler in a and b.
 * Conserved for each particle: s1 a^2 - s2 (rho^2 + b^2), since phi is homogeneous; the quadrature does not disturb it.
 *
 * E_r is a Gauss rule between the target's breaks, exact but for the neurons' own edge at r = |b|/rho, where phi is (d-1)/2 times
 * differentiable. Measured with 64 nodes a panel (20 atoms, ball of radius 2), error of the loss and largest error of a velocity:
 * 1e-7 and 3e-5 in d = 2; 1e-9 and 2e-6 in d = 3; 4e-12 and 2e-9 in d = 5; below 1e-14 from d = 10 on.
 * One look into the table per particle and node for each derivative, kept in a workspace of 2 x width x nodes numbers.
 *
 * @throws `unsupported-combination` unless law and target are radial and the law's radius has a Gauss rule; `invalid-value`
 */
export function createTwoLayerLimit(options: TwoLayerLimitOptions): Limit {
  const { law, target, width, nodesPerPanel = 64 } = options;
  if (!(Number.isInteger(width) && width >= 1)) throw invalidValue("width", "a positive integer", width);
  if (!(Number.isInteger(nodesPerPanel) && nodesPerPanel >= 1)) {
    throw invalidValue("nodesPerPanel", "a positive integer", nodesPerPanel);
  }
  const { first, second } = resolveSpeeds(options.layerSpeeds);
  const { radius, profile: targetProfile } = radialProblem(law, target);
  const sphericalMean = createSphericalMean(law.dimension);
  const { nodes, weights } = radius.rule(targetProfile.breaks, nodesPerPanel);
  const points = nodes.length;
  const targetValues = nodes.map((node) => targetProfile.value(node));
  const sums = createSphericalSums(law.dimension, nodes, width);
  const byScale = new Float64Array(width);
  const byOffset = new Float64Array(width);
  const errors = new Float64Array(points);
  const weighted = new Float64Array(points);
  const size = 3 * width;
  const next = new Float64Array(size);

  /** e = fbar - f* at every node. */
  const evaluate = (y: Float64Array): void => {
    errors.fill(0);
    sums.add(y.subarray(0, width), y.subarray(width, 2 * width), y.subarray(2 * width), errors);
    for (let node = 0; node < points; node += 1) errors[node] = errors[node] / width - targetValues[node];
  };

  /**
   * The velocities of particles w_i = rho_i u_i with u_i fixed and rho_i of either sign. At w = 0 the mean force is 0 by symmetry, so that the flow
   * stops there; a stage of an integrator that lies beyond 0 is pulled back as its mirror image would be.
   */
  const derivative = (_time: number, y: Float64Array, out: Float64Array): void => {
    evaluate(y);
    for (let node = 0; node < points; node += 1) weighted[node] = weights[node] * errors[node];
    sums.integrate(weighted, byScale, byOffset);
    for (let particle = 0; particle < width; particle += 1) {
      const norm = y[width + particle];
      const byOuter = Math.abs(norm) * byScale[particle] + y[2 * width + particle] * byOffset[particle];
      out[particle] = -second * byOuter;
      out[width + particle] = -first * y[particle] * Math.sign(norm) * byScale[particle];
      out[2 * width + particle] = -first * y[particle] * byOffset[particle];
    }
  };

  const particleSystem: OdeSystem = {
    size,
    derivative(time, y, out) {
      derivative(time, y, out);
      requireFiniteDerivative(y, out, radius);
    },
  };
  const createStep = (integrator: Integrator): LimitStep => {
    const step = createFixedStep(particleSystem, integrator);
    return (y, stepSize) => {
      next.set(y);
      step(0, next, stepSize);
      for (let at = width; at < 2 * width; at += 1) next[at] = Math.abs(next[at]);
      y.set(next);
    };
  };

  return Object.freeze({
    kind: "two-layer",
    size,
    system: Object.freeze({ size, derivative }),
    eulerStep: createStep(integrators.euler),
    createStep,
    profile(y) {
      const state = y.slice();
      const value = (at: number): number => {
        let sum = 0;
        for (let particle = 0; particle < width; particle += 1) {
          sum +=
            state[particle] * sphericalMean.value(Math.abs(state[width + particle]) * at, state[2 * width + particle]);
        }
        return sum / width;
      };
      const parts = [0, 1, 2].map((part) => state.subarray(part * width, (part + 1) * width));
      const valuesAt = (radii: Float64Array) => sphericalProfile(law.dimension, parts[0], parts[1], parts[2], radii);
      return Object.freeze({ value, valuesAt, pieces: null });
    },
    loss(y) {
      evaluate(y);
      let sum = 0;
      for (let node = 0; node < points; node += 1) sum += weights[node] * errors[node] * errors[node];
      return sum / 2;
    },
    invariants(y) {
      return Float64Array.from({ length: width }, (_, particle) => {
        const inner = y[width + particle] ** 2 + y[2 * width + particle] ** 2;
        return first * y[particle] ** 2 - second * inner;
      });
    },
  } satisfies Limit);
}

/**
 * The flat state [a..., rho..., b...] of a state in words.
 *
 * @throws `invalid-value` unless all numbers are finite, rho >= 0 and the three lists have one length
 */
export function twoLayerState({ a, rho, b }: TwoLayerState): Float64Array {
  const width = a.length;
  if (width < 1) throw invalidValue("a", "at least one number", width);
  if (rho.length !== width) throw invalidValue("rho", `${width} numbers, one for each a`, rho.length);
  if (b.length !== width) throw invalidValue("b", `${width} numbers, one for each a`, b.length);
  const y = new Float64Array(3 * width);
  y.set(a, 0);
  y.set(rho, width);
  y.set(b, 2 * width);
  for (let index = 0; index < y.length; index += 1) {
    if (!Number.isFinite(y[index])) throw invalidValue("a, rho, b", "finite numbers", y[index]);
    if (index >= width && index < 2 * width && y[index] < 0) throw invalidValue("rho", "numbers >= 0", y[index]);
  }
  return y;
}
