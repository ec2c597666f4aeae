import type { SimulationRecord } from "../simulation/record.ts";
import type { Figure, Series } from "./figure.ts";

/**
 * Figures that every scenario with simulations wants: built here once, so that they look the same everywhere.
 */
export const standardFigures = Object.freeze({ lossSplit, profile, observables });

/** The loss and its static split against time on logarithmic axes, the limit's own loss dashed. */
function lossSplit(options: {
  readonly id: string;
  readonly title: string;
  readonly records: readonly SimulationRecord[];
  /** Loss of the best constant, drawn as a dotted level. */
  readonly nullLoss: number;
}): Figure {
  const records = options.records.filter((record) => record.time > 0);
  const time = records.map((record) => record.time);
  const curve = (
    name: string,
    value: (record: SimulationRecord) => number | null | undefined,
    mark: Series["mark"],
    shown: readonly SimulationRecord[] = records,
  ): Series => ({
    name,
    mark,
    x: shown.map((record) => record.time),
    y: shown.map((record) => value(record) ?? null),
  });
  const series: Series[] = [
    {
      ...curve("loss", (record) => record.loss, "line"),
      low: records.map((record) => Math.max(record.loss - 2 * record.lossError, record.loss / 10)),
      high: records.map((record) => record.loss + 2 * record.lossError),
    },
    curve("mean-field part", (record) => record.budget.meanField?.value, "line"),
    curve("discretisation part", (record) => record.budget.discretization?.value, "line"),
    curve("cross term (absolute, centred)", (record) => absolute(record.budget.crossCentred?.value), "line"),
    curve("time-step part", (record) => record.budget.timeStep?.value, "line"),
    curve("limit's loss", (record) => record.observables.limitLoss, "dashed"),
    // The gap often equals the discretisation part: a few marks leave the line below them visible.
    curve("gap to the limit", (record) => record.budget.trajectoryGap?.value, "points", thinned(records)),
    { name: "best constant", mark: "dotted", x: time, y: time.map(() => options.nullLoss) },
  ];
  return {
    id: options.id,
    title: options.title,
    caption:
      "Loss 1/2 E(f - f*)^2 and its parts against mean-field time, measured on evaluation directions of their own; the band is two standard errors.",
    x: { label: "mean-field time", scale: "log" },
    y: { label: "loss", scale: "log" },
    series: series.filter(({ y }) => y.some((value) => value !== null && value > 0)),
  };
}

function absolute(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.abs(value);
}

/** About a dozen of the records, evenly over their number, the last one among them. */
function thinned(records: readonly SimulationRecord[]): readonly SimulationRecord[] {
  const stride = Math.max(1, Math.ceil(records.length / 12));
  return records.filter((_, index) => (records.length - 1 - index) % stride === 0);
}

/** One network's values along radii: mean over directions and the range that holds nine tenths of them. */
export interface ProfileCurve {
  readonly name: string;
  readonly radii: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** The limit's profile; null where there is none. */
  readonly limit: readonly number[] | null;
}

/** Learned profiles r -> f(r u) with their spread over directions u, against the target. */
function profile(options: {
  readonly id: string;
  readonly title: string;
  readonly curves: readonly ProfileCurve[];
  readonly target: readonly number[];
}): Figure {
  const series: Series[] = [];
  for (const curve of options.curves) {
    const { name, radii, mean, low, high, limit } = curve;
    series.push({ name, mark: "band", x: radii, y: mean, low, high, group: name });
    series.push({ name, mark: "line", x: radii, y: mean, group: name });
    if (limit !== null) series.push({ name: `${name}: limit`, mark: "dashed", x: radii, y: limit, group: name });
  }
  if (options.curves.length > 0) {
    series.push({ name: "target", mark: "dotted", x: options.curves[0].radii, y: options.target });
  }
  return {
    id: options.id,
    title: options.title,
    caption:
      "Network output along rays r u at the last time: mean over directions u, band from the 5th to the 95th percentile.",
    x: { label: "radius |x|", scale: "linear" },
    y: { label: "f", scale: "linear" },
    series,
  };
}

/** Observables by name against time, those that were measured; `dashed` ones are predictions. */
function observables(options: {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly label: string;
  readonly scale?: "linear" | "log";
  readonly records: readonly SimulationRecord[];
  readonly curves: readonly {
    readonly name: string;
    readonly observable: string;
    readonly mark: "line" | "dashed";
    readonly group?: string;
  }[];
}): Figure {
  const records = options.records.filter((record) => record.time > 0);
  return {
    id: options.id,
    title: options.title,
    caption: options.caption,
    x: { label: "mean-field time", scale: "log" },
    y: { label: options.label, scale: options.scale ?? "linear" },
    series: options.curves
      .filter(({ observable }) => records.some((record) => typeof record.observables[observable] === "number"))
      .map(({ name, observable, mark, group }) => ({
        name,
        mark,
        x: records.map((record) => record.time),
        y: records.map((record) => record.observables[observable] ?? null),
        ...(group === undefined ? {} : { group }),
      })),
  };
}
