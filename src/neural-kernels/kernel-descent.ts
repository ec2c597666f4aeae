import { invalidValue } from "../errors.ts";
import { type Integrator, integrators } from "../numerics/runge-kutta.ts";
import { type KernelMatrix, matrixOf } from "./matrices/kernel-matrix.ts";
import { spectralDecomposition } from "./spectral-decomposition/spectral-decomposition.ts";

export interface KernelDescentOptions {
  /** K at the training points, symmetric: n x n numbers, row by row, of which a copy is made, or a matrix, which is decomposed in place. */
  readonly kernel: Float64Array | KernelMatrix;
  /** y, n x outputs, row by row. */
  readonly targets: Float64Array;
  /** Functions that are learned side by side with the one kernel. @default 1 */
  readonly outputs?: number;
  /** u(0), the function's values at the training points, n x outputs. @default 0 */
  readonly initial?: Float64Array;
  /** Null: the flow in continuous time. A scheme: steps of this size, exactly as the scheme takes them. @default null */
  readonly steps?: { readonly stepSize: number; readonly integrator?: keyof typeof integrators } | null;
}

/** The solution of kernel gradient descent, as functions of time. */
export interface KernelDescent {
  /** Eigenvalues of K/n, ascending: the rates at which residuals decay in their eigenvectors. */
  readonly rates: Float64Array;
  /** u at the training points at mean-field time `time`, n x outputs; with steps: after the nearest number of them. */
  values(time: number): Float64Array;
  /**
   * u at q other points, q x outputs.
   *
   * @param kernel K(other, training), q x n, row by row
   * @param initial u(0) there, q x outputs, @default 0
   */
  valuesAt(kernel: Float64Array, time: number, initial?: Float64Array): Float64Array;
}

/**
 * Gradient descent of 1/(2n) sum_s (u(x_s) - y_s)^2 on a function whose tangent kernel stays what it is:
 *
 *     du(x)/dt = -(1/n) sum_s K(x, x_s) (u(x_s) - y_s),
 *
 * solved exactly in the eigenvectors of K/n = V diag(lambda) V^T: the residual in one of them is multiplied by exp(-lambda t), or by R(-lambda eta)^k
 * after k steps eta of a scheme with stability function R (Euler: (1 - eta lambda)^k), and
 * u(x, t) = u(x, 0) + (1/n) k(x)^T V diag((1 - decay)/lambda) V^T (y - u(0)).
 * This is what a network with a large output scale does (Jacot, Gabriel, Hongler 2018; Chizat, Oyallon, Bach 2019).
 *
 * A loss without the 1/2, mean (u - y)^2, at learning rate r is a step size of 2 r here.
 *
 * By `spectralDecomposition`: 0.3 s at n = 1000, 12 s at 4000, then 2.7 n^2 multiply-adds for each time and output. Eigenvalues below 0, which only rounding
 * makes, count as 0.
 *
 * @throws MeanfieldError `invalid-value` on wrong lengths or step sizes; `not-finite` on entries that are not
 */
