import { numerics } from "meanfield";
import type { ContestantResult, LadderPoint } from "./run-contestant.ts";

/** A number with its confidence interval. */
export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** An interval with what is needed to combine it with others. */
export type Fitted = Interval & { readonly error: number; readonly degreesOfFreedom: number };

export type Part = "losses" | "discretization";

/** The exponent p of part ~ width^p: least squares of log part on log width over all replicas, which scatter alike at every width. */
export function exponentOf(points: readonly LadderPoint[], part: Part, level: number): Fitted {
  const widths = points.flatMap((point) => point[part].map(() => point.width));
  const fit = numerics.fitPowerLaw(
    widths,
    points.flatMap((point) => point[part]),
    { level },
  );
  return { ...fit.slope, degreesOfFreedom: fit.degreesOfFreedom };
}

/** One exponent for several ladders, each with a factor of its own. */
export function commonExponentOf(ladders: readonly (readonly LadderPoint[])[], part: Part, level: number): Fitted {
  let spread = 0;
  let product = 0;
  let squares = 0;
  let count = 0;
  for (const points of ladders) {
    const x = points.flatMap((point) => point[part].map(() => Math.log(point.width)));
    const y = points.flatMap((point) => point[part].map(Math.log));
    const [xMean, yMean] = [numerics.mean(x), numerics.mean(y)];
    for (let index = 0; index < x.length; index += 1) {
      spread += (x[index] - xMean) ** 2;
      product += (x[index] - xMean) * (y[index] - yMean);
      squares += (y[index] - yMean) ** 2;
    }
    count += x.length;
  }
  const value = product / spread;
  const degreesOfFreedom = count - ladders.length - 1;
  const error = Math.sqrt(Math.max(0, squares - value * product) / degreesOfFreedom / spread);
  return interval(value, error, degreesOfFreedom, level);
}

/** left - right of independent estimates, with the smaller of their degrees of freedom. */
export function difference(left: Fitted, right: Fitted, level: number): Fitted {
  const degreesOfFreedom = Math.min(left.degreesOfFreedom, right.degreesOfFreedom);
  return interval(left.value - right.value, Math.hypot(left.error, right.error), degreesOfFreedom, level);
}

/** Mean of the logarithms of independent positive numbers: the logarithm of their geometric mean. */
export function logMean(values: readonly number[]): Fitted {
  const logs = values.map(Math.log);
  return interval(numerics.mean(logs), numerics.standardError(logs), values.length - 1, 0.95);
}

/** Quotient of geometric means, with its interval. */
export function quotient(numerator: readonly number[], denominator: readonly number[], level: number): Interval {
  const { value, low, high } = difference(logMean(numerator), logMean(denominator), level);
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/** The slope of estimates against log2 of the dimension, equally weighted: their errors are alike. */
export function trend(dimensions: readonly number[], values: readonly number[]): Interval | null {
  if (dimensions.length < 3) return null;
  const { slope } = numerics.fitLine(dimensions.map(Math.log2), values);
  return shown(slope);
}

/** Value and ends alone, as a summary shows them. */
export function shown({ value, low, high }: Interval): Interval {
  return { value, low, high };
}

/** The last, widest point. */
export function widest({ points }: ContestantResult): LadderPoint {
  return points[points.length - 1];
}

function interval(value: number, error: number, degreesOfFreedom: number, level: number): Fitted {
  const reach = error * numerics.studentQuantile((1 + level) / 2, degreesOfFreedom);
  return { value, error, low: value - reach, high: value + reach, degreesOfFreedom };
}
