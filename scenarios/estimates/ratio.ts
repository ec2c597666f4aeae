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
