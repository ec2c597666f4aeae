import { invalidValue } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import { meanReluOfCoordinate } from "../networks/spherical-mean.ts";
import { createFixedStep, type Integrator, integrators, type OdeSystem } from "../numerics/runge-kutta.ts";
import type { Target } from "../targets/target.ts";
import { createBottleneckWalk } from "./bottleneck-walk.ts";
import {
  type LayerSpeeds,
  type Limit,
  type LimitProfile,
  type LimitStep,
  radialProblem,
  requireFiniteDerivative,
  resolveSpeeds,
} from "./limit.ts";

export interface BottleneckLimitOptions {
  /** Uniform directions, any radius. */
  readonly law: Law;
  /** A radial target with linear pieces, jumps allowed. */
  readonly target: Target;
  /** Number of outer neurons ("atoms"), which the limit keeps; >= 1. */
  readonly secondLayerWidth: number;
  readonly layerSpeeds?: Partial<LayerSpeeds>;
  /** Whether the output weights a_j move. @default false */
  readonly trainOuterWeights?: boolean;
}

/** A state of the bottleneck limit in words. */
export interface BottleneckState {
  /** alpha = C_d E|w|^2 > 0. */
  readonly alpha: number;
  readonly v: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  /** @default all 1 */
  readonly a?: ArrayLike<number>;
}

/**
 * The infinite-width limit of the three-layer bottleneck network with an O(d)-invariant first layer: F(x) = alpha |x| exactly, and
 * fbar(r) = mean_j a_j relu(v_j alpha r + b_j). State y = [alpha, v_1..v_m2, b_1..b_m2, a_1..a_m2]. With Q_j = E_r[e r 1(active_j)] and
 * P_j = E_r[e 1(active_j)], e = fbar - f*, and layer speeds s1, s2:
 *
 *   alpha' = -4 s1 C_d alpha S, S = mean_j a_j v_j Q_j;  v_j' = -s2 a_j alpha Q_j;  b_j' = -s2 a_j P_j;  a_j' = -s2 (alpha v_j Q_j + b_j P_j) or 0.
 *
 * One step of size eta multiplies every w by 1 - 2 eta s1 C_d S, hence alpha by its square; the rest moves by Euler.
 * Conserved: s2 alpha - 2 s1 C_d mean v^2. All radial integrals are exact (see `createBottleneckWalk`).
 *
 * @throws `unsupported-combination` unless law and target are radial and the target has linear pieces; `invalid-value`
 */
export function createBottleneckLimit(options: BottleneckLimitOptions): Limit {
  const { law, target, secondLayerWidth: atoms, trainOuterWeights = false } = options;
  if (!(Number.isInteger(atoms) && atoms >= 1)) throw invalidValue("secondLayerWidth", "a positive integer", atoms);
  const { first, second } = resolveSpeeds(options.layerSpeeds);
  const { radius, profile: targetProfile } = radialProblem(law, target);
  const walk = createBottleneckWalk(radius, targetProfile.pieces, atoms);
  const meanRelu = meanReluOfCoordinate(law.dimension);
  const size = 1 + 3 * atoms;

  /** S of the state whose integrals the walk holds. */
  const pull = (y: Float64Array): number => {
    let sum = 0;
    for (let atom = 0; atom < atoms; atom += 1) {
      const factor = y[1 + 2 * atoms + atom] * y[1 + atom];
      // An atom at v = 0 that is active everywhere has an infinite Q under a law without mean, and its own velocity says so.
      if (factor !== 0) sum += factor * walk.byRadius[atom];
    }
    return sum / atoms;
  };

  const derivative = (_time: number, y: Float64Array, out: Float64Array): void => {
    walk.integrate(y);
    const alpha = y[0];
    out[0] = -4 * first * meanRelu * alpha * pull(y);
    for (let atom = 0; atom < atoms; atom += 1) {
      const byRadius = walk.byRadius[atom];
      const byOne = walk.byOne[atom];
      const v = y[1 + atom];
      const outer = y[1 + 2 * atoms + atom];
      out[1 + atom] = -second * outer * alpha * byRadius;
      out[1 + atoms + atom] = -second * outer * byOne;
      out[1 + 2 * atoms + atom] = trainOuterWeights
        ? -second * (alpha * v * byRadius + y[1 + atoms + atom] * byOne)
        : 0;
    }
  };

  // Every w only rescales, so a scheme applied to the particles is the scheme applied to sqrt(alpha), which is proportional to |w|.
  const particleState = new Float64Array(size);
  const flowState = new Float64Array(size);
  const particleSystem: OdeSystem = {
    size,
    derivative(time, z, out) {
      flowState.set(z);
      flowState[0] = z[0] * z[0];
      derivative(time, flowState, out);
      out[0] = -2 * first * meanRelu * z[0] * pull(flowState);
      requireFiniteDerivative(flowState, out, radius);
    },
  };
  const createStep = (integrator: Integrator): LimitStep => {
    const step = createFixedStep(particleSystem, integrator);
    return (y, stepSize) => {
      particleState.set(y);
      particleState[0] = Math.sqrt(y[0]);
      step(0, particleState, stepSize);
      y.set(particleState);
      y[0] = particleState[0] * particleState[0];
    };
  };

  return Object.freeze({
    kind: "bottleneck",
    size,
    system: Object.freeze({ size, derivative }),
    eulerStep: createStep(integrators.euler),
    createStep,
    profile: (y) => bottleneckProfile(y, atoms, walk.pieces(y)),
    loss: walk.loss,
    invariants(y) {
      let squares = 0;
      for (let atom = 0; atom < atoms; atom += 1) squares += y[1 + atom] ** 2;
      return Float64Array.of(second * y[0] - (2 * first * meanRelu * squares) / atoms);
    },
  } satisfies Limit);
}

/**
 * The flat state [alpha, v..., b..., a...] of a state in words.
 *
 * @throws `invalid-value` unless alpha > 0, all numbers are finite and v, b, a have one length
 */
export function bottleneckState({ alpha, v, b, a }: BottleneckState): Float64Array {
  const atoms = v.length;
  if (!(alpha > 0 && alpha < Infinity)) throw invalidValue("alpha", "a positive finite number", alpha);
  if (atoms < 1) throw invalidValue("v", "at least one number", atoms);
  if (b.length !== atoms) throw invalidValue("b", `${atoms} numbers, one for each v`, b.length);
  if (a !== undefined && a.length !== atoms) throw invalidValue("a", `${atoms} numbers, one for each v`, a.length);
  const y = new Float64Array(1 + 3 * atoms);
  y[0] = alpha;
  y.set(v, 1);
  y.set(b, 1 + atoms);
  if (a === undefined) y.fill(1, 1 + 2 * atoms);
  else y.set(a, 1 + 2 * atoms);
  const wrong = y.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw invalidValue("v, b, a", "finite numbers", y[wrong]);
  return y;
}

function bottleneckProfile(y: Float64Array, atoms: number, pieces: LimitProfile["pieces"]): LimitProfile {
  const state = y.slice();
  return Object.freeze({
    pieces,
    value(radius: number): number {
      let sum = 0;
      for (let atom = 0; atom < atoms; atom += 1) {
        const input = state[1 + atom] * state[0] * radius + state[1 + atoms + atom];
        // max, not a comparison: NaN comes through
        sum += state[1 + 2 * atoms + atom] * Math.max(0, input);
      }
      return sum / atoms;
    },
  });
}
