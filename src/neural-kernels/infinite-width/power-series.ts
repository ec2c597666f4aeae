import { invalidValue } from "../../errors.ts";
import { hermiteCoefficients } from "../../numerics/hermite.ts";
import { checkFullyConnected, type FullyConnectedKernel } from "./fully-connected.ts";
import { buildKernelActivation, type KernelActivation } from "./kernel-activation.ts";

/** Coefficients a_0 ... a_degree of powers of the cosine. */
export interface KernelPowerSeries {
  readonly nngp: Float64Array;
  /** Null where the activation has no derivative. */
  readonly ntk: Float64Array | null;
}

/**
 * The kernels as power series in the cosine of inputs of one variance, kappa(c) = sum_k a_k c^k. Without cancellation: a_k >= 0, which is what makes them kernels on spheres of
 * every dimension (Schoenberg), and sum_k a_k = kappa(1). The tails sum_(k > m) a_k decide about smallest eigenvalues in high dimension.
 *
 * Truncated series go through the layers. For ReLU, leaky ReLU, step and sign v -> k1(v) follows from (k1 o v)' = k0(v) v', (k0 o v)' = v'/(pi sqrt(1 - v^2)), and the
 * root's own recurrence; for others it is the Hermite series sum_n b_n^2 v^n of the activation, 512 terms of it.
 *
 * @param options.degree in [0, 500]
 * @param options.variance of the inputs, as `KernelEvaluator.inputVariance` counts it. @default 1
 * @throws MeanfieldError `invalid-value`, `no-convergence`
 */
export function kernelPowerSeries(
  kernel: FullyConnectedKernel,
  options: { readonly degree: number; readonly variance?: number },
): KernelPowerSeries {
  const { degree, variance = 1 } = options;
  checkFullyConnected(kernel);
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 500)) {
    throw invalidValue("degree", "an integer in [0, 500]", degree);
  }
  if (!(variance > 0 && variance < Infinity)) throw invalidValue("variance", "a positive finite number", variance);
  const activation = buildKernelActivation(kernel.activation);
  const layers = kernel.layers;
  let moment = variance;
  let covariance: Float64Array = new Float64Array(degree + 1);
  if (degree >= 1) covariance[1] = variance;
  let tangent: Float64Array | null = new Float64Array(degree + 1);
  for (let index = 0; ; index += 1) {
    const { weightVariance, biasVariance, biasTangent } = layers[index];
    tangent = tangent && combined(weightVariance, tangent, weightVariance, covariance);
    if (tangent !== null) tangent[0] += biasTangent;
    covariance = covariance.map((entry) => weightVariance * entry);
    covariance[0] += biasVariance;
    moment = weightVariance * moment + biasVariance;
    if (index === layers.length - 1) return Object.freeze({ nngp: covariance, ntk: tangent });
    const { value, slope, second } = throughActivation(activation, covariance, moment);
    tangent = tangent && slope && multiplied(tangent, slope);
    covariance = value;
    moment = second;
  }
}

interface Through {
  readonly value: Float64Array;
  readonly slope: Float64Array | null;
  readonly second: number;
}

/** E phi phi and E phi' phi' as series, where the covariance is one, at a variance. */
function throughActivation(activation: KernelActivation, covariance: Float64Array, variance: number): Through {
  const { spec } = activation;
  const correlation = covariance.map((entry) => entry / variance);
  switch (spec.kind) {
    case "relu":
      return throughBend(0, correlation, variance);
    case "leaky-relu":
      return throughBend(spec.negativeSlope, correlation, variance);
    case "step":
      return { value: arcCosines(correlation).k0.map((entry) => entry / 2), slope: null, second: 0.5 };
    case "sign": {
      const value = arcCosines(correlation).k0.map((entry) => 2 * entry);
      value[0] -= 1;
      return { value, slope: null, second: 1 };
    }
    default:
      return throughHermite(activation, correlation, variance);
  }
}

function throughBend(a: number, correlation: Float64Array, variance: number): Through {
  const { k0, k1 } = arcCosines(correlation);
  const bent = (1 - a) ** 2 / 2;
  const slope = k0.map((entry) => bent * entry);
  slope[0] += a;
  return {
    value: combined(variance * bent, k1, variance * a, correlation),
    slope,
    second: (variance * (1 + a * a)) / 2,
  };
}

/** k0(v) and k1(v) of a series v with |v_0| < 1. */
function arcCosines(v: Float64Array): { readonly k0: Float64Array; readonly k1: Float64Array } {
  const size = v.length;
  const rest = multiplied(v, v).map((entry) => -entry);
  rest[0] += 1;
  // r = 1/sqrt(rest): 2 rest r' + rest' r = 0.
  const r = new Float64Array(size);
  r[0] = 1 / Math.sqrt(rest[0]);
  for (let k = 1; k < size; k += 1) {
    let sum = 0;
    for (let j = 1; j <= k; j += 1) sum += (2 * (k - j) + j) * rest[j] * r[k - j];
    r[k] = -sum / (2 * k * rest[0]);
  }
  const k0 = integrated(multiplied(derivative(v), r), 1 - Math.acos(v[0]) / Math.PI, 1 / Math.PI);
  const start = v[0] * k0[0] + Math.sqrt(rest[0]) / Math.PI;
  const k1 = integrated(multiplied(derivative(v), k0), start, 1);
  return { k0, k1 };
}

const hermiteTerms = 512;

function throughHermite(
  { value, derivative: slope, kinks }: KernelActivation,
  v: Float64Array,
  variance: number,
): Through {
  const scale = Math.sqrt(variance);
  const options = { kinks: kinks.map((place) => place / scale), degree: hermiteTerms - 1 };
  const squares = (f: (z: number) => number) => hermiteCoefficients((z) => f(scale * z), options).map((b) => b * b);
  return {
    value: composed(squares(value), v),
    slope: slope === null ? null : composed(squares(slope), v),
    // Not the sum of the squares: with a kink the series is cut off.
    second: hermiteCoefficients((z) => value(scale * z) ** 2, { ...options, degree: 0 })[0],
  };
}

/** sum_n coefficients[n] v^n, by Horner. */
function composed(coefficients: Float64Array, v: Float64Array): Float64Array {
  let sum: Float64Array = new Float64Array(v.length);
  // Only what reaches the degrees asked for: with v_0 = 0 higher powers do not.
  const last = v[0] === 0 ? Math.min(coefficients.length, v.length) : coefficients.length;
  for (let n = last - 1; n >= 0; n -= 1) {
    sum = multiplied(sum, v);
    sum[0] += coefficients[n];
  }
  return sum;
}

function multiplied(left: Float64Array, right: Float64Array): Float64Array {
  const out = new Float64Array(left.length);
  for (let i = 0; i < left.length; i += 1) {
    if (left[i] === 0) continue;
    for (let j = 0; i + j < left.length; j += 1) out[i + j] += left[i] * right[j];
  }
  return out;
}

function combined(a: number, left: Float64Array, b: number, right: Float64Array): Float64Array {
  return left.map((entry, k) => a * entry + b * right[k]);
}

/** v', of the same length; its last entry, which nothing is known of, is 0. */
function derivative(v: Float64Array): Float64Array {
  return v.map((_, k) => (k + 1 < v.length ? (k + 1) * v[k + 1] : 0));
}

/** start + factor times the integral. */
function integrated(slope: Float64Array, start: number, factor: number): Float64Array {
  return slope.map((_, k) => (k === 0 ? start : (factor * slope[k - 1]) / k));
}
