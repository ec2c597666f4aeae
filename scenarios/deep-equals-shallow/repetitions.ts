import { numerics } from "meanfield";

/** A mean over repetitions with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The mean over repetitions. */
export function interval(values: readonly number[]): Interval {
  const { value, low, high } = numerics.meanWithInterval(values);
  return { value, low, high };
}

/** The geometric mean: the interval is one of the mean logarithm. */
export function geometricInterval(values: readonly number[]): Interval {
  const { value, low, high } = interval(values.map(Math.log));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/** That of the largest training set. */
export function lastOf(values: readonly number[]): number {
  return values[values.length - 1];
}
