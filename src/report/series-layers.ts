import type { Series } from "../scenario/index.ts";
import type { ScaledAxis } from "./axis.ts";
import type { PlottedPoint } from "./plotted-series.ts";
import { predictionDash, type SeriesStyle, targetDash } from "./series-style.ts";

/** Bands lie below lines, lines below predictions, points above them and dotted targets on top; in each class the figure's own order. */
export function drawingOrder(series: readonly Series[]): number[] {
  const height = { band: 0, line: 1, dashed: 2, points: 3, dotted: 4 };
  return series.map((_, index) => index).sort((a, b) => height[series[a].mark] - height[series[b].mark] || a - b);
}

/** One series as layers: band, error bars, line, marks. Its x and y go through the given channels, which all layers of a figure share. */
export function seriesLayers(
  series: Series,
  points: readonly PlottedPoint[],
  style: SeriesStyle,
  axis: ScaledAxis,
  channels: { readonly x: object; readonly y: object },
): object[] {
  const x = { field: "x", ...channels.x };
  const y = { field: "y", ...channels.y };
  const low = { field: "low", ...channels.y };
  const high = { field: "high" };
  const order = { field: "place", type: "quantitative" };
  const bounded = points
    .map((point, place) => ({ ...point, place }))
    .map((point) => ({ ...point, low: clamp(point.low, axis), high: clamp(point.high, axis) }));
  const hasBounds = bounded.some((point) => point.low !== null && point.high !== null);
  const band = {
    data: {
      values: bounded.map((point) =>
        point.low === null || point.high === null ? { ...point, low: null, high: null } : point,
      ),
    },
    mark: { type: "area", color: style.colour, opacity: bandOpacity },
    encoding: { x, y: low, y2: high },
  };
  if (series.mark === "band") return [band];
  if (series.mark === "points") {
    const shown = bounded.filter((point) => point.y !== null);
    const bars = shown.filter((point) => point.low !== null && point.high !== null);
    const caps = (field: string) => ({
      data: { values: bars },
      mark: { type: "point", shape: "stroke", size: 50, strokeWidth: 1.5, color: style.colour },
      encoding: { x, y: { ...y, field } },
    });
    return [
      ...(bars.length === 0
        ? []
        : [
            {
              data: { values: bars },
              mark: { type: "rule", strokeWidth: 1.5, color: style.colour },
              encoding: { x, y: low, y2: high },
            },
            caps("low"),
            caps("high"),
          ]),
      {
        data: { values: shown },
        mark: { type: "point", shape: style.shape, filled: true, size: 46, opacity: 1, color: style.colour },
        encoding: { x, y },
      },
    ];
  }
  // Between two gaps a line has no length: a dot keeps the point visible.
  const alone = bounded.filter(
    ({ y }, place) =>
      y !== null && (bounded[place - 1]?.y ?? null) === null && (bounded[place + 1]?.y ?? null) === null,
  );
  return [
    ...(hasBounds ? [band] : []),
    {
      data: { values: bounded },
      mark: { type: "line", ...lineStroke(series, style) },
      encoding: { x, y, order },
    },
    ...(alone.length === 0
      ? []
      : [
          {
            data: { values: alone },
            mark: { type: "point", filled: true, size: 14, opacity: 1, color: style.colour },
            encoding: { x, y },
          },
        ]),
  ];
}

/** Bands may lie over one another and over the grid. */
export const bandOpacity = 0.2;

/** How a line is stroked: targets dotted, predictions dashed and dark, everything else solid. */
export function lineStroke(series: Series, style: SeriesStyle): object {
  if (series.mark === "dotted") {
    return { strokeWidth: 2.5, strokeDash: targetDash, strokeCap: "round", color: style.colour };
  }
  return series.mark === "dashed"
    ? { strokeWidth: 2, strokeDash: predictionDash, color: style.darkColour }
    : { strokeWidth: 2, strokeCap: "round", strokeJoin: "round", color: style.colour };
}

function clamp(value: number | null, { domain: [low, high] }: ScaledAxis): number | null {
  return value === null ? null : Math.min(Math.max(value, low), high);
}
