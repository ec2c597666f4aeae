import type { Axis, Figure, Series } from "../scenario/index.ts";

/** A point ready to be drawn; a null `y` is a gap in the line. */
export interface PlottedPoint {
  readonly x: number;
  readonly y: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What of a figure can be drawn, and what the reader must be told about the rest. */
export interface PlottedSeries {
  /** In the order of the figure's series. */
  readonly points: readonly (readonly PlottedPoint[])[];
  /** Sentences for the caption: what was left out, and why. */
  readonly notes: readonly string[];
}

/** Drops what an axis cannot show: values that are missing, not finite, or not positive on a log axis. */
export function plottedSeries(figure: Figure): PlottedSeries {
  let beyondX = 0;
  let beyondY = 0;
  let missing = 0;
  const points = figure.series.map((series, place) => {
    // Points and the line that joins them are one thing to the reader.
    const isTold = figure.series.slice(0, place).some((other) => isSameData(other, series));
    const kept: PlottedPoint[] = [];
    for (let index = 0; index < series.x.length; index += 1) {
      const x = series.x[index];
      const y = series.y[index];
      if (isFiniteNumber(x) && !isShown(figure.x, x)) {
        if (!isTold) beyondX += 1;
        continue;
      }
      if (!isFiniteNumber(x)) {
        if (!isTold) missing += 1;
        continue;
      }
      const point = plottedPoint(figure.y, series, index);
      if (isEmpty(point, series) && !isTold) {
        if (isFiniteNumber(y)) beyondY += 1;
        else missing += 1;
      }
      kept.push(point);
    }
    return kept;
  });
  const notes = [
    ...leftOut(beyondX, figure.x),
    ...leftOut(beyondY, figure.y),
    ...(missing === 0
      ? []
      : [`${counted(missing, "value that was", "values that were")} not measured or not finite left a gap.`]),
  ];
  return { points, notes };
}

function isSameData(one: Series, other: Series): boolean {
  if (one.name !== other.name || one.group !== other.group) return false;
  return JSON.stringify([one.x, one.y]) === JSON.stringify([other.x, other.y]);
}

function plottedPoint(axis: Axis, series: Series, index: number): PlottedPoint {
  const shown = (value: number | null | undefined) => (isFiniteNumber(value) && isShown(axis, value) ? value : null);
  const low = series.low?.[index];
  return {
    x: series.x[index],
    y: shown(series.y[index]),
    // A bound at or below zero on a log axis is drawn down to the axis: half a bar would look like a smaller error.
    low: isFiniteNumber(low) && !isShown(axis, low) ? Number.NEGATIVE_INFINITY : shown(low),
    high: shown(series.high?.[index]),
  };
}

/** Whether nothing of the point appears: a band needs both bounds, every other mark its value. */
export function isEmpty(point: PlottedPoint, series: Series): boolean {
  return series.mark === "band" ? point.low === null || point.high === null : point.y === null;
}

function isShown(axis: Axis, value: number): boolean {
  return axis.scale === "linear" || value > 0;
}

/** JSON turns NaN and infinities into null: what comes from a file need not be the number its type says. */
function isFiniteNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function leftOut(count: number, axis: Axis): string[] {
  if (count === 0) return [];
  return [`${counted(count, "point", "points")} with ${axis.label} ≤ 0 cannot be shown on a logarithmic axis.`];
}

function counted(count: number, singular: string, plural: string): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
