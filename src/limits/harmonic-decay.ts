import { invalidValue } from "../errors.ts";
import { reluHarmonic, stepHarmonic } from "../networks/relu-harmonics.ts";
import { meanReluOfCoordinate } from "../networks/spherical-mean.ts";
import { createDormandPrince, type Tolerances } from "../numerics/dormand-prince.ts";
import { checkHarmonic } from "../numerics/gegenbauer.ts";
import { type BottleneckLimitOptions, createBottleneckLimit } from "./bottleneck.ts";
import { type Limit, radialProblem, resolveSpeeds } from "./limit.ts";

/**
 * How the asymmetry of a wide bottleneck network moves, to first order. Let h_l be the degree-l spherical harmonic of F(u) - alpha. Along the flow,
 * with layer speed s1,
 *
 *   (h_l/alpha)' = -s1 (alpha/C_d) k_l A (h_l/alpha),
 *
 * with a number k_l of the degree alone (`harmonicRate`) and a number A of the limit's state alone (`createRestoringForce`). docs/theory/harmonic-decay.md
 */

/**
 * k_l >= 0: the eigenvalue at degree l of the kernel 3 relu(w.u) relu(w.u') + 1(w.u > 0) 1(w.u' > 0) u.u' averaged over directions w,
 *
 *   k(t) = 3 (sqrt(1 - t^2) + (pi - arccos t) t)/(2 pi d) + t (pi - arccos t)/(2 pi),  k_l = E_t[k(t) P_l(t)].
 *
 * In closed form 3 lambda_l^2 + ((l + d - 2) tau_(l+1)^2 + l tau_(l-1)^2)/(2 l + d - 2) with the numbers lambda of ReLU and tau of the unit step:
 * k_0 = 4 C_d^2, k_1 = (1 + 3/d)/(4 d), k_2 ~ 1/(pi d^2), 0 at odd l >= 3.
 *
 * @param degree l, an integer >= 0
 * @param dimension d, an integer >= 2
 * @throws `invalid-value`
 */
export function harmonicRate(degree: number, dimension: number): number {
  checkHarmonic(degree, dimension);
  const relu = 3 * reluHarmonic(degree, dimension) ** 2;
  const above = stepHarmonic(degree + 1, dimension) ** 2;
  if (degree === 0) return relu + above;
  const below = stepHarmonic(degree - 1, dimension) ** 2;
  return relu + ((degree + dimension - 2) * above + degree * below) / (2 * degree + dimension - 2);
}

/**
 * A, the derivative of G(F) = E_r[(phi(r F) - f*(r)) phi'(r F) r] at F = alpha, phi(s) = mean_j a_j relu(v_j s + b_j): where A > 0 the asymmetry of the
 * first layer shrinks at every degree that it has, where A < 0 it grows. With r_j = -b_j/(v_j alpha) the kinks that are positive, p the law's density and e = fbar - f*,
 *
 *   A = E_r[phi'(alpha r)^2 r^2] + (1/alpha) mean_j a_j |v_j| e(r_j) r_j^2 p(r_j).
 *
 * One atom at a hinge target, kink R: v^2 M_2(R) - |v| R^2 p(R) (1 - R)_+/alpha.
 *
 * @returns a function of a state y of `createBottleneckLimit`; Infinity where the law has no second moment and phi does not end
 * @throws as `createBottleneckLimit`
 */
export function createRestoringForce(options: BottleneckLimitOptions): (y: Float64Array) => number {
  return restoringForceOf(options, createBottleneckLimit(options));
}

function restoringForceOf(options: BottleneckLimitOptions, limit: Limit): (y: Float64Array) => number {
  const { radius, profile: target } = radialProblem(options.law, options.target);
  const atoms = options.secondLayerWidth;
  const moments = new Float64Array(6);
  return (y) => {
    const alpha = y[0];
    const profile = limit.profile(y);
    // fbar has pieces under this limit, with slopes alpha phi'.
    const { starts, slopes } = profile.pieces ?? { starts: [], slopes: [] };
    let smooth = 0;
    for (let piece = 0; piece < starts.length; piece += 1) {
      if (slopes[piece] === 0) continue;
      radius.moments(starts[piece], moments, 0);
      radius.moments(piece + 1 < starts.length ? starts[piece + 1] : Infinity, moments, 3);
      smooth += slopes[piece] ** 2 * (moments[5] - moments[2]);
    }
    let kinks = 0;
    for (let atom = 0; atom < atoms; atom += 1) {
      const v = y[1 + atom];
      const kink = -y[1 + atoms + atom] / (v * alpha);
      if (!(kink > 0 && kink < Infinity)) continue;
      const density = radius.pdf(kink);
      if (density === 0) continue;
      const error = profile.value(kink) - target.value(kink);
      kinks += y[1 + 2 * atoms + atom] * Math.abs(v) * error * kink * kink * density;
    }
    return smooth / (alpha * alpha) + kinks / (atoms * alpha);
  };
}

