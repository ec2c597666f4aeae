import { numerics } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";

/**
 * The log-log slope of independent means or medians against x by least squares with equal weights, with the 95 % interval that their own intervals make, as normal errors of the logarithms:
 * for curves that need not be straight, whose bend is no error of the slope.
 */
export function slopeOfMeans(x: readonly number[], means: readonly Interval[]): Interval {
  const logs = x.map(Math.log);
  const centre = numerics.mean(logs);
  const total = logs.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return combined(
    means,
    logs.map((each) => (each - centre) / total),
    (value) => value,
  );
}

/** The geometric mean of independent means or medians, likewise. */
export function geometricMean(means: readonly Interval[]): Interval {
  return combined(
    means,
    means.map(() => 1 / means.length),
    Math.exp,
  );
}

export function scaled({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low * factor, high: high * factor };
}

/** `show` of sum_i weights_i log(means_i). */
function combined(means: readonly Interval[], weights: readonly number[], show: (value: number) => number): Interval {
  let value = 0;
  let variance = 0;
  means.forEach((mean, index) => {
    value += weights[index] * Math.log(mean.value);
    variance += ((weights[index] * (mean.high - mean.low)) / 2 / mean.value) ** 2;
  });
  const reach = Math.sqrt(variance);
  return { value: show(value), low: show(value - reach), high: show(value + reach) };
}
