import { invalidValue } from "../errors.ts";
import { type Estimate, fitLine, meanWithInterval } from "../numerics/index.ts";
import type { Json } from "../scenario/index.ts";
import { variedNames } from "./aggregate.ts";
import type { StoredSweep } from "./read-sweep.ts";
import { cellOf, columnsOf, headlineColumn, requireColumn, type SweepRow, sweepRows } from "./rows.ts";

export interface ScalingOptions {
  /** The swept parameter k with positive values, such as `firstLayerWidth`. */
  readonly against: string;
  /** The column y with positive values, such as `bottleneck.discretization`. @default the scenario's headline */
  readonly value?: string;
  /** Names of the columns whose equal values make a group with a fit of its own. @default all other parameters that the sweep varies, but not the seed */
  readonly by?: readonly string[];
  /** Coverage of the intervals, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** The power law y = factor k^exponent of one group of points. */
export interface ScalingFit {
  readonly values: Readonly<Record<string, Json>>;
  readonly exponent: Estimate;
  /** y at k = 1, with the standard error of its logarithm times itself. */
  readonly factor: Estimate;
  /**
   * `seeds`: a line in log k for each seed alone, and the mean of their slopes with Student's interval; what a seed does to all k alike does not widen it.
   * `line`: one line through the geometric means over the points of each k, the interval from the scatter about it.
   */
  readonly from: "seeds" | "line";
  /** Seeds (or other repetitions) that the fit used; under `line` the most points of one k. */
  readonly seeds: number;
  /** Values of k. */
  readonly keys: readonly number[];
  /** Largest factor, >= 1, between a geometric mean and the law: a bend shows here. */
  readonly largestDeviation: number;
  /** Points that were not used: not completed, without the value, or of a seed that lacks another k. */
  readonly without: number;
}

/** One number of the sweep with its place. */
interface Sample {
  readonly key: number;
  /** What else the point has of its own: its seed, and parameters by which is not grouped. */
  readonly repetition: string;
  readonly value: number;
}

/**
 * The exponents of y as a power of one swept parameter k, one for each group of points. Lines are fitted to log y against log k with equal weights, so the law is that
 * of the geometric mean over seeds; it has the exponent of the mean where the relative scatter does not depend on k.
 *
 * With at least two seeds that have all k the interval comes from the seeds, and it holds whether or not the points of one seed are independent; it needs slopes that
 * are normal over seeds. Otherwise it comes from the scatter about one line through at least three k, which must then be independent.
 *
 * @throws `invalid-value` for a column that does not exist, for k and y that are not positive, and for a group with too few points
 */
export function fitScaling(sweep: StoredSweep, options: ScalingOptions): readonly ScalingFit[] {
  const rows = sweepRows(sweep);
  const columns = columnsOf(rows);
  const { against, value = headlineColumn(sweep.plan, columns), level = 0.95 } = options;
  requireColumn("against", against, columns);
  if (rows.some(({ status }) => status === "completed")) requireColumn("value", value, columns);
  const by = options.by ?? variedNames(sweep).filter((name) => name !== against);
  for (const name of by) requireColumn("by", name, columns);
  if (by.includes(against)) throw invalidValue("by", `columns other than ${against}`, by.join(","));
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const group = JSON.stringify(by.map((name) => cellOf(row, name) ?? null));
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const values = Object.fromEntries(by.map((name) => [name, cellOf(group[0], name) ?? null]));
    const samples = group.flatMap((row) => sampleOf(row, { against, value, by }));
    return { values, ...fitSamples(samples, group.length, level, against) };
  });
}

function sampleOf(
  row: SweepRow,
  { against, value, by }: { against: string; value: string; by: readonly string[] },
): readonly Sample[] {
  const number = row.status === "completed" ? cellOf(row, value) : null;
  if (typeof number !== "number") return [];
  const key = cellOf(row, against);
  if (!(typeof key === "number" && key > 0)) throw invalidValue("against", "positive numbers for a power law", key);
  if (!(number > 0 && number < Infinity)) {
    const place = `${number} at ${against}=${key} seed=${row.seed}`;
    throw invalidValue("value", "positive numbers for a power law", place);
  }
  const rest = Object.entries(row.values).filter(([name]) => name !== against && !by.includes(name));
  const seed = against === "seed" || by.includes("seed") ? null : row.seed;
  return [{ key: Math.log(key), repetition: JSON.stringify([rest, seed]), value: Math.log(number) }];
}

function fitSamples(
  samples: readonly Sample[],
  points: number,
  level: number,
  against: string,
): Omit<ScalingFit, "values"> {
  const keys = [...new Set(samples.map(({ key }) => key))].sort((left, right) => left - right);
  const repetitions = new Map<string, Map<number, number>>();
  for (const { key, repetition, value } of samples) {
    const found = repetitions.get(repetition) ?? new Map<number, number>();
    repetitions.set(repetition, found.set(key, value));
  }
  const whole = [...repetitions.values()].filter((each) => each.size === keys.length);
  const isFromSeeds = whole.length >= 2 && keys.length >= 2;
  if (!isFromSeeds && keys.length < 3) {
    const expected = "at least two seeds at two values, or three values, of points that completed";
    throw invalidValue("against", expected, `${keys.length} of ${against}`);
  }
  const used = isFromSeeds ? whole : [...repetitions.values()];
  const means = keys.map((key) => mean(used.flatMap((each) => each.get(key) ?? [])));
  const law = isFromSeeds ? fromSeeds(keys, whole, level) : fitLine(keys, means, { level });
  const intercept = law.intercept;
  const count = used.reduce((sum, each) => sum + each.size, 0);
  const deviation = (place: number) => Math.abs(means[place] - intercept.value - law.slope.value * keys[place]);
  return {
    exponent: law.slope,
    factor: {
      value: Math.exp(intercept.value),
      error: Math.exp(intercept.value) * intercept.error,
      low: Math.exp(intercept.low),
      high: Math.exp(intercept.high),
    },
    from: isFromSeeds ? "seeds" : "line",
    seeds: isFromSeeds ? whole.length : Math.max(...keys.map((key) => used.filter((each) => each.has(key)).length)),
    keys: keys.map((key) => Number(Math.exp(key).toPrecision(15))),
    largestDeviation: Math.exp(Math.max(...keys.map((_, place) => deviation(place)))),
    without: points - count,
  };
}

/** Mean slope and intercept of the seeds' own lines. */
function fromSeeds(keys: readonly number[], seeds: readonly ReadonlyMap<number, number>[], level: number) {
  const centre = mean(keys);
  const spread = keys.reduce((sum, key) => sum + (key - centre) ** 2, 0);
  const lines = seeds.map((values) => {
    const slope = keys.reduce((sum, key) => sum + (key - centre) * (values.get(key) ?? 0), 0) / spread;
    return { slope, intercept: mean(keys.map((key) => values.get(key) ?? 0)) - slope * centre };
  });
  const over = (numbers: readonly number[]) => meanWithInterval(numbers, level);
  return { slope: over(lines.map(({ slope }) => slope)), intercept: over(lines.map((line) => line.intercept)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