export function kernelDescent(options: KernelDescentOptions): KernelDescent {
  const { kernel, targets, steps = null } = options;
  const { outputs = 1 } = options;
  if (!(Number.isInteger(outputs) && outputs >= 1 && targets.length % outputs === 0)) {
    throw invalidValue("outputs", `a positive integer that divides the ${targets.length} targets`, outputs);
  }
  const count = targets.length / outputs;
  const initial = options.initial ?? new Float64Array(targets.length);
  if (initial.length !== targets.length) {
    throw invalidValue("initial", `${targets.length} numbers`, `${initial.length} numbers`);
  }
  const decomposition = spectralDecomposition(squareMatrix(kernel, count));
  const rates = decomposition.eigenvalues.map((value) => Math.max(0, value) / count);
  const logDecay = decayOf(steps);
  const residuals = decomposition.toEigenvectors(
    targets.map((target, at) => target - initial[at]),
    outputs,
  );
  /** V diag(factor) V^T (y - u(0)). */
  const combined = (factor: (rate: number) => number): Float64Array => {
    const factors = rates.map(factor);
    const parts = residuals.map((residual, at) => factors[Math.floor(at / outputs)] * residual);
    return decomposition.fromEigenvectors(parts, outputs);
  };
  return Object.freeze({
    rates,
    values(time: number) {
      const learned = combined((rate) => learnedShare(logDecay(rate, checkedTime(time))));
      return learned.map((value, s) => initial[s] + value);
    },
    valuesAt(others: Float64Array, time: number, initialThere?: Float64Array) {
      const rows = others.length / count;
      if (!Number.isInteger(rows)) throw invalidValue("kernel", `rows of ${count} numbers`, `${others.length} numbers`);
      if (initialThere !== undefined && initialThere.length !== rows * outputs) {
        throw invalidValue("initial", `${rows * outputs} numbers`, `${initialThere.length} numbers`);
      }
      const coefficients = combined((rate) => shareOverRate(rate, checkedTime(time)) / count);
      const out = new Float64Array(rows * outputs);
      for (let row = 0; row < rows; row += 1) {
        const at = row * outputs;
        for (let output = 0; output < outputs; output += 1) out[at + output] = initialThere?.[at + output] ?? 0;
        // Outputs innermost, since they lie side by side: each has the same sum in the same order.
        for (let s = 0; s < count; s += 1) {
          const entry = others[row * count + s];
          for (let output = 0; output < outputs; output += 1)
            out[at + output] += entry * coefficients[s * outputs + output];
        }
      }
      return out;
    },
  });

  /** (1 - decay)/rate; at rate 0 its limit, the time that has passed. */
  function shareOverRate(rate: number, time: number): number {
    if (rate === 0) return steps === null ? time : Math.round(time / steps.stepSize) * steps.stepSize;
    return learnedShare(logDecay(rate, time)) / rate;
  }
}

/** The kernel as a matrix of the right size. */
function squareMatrix(kernel: Float64Array | KernelMatrix, count: number): KernelMatrix {
  const length = kernel instanceof Float64Array ? kernel.length : kernel.rows * kernel.columns;
  if (length !== count * count) throw invalidValue("kernel", `${count * count} numbers`, `${length} numbers`);
  return kernel instanceof Float64Array ? matrixOf(kernel, count) : kernel;
}

/** A residual's decay as sign and logarithm, so that slow ones keep their digits. */
interface Decay {
  readonly sign: 1 | -1;
  readonly log: number;
}

function learnedShare({ sign, log }: Decay): number {
  return sign === 1 ? -Math.expm1(log) : 1 + Math.exp(log);
}

/** The decay of a residual at a rate after a time. */
function decayOf(steps: KernelDescentOptions["steps"]): (rate: number, time: number) => Decay {
  if (steps === null || steps === undefined) return (rate, time) => ({ sign: 1, log: -rate * time });
  const { stepSize, integrator = "euler" } = steps;
  if (!(stepSize > 0 && stepSize < Infinity)) throw invalidValue("stepSize", "a positive number", stepSize);
  if (!Object.hasOwn(integrators, integrator)) {
    throw invalidValue("integrator", `one of ${Object.keys(integrators).join(", ")}`, integrator);
  }
  const scheme = integrators[integrator];
  return (rate, time) => {
    const count = Math.round(time / stepSize);
    const change = changeOfStep(scheme, -rate * stepSize);
    if (change > -1) return { sign: 1, log: count * Math.log1p(change) };
    return { sign: count % 2 === 0 ? 1 : -1, log: count === 0 ? 0 : count * Math.log(-1 - change) };
  };
}

/** R(z) - 1 for one step on y' = (z/h) y, without the cancellation of R near 1. */
function changeOfStep({ matrix, weights }: Integrator, z: number): number {
  const slopes: number[] = [];
  for (const row of matrix) slopes.push(1 + z * row.reduce((sum, entry, at) => sum + entry * slopes[at], 0));
  return z * weights.reduce((sum, weight, at) => sum + weight * slopes[at], 0);
}

function checkedTime(time: number): number {
  if (time >= 0 && time < Infinity) return time;
  throw invalidValue("time", "a finite number >= 0", time);
}
