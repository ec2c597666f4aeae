import { type JsonObject, type MemberResults, numerics } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import type { Values } from "./parameters.ts";

type Part = Interval & { readonly error: number };

/** What a grid of replicas found at one width, at each record time. */
export interface Grid {
  readonly width: number;
  readonly times: readonly number[];
  readonly gap: readonly Part[];
  readonly bias: readonly Part[];
  readonly widthPart: readonly Part[];
  readonly sampling: readonly Part[];
  readonly interaction: readonly Part[];
}

export interface Summary extends JsonObject {
  /** Exponent of the width part in m at the last time; null where a part is not positive, as in small grids it may be. */
  readonly width: Interval | null;
  /** The same at every time after 0, intervals that cover all at once with 95 %. */
  readonly widthAtAllTimes: readonly { readonly time: number; readonly slope: Interval | null }[];
  /** Exponent of the sampling part in m at the last time, which tends to 0 with corrections of order 1/m; null where a part is not positive. */
  readonly sampling: Interval | null;
  /** s of the line s + c/m through the sampling parts at the last time: what is left of it at infinite width. */
  readonly samplingAtInfiniteWidth: Interval;
  /** Sampling part / that with batches four times as large; null where one is not positive. */
  readonly batchRatio: Interval | null;
  /** Third and fourth standardised cumulant of f - f_inf at one point, and what independent draws of a Gaussian scatter by. */
  readonly shape: { readonly skewness: Interval; readonly excessKurtosis: Interval; readonly starts: number };
  readonly points: readonly { readonly [key: string]: number }[];
}

export function summarise(results: MemberResults, values: Values): Summary {
  const grids = ladder(results, values);
  const last = grids[0].times.length - 1;
  const later = grids[0].times.map((_, at) => at).filter((at) => at > 0);
  const sampling = grids.map((grid) => grid.sampling[last]);
  return {
    width: exponent(grids, "widthPart", last, 0.95),
    widthAtAllTimes: later.map((at) => ({
      time: grids[0].times[at],
      slope: exponent(grids, "widthPart", at, 1 - 0.05 / later.length),
    })),
    sampling: exponent(grids, "sampling", last, 0.95),
    samplingAtInfiniteWidth: interceptOf(
      grids.map(({ width }) => 1 / width),
      sampling.map(({ value }) => value),
    ),
    batchRatio: quotient(gridOf(results, "small-batch").sampling[last], gridOf(results, "large-batch").sampling[last]),
    shape: shapeOf((results.shape.result as { readonly deviations: readonly number[] }).deviations),
    points: grids.map((grid) => ({
      width: grid.width,
      scaledWidthPart: grid.width * grid.widthPart[last].value,
      scaledWidthPartError: grid.width * grid.widthPart[last].error,
      sampling: grid.sampling[last].value,
      samplingError: grid.sampling[last].error,
      interaction: grid.interaction[last].value,
      bias: grid.bias[last].value,
      gap: grid.gap[last].value,
    })),
  };
}

export function ladder(results: MemberResults, values: Values): readonly Grid[] {
  return values.widths.map((width) => gridOf(results, `width-${width}`));
}

function gridOf(results: MemberResults, member: string): Grid {
  return results[member].result as unknown as Grid;
}

/**
 * Exponent of a part in the width: least squares on logarithms. The width parts are independent of each other and weigh by their own errors; the sampling
 * parts come from the same streams at every width, which moves all of them alike, so that only the scatter about the line counts.
 */
function exponent(grids: readonly Grid[], part: "widthPart" | "sampling", at: number, level: number): Interval | null {
  if (!grids.every((grid) => grid[part][at].value > 0)) return null;
  const errors = part === "widthPart" ? { errors: grids.map((grid) => grid[part][at].error) } : {};
  const { slope } = numerics.fitPowerLaw(
    grids.map(({ width }) => width),
    grids.map((grid) => grid[part][at].value),
    { ...errors, level },
  );
  return { value: slope.value, low: slope.low, high: slope.high };
}

/** Where the line through points meets x = 0. */
function interceptOf(x: readonly number[], y: readonly number[]): Interval {
  const { value, low, high } = numerics.fitLine(x, y).intercept;
  return { value, low, high };
}

/** Quotient of two positive estimates, its interval that of the difference of their logarithms. */
function quotient(numerator: Part, denominator: Part): Interval | null {
  if (!(numerator.value > 0 && denominator.value > 0)) return null;
  const value = numerator.value / denominator.value;
  const reach = 2 * Math.hypot(numerator.error / numerator.value, denominator.error / denominator.value);
  return { value, low: value * Math.exp(-reach), high: value * Math.exp(reach) };
}

/** Skewness and excess kurtosis with the intervals that draws of a Gaussian would have: 1.96 sqrt(6/n) and 1.96 sqrt(24/n). */
function shapeOf(values: readonly number[]): Summary["shape"] {
  const count = values.length;
  const centre = numerics.mean(values);
  const moment = (power: number) => numerics.mean(values.map((value) => (value - centre) ** power));
  const variance = moment(2);
  const around = (value: number, error: number): Interval => ({
    value,
    low: value - 1.96 * error,
    high: value + 1.96 * error,
  });
  return {
    skewness: around(moment(3) / variance ** 1.5, Math.sqrt(6 / count)),
    excessKurtosis: around(moment(4) / variance ** 2 - 3, Math.sqrt(24 / count)),
    starts: count,
  };
}
