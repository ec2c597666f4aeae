import { numerics } from "meanfield";

/** A number with its 95 % confidence interval. */
export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/**
 * mean(x)/mean(y) of pairs (x_i, y_i), independent of each other, with the 95 % interval of the linearised ratio: the residuals
 * (x_i - R y_i)/mean(y) have standard deviation s, and R +- t_(n-1) s/sqrt(n).
 */
export function pairedRatio(x: readonly number[], y: readonly number[]): Interval {
  const denominator = numerics.mean(y);
  const value = numerics.mean(x) / denominator;
  const residuals = x.map((each, index) => (each - value * y[index]) / denominator);
  const { low, high } = numerics.meanWithInterval(residuals);
  return { value, low: value + low, high: value + high };
}

/**
 * (mean(a)/mean(b))/(mean(c)/mean(d)) of repetitions (a_i, b_i, c_i, d_i) with the 95 % interval of its linearised logarithm: a_i/mean(a) - b_i/mean(b) - c_i/mean(c) + d_i/mean(d)
 * has standard deviation s, and log R +- t_(n-1) s/sqrt(n).
 */
export function pairedRatioOfRatios(
  [a, b]: readonly [readonly number[], readonly number[]],
  [c, d]: readonly [readonly number[], readonly number[]],
): Interval {
  const [meanA, meanB, meanC, meanD] = [a, b, c, d].map((each) => numerics.mean(each));
  const value = meanA / meanB / (meanC / meanD);
  const residuals = a.map((_, index) => a[index] / meanA - b[index] / meanB - c[index] / meanC + d[index] / meanD);
  const { low, high } = numerics.meanWithInterval(residuals);
  return { value, low: value * Math.exp(low), high: value * Math.exp(high) };
}
