import { invalidValue } from "../errors.ts";
import { type Estimate, meanWithInterval } from "../numerics/index.ts";
import type { Json } from "../scenario/index.ts";
import type { StoredSweep } from "./read-sweep.ts";
import { cellOf, columnsOf, headlineColumn, requireColumn, type SweepRow, sweepRows } from "./rows.ts";

export interface AggregateOptions {
  /** A column: usually a dotted path into the summary, such as `bottleneck.loss`. @default the scenario's headline */
  readonly value?: string;
  /** Names of the columns whose equal values make a group. @default all parameters that the sweep varies, but not the seed */
  readonly by?: readonly string[];
  /** Coverage of the intervals, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** The points of a sweep with equal values, as one. */
export interface AggregateRow {
  readonly values: Readonly<Record<string, Json>>;
  /** Points that completed and have the value. */
  readonly count: number;
  /** Points that ended otherwise, or have no number there. */
  readonly without: number;
  /** Points that have not ended. */
  readonly missing: number;
  /** Mean with Student's interval over the points that have the value; null for fewer than two. */
  readonly estimate: Estimate | null;
  /** The mean; null where no point has the value. */
  readonly mean: number | null;
}

/**
 * Means over the points of a sweep that differ only in their seeds (or in whatever is not in `by`), with Student's intervals, in the order of the
 * plan. A point that diverged or failed counts in `without`, never in a mean. Throws `invalid-value` for a column that does not exist.
 */
export function aggregate(sweep: StoredSweep, options: AggregateOptions = {}): readonly AggregateRow[] {
  const rows = sweepRows(sweep);
  const columns = columnsOf(rows);
  const value = options.value ?? headlineColumn(sweep.plan, columns);
  if (rows.some(({ status }) => status === "completed")) requireColumn("value", value, columns);
  const by = options.by ?? variedNames(sweep);
  for (const name of by) requireColumn("by", name, columns);
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(by.map((name) => cellOf(row, name) ?? null));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => {
    const numbers = group.map((row) => numberOf(row, value)).filter((each) => each !== null);
    const missing = group.filter(({ status }) => status === "missing").length;
    return {
      values: Object.fromEntries(by.map((name) => [name, cellOf(group[0], name) ?? null])),
      count: numbers.length,
      without: group.length - numbers.length - missing,
      missing,
      estimate: numbers.length < 2 ? null : meanWithInterval(numbers, options.level),
      mean: numbers.length === 0 ? null : numbers.reduce((sum, each) => sum + each, 0) / numbers.length,
    };
  });
}

export interface ComparisonOptions {
  /** The parameter whose two values are compared. */
  readonly name: string;
  readonly from: Json;
  readonly to: Json;
  /** A column. @default the scenario's headline */
  readonly value?: string;
  /** `difference`: mean of to - from; `ratio`: geometric mean of to / from, for positive values. @default "difference" */
  readonly as?: "difference" | "ratio";
  /** Coverage of the interval, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** Two values of a parameter compared on the points that are otherwise equal. */
export interface Comparison {
  /** Pairs of points, equal in seed and all other values, of which both have the value. */
  readonly pairs: number;
  readonly estimate: Estimate;
}

/**
 * Compares two values of one parameter over pairs of points that agree in everything else, seeds included: what the seeds do to both alike drops
 * out, so the interval is narrower than that of two separate means. Throws `invalid-value` for fewer than two pairs, and for a ratio of
 * values that are not positive.
 */
export function comparePaired(sweep: StoredSweep, options: ComparisonOptions): Comparison {
  const rows = sweepRows(sweep);
  const columns = columnsOf(rows);
  const value = options.value ?? headlineColumn(sweep.plan, columns);
  requireColumn("value", value, columns);
  requireColumn("name", options.name, columns);
  const isRatio = options.as === "ratio";
  const partners = new Map<string, SweepRow>();
  const keyOf = ({ values, seed }: SweepRow) => JSON.stringify([{ ...values, [options.name]: null }, String(seed)]);
  const isAt = (row: SweepRow, wanted: Json) => JSON.stringify(cellOf(row, options.name)) === JSON.stringify(wanted);
  for (const row of rows) if (isAt(row, options.from)) partners.set(keyOf(row), row);
  const differences: number[] = [];
  for (const row of rows) {
    const partner = isAt(row, options.to) ? partners.get(keyOf(row)) : undefined;
    const [before, after] = [partner === undefined ? null : numberOf(partner, value), numberOf(row, value)];
    if (before === null || after === null || partner === undefined) continue;
    if (isRatio && !(before > 0 && after > 0))
      throw invalidValue("value", "positive numbers for a ratio", [before, after]);
    differences.push(isRatio ? Math.log(after / before) : after - before);
  }
  if (differences.length < 2) {
    throw invalidValue(
      "name",
      "a parameter with at least two pairs of completed points",
      `${differences.length} pairs`,
    );
  }
  const estimate = meanWithInterval(differences, options.level);
  if (!isRatio) return { pairs: differences.length, estimate };
  const ratio = Math.exp(estimate.value);
  return {
    pairs: differences.length,
    estimate: {
      value: ratio,
      error: ratio * estimate.error,
      low: Math.exp(estimate.low),
      high: Math.exp(estimate.high),
    },
  };
}

/** The parameters that take more than one value in the sweep, without the seed. */
export function variedNames({ plan }: Pick<StoredSweep, "plan">): readonly string[] {
  return plan.axes.filter(({ name, values }) => name !== "seed" && values.length > 1).map(({ name }) => name);
}

/** The number in a column of a point that completed; null for all others. */
function numberOf(row: SweepRow, column: string): number | null {
  const cell = row.status === "completed" ? cellOf(row, column) : null;
  return typeof cell === "number" ? cell : null;
}