/** The limit at one time, with what has damped the harmonics until then. */
export interface HarmonicDecay {
  readonly time: number;
  /** y of `createBottleneckLimit`. */
  readonly state: Float64Array;
  /** The restoring force A of that state. */
  readonly restoringForce: number;
  /** I = integral from 0 of s1 (alpha/C_d) A; first-order theory multiplies h_l/alpha by exp(-k_l I). Negative where harmonics have grown. */
  readonly damping: number;
}

/**
 * The damping of harmonics along the limit's exact trajectory from `initial` at time 0: the limit's system with I' = s1 (alpha/C_d) A beside it, by the
 * adaptive Dormand-Prince pair.
 *
 * @param times ascending, >= 0
 * @param tolerances @default 1e-10, relative and absolute
 * @returns one entry per time; the predicted ratio of h_l/alpha to its start is exp(-harmonicRate(l, d) damping)
 * @throws as `createBottleneckLimit`; `step-limit`, `not-finite` from the integrator
 */
export function harmonicDecay(
  options: BottleneckLimitOptions,
  initial: Float64Array,
  times: readonly number[],
  tolerances: Partial<Tolerances> = {},
): HarmonicDecay[] {
  const limit = createBottleneckLimit(options);
  const force = restoringForceOf(options, limit);
  const { size } = limit;
  const factor = resolveSpeeds(options.layerSpeeds).first / meanReluOfCoordinate(options.law.dimension);
  const flow = createDormandPrince(
    {
      size: size + 1,
      derivative(time, y, out) {
        const state = y.subarray(0, size);
        limit.system.derivative(time, state, out.subarray(0, size));
        out[size] = factor * y[0] * force(state);
      },
    },
    tolerances,
  );
  const start = new Float64Array(size + 1);
  start.set(initial);
  const state = flow.start(0, start);
  return times.map((time) => {
    flow.advanceTo(state, time);
    const y = state.y.slice(0, size);
    return { time, state: y, restoringForce: force(y), damping: state.y[size] };
  });
}

/**
 * The first-order theory of gradient descent in place of the flow: what steps of size `stepSize` make of h_l/alpha, to first order in h_l and exactly
 * in the step size. A step multiplies w by 1 - 2 eta s1 C_d S to order 0 (S as in `createBottleneckLimit`), and so
 *
 *   h_l/alpha by 1 - eta s1 (alpha/C_d) k_l A/(1 - 2 eta s1 C_d S),
 *
 * along the stepped limit. It tends to `harmonicDecay` with the step size, at first order.
 *
 * @param stepSize eta > 0, in units of mean-field time
 * @param degrees integers >= 0
 * @param steps ascending numbers of steps, >= 0
 * @returns for each entry of `steps` the ratios of h_l/alpha to their start, one for each degree
 * @throws as `createBottleneckLimit` and its steps
 */
export function steppedHarmonicDecay(
  options: BottleneckLimitOptions,
  initial: Float64Array,
  stepSize: number,
  degrees: readonly number[],
  steps: readonly number[],
): Float64Array[] {
  if (!(stepSize > 0 && stepSize < Infinity)) throw invalidValue("stepSize", "a positive finite number", stepSize);
  const limit = createBottleneckLimit(options);
  const force = restoringForceOf(options, limit);
  const factor = (stepSize * resolveSpeeds(options.layerSpeeds).first) / meanReluOfCoordinate(options.law.dimension);
  const rates = degrees.map((degree) => harmonicRate(degree, options.law.dimension));
  const y = initial.slice();
  const ratios = new Float64Array(degrees.length).fill(1);
  let taken = 0;
  return steps.map((until) => {
    for (; taken < until; taken += 1) {
      const alpha = y[0];
      const damping = factor * alpha * force(y);
      limit.eulerStep(y, stepSize);
      // alpha is multiplied by the square of what multiplies every w.
      const scale = Math.sqrt(y[0] / alpha);
      for (let index = 0; index < ratios.length; index += 1) ratios[index] *= 1 - (rates[index] * damping) / scale;
    }
    return ratios.slice();
  });
}
