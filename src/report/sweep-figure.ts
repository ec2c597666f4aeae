import { invalidValue } from "../errors.ts";
import type { Axis, Figure, Json, Series } from "../scenario/index.ts";
import {
  type AggregateRow,
  aggregate,
  columnsOf,
  fitScaling,
  headlineColumn,
  type StoredSweep,
  sweepRows,
  variedNames,
} from "../sweeps/index.ts";
import { formatInterval, formatNumber } from "./number.ts";

export interface SweepFigureOptions {
  /** The swept parameter along the horizontal axis. @default the one with the most numbers */
  readonly x?: string;
  /** Columns of results. @default the scenario's headline */
  readonly y?: readonly string[];
  /** Names of the columns whose equal values make a series. @default all other parameters that the sweep varies, but not the seed */
  readonly series?: readonly string[];
  /** The axes with logarithmic scales. @default those whose values are positive and spread over a factor of 8; with a fit both */
  readonly log?: readonly ("x" | "y")[];
  /** Whether a power law is fitted to each series and drawn. @default false */
  readonly fit?: boolean;
  /** Coverage of the intervals, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** Positive values that spread over at least this factor are drawn on a logarithmic axis. */
const logFactor = 8;

/**
 * A result of a sweep against one of its parameters: means over the seeds with Student's intervals, a series for each combination of the other parameters.
 * Throws `invalid-value` for a column that does not exist, an x that is no number, a sweep without results, and what `fitScaling` throws.
 */
export function sweepFigure(sweep: StoredSweep, options: SweepFigureOptions = {}): Figure {
  const columns = columnsOf(sweepRows(sweep));
  const x = options.x ?? widestParameter(sweep);
  const ys = options.y ?? [headlineColumn(sweep.plan, columns)];
  const by = options.series ?? variedNames(sweep).filter((name) => name !== x);
  const { level = 0.95, fit = false } = options;
  const series: Series[] = [];
  for (const y of ys) {
    const groups = new Map<string, AggregateRow[]>();
    for (const row of aggregate(sweep, { value: y, by: [x, ...by], level })) {
      const key = JSON.stringify(by.map((name) => row.values[name]));
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const laws = fit ? fitScaling(sweep, { against: x, value: y, by, level }) : [];
    for (const rows of groups.values()) {
      const name = seriesName(ys.length > 1 || by.length === 0 ? y : null, by, rows[0].values);
      const law = laws.find(({ values }) => by.every((each) => values[each] === rows[0].values[each]));
      series.push(...drawn(name, rows, x, law === undefined));
      if (law === undefined) continue;
      const { exponent, factor, keys } = law;
      const power = formatInterval(exponent.value, exponent.low, exponent.high, "typeset");
      series.push({
        name: `${name}: exponent ${power}`,
        group: name,
        mark: "dashed",
        x: keys,
        y: keys.map((key) => factor.value * key ** exponent.value),
      });
    }
  }
  const all = (axis: "x" | "y") => series.flatMap((each) => each[axis]).filter((value) => value !== null);
  if (all("y").length === 0) throw invalidValue("y", "a result of points that completed", ys.join(", "));
  const axis = (name: "x" | "y", label: string): Axis => {
    const isLog = options.log?.includes(name) ?? (fit || isSpread(all(name)));
    return { label, scale: isLog ? "log" : "linear" };
  };
  const most = Math.max(...sweep.plan.axes.filter(({ name }) => name === "seed").map(({ values }) => values.length), 1);
  const means = most > 1 ? `Means over ${most} seeds with ${formatNumber(100 * level)} % intervals.` : "One seed.";
  return {
    id: `${ys.join(" ")} against ${x}`
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, ""),
    title: `${sweep.plan.scenario}: ${ys.join(", ")} against ${x}`,
    caption: `${means}${fit ? " Dashed: power laws fitted to the geometric means." : ""}`,
    x: axis("x", x),
    y: axis("y", ys.join(", ")),
    series,
  };
}

/** The parameter with the most numbers; the first of several. */
function widestParameter(sweep: StoredSweep): string {
  const isNumeric = (values: readonly Json[]) =>
    values.every((value) => value !== "" && Number.isFinite(Number(value)));
  const axes = sweep.plan.axes.filter(({ name, values }) => name !== "seed" && values.length > 1 && isNumeric(values));
  const widest = axes.reduce<(typeof axes)[number] | null>(
    (best, each) => (best === null || each.values.length > best.values.length ? each : best),
    null,
  );
  if (widest === null) throw invalidValue("x", "a parameter of which the sweep has several numbers", null);
  return widest.name;
}

function drawn(name: string, rows: readonly AggregateRow[], x: string, isJoined: boolean): readonly Series[] {
  const placed = rows
    .map((row) => {
      const place = row.values[x];
      if (typeof place !== "number") throw invalidValue("x", "a parameter whose values are numbers", place);
      return { place, row };
    })
    .sort((left, right) => left.place - right.place);
  const shared = { name, group: name, x: placed.map(({ place }) => place), y: placed.map(({ row }) => row.mean) };
  const bound = (end: "low" | "high") => placed.map(({ row: { estimate } }) => estimate?.[end] ?? null);
  return [
    ...(isJoined ? [{ ...shared, mark: "line" as const }] : []),
    { ...shared, mark: "points", low: bound("low"), high: bound("high") },
  ];
}

function seriesName(y: string | null, by: readonly string[], values: AggregateRow["values"]): string {
  const parts = by.map((name) => `${name} ${values[name]}`);
  return [...(y === null ? [] : [y]), ...parts].join(", ");
}

function isSpread(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high >= logFactor * low;
}
