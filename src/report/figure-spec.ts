import type { TopLevelSpec } from "vega-lite";
import type { Figure, Series } from "../scenario/index.ts";
import { type ScaledAxis, scaledAxis } from "./axis.ts";
import {
  type Legend,
  type LegendEntry,
  layOutLegend,
  legendFontSize,
  lineHeight,
  swatchWidth,
  textStart,
} from "./legend.ts";
import { isEmpty, type PlottedPoint, plottedSeries } from "./plotted-series.ts";
import { predictionDash, type SeriesStyle, seriesStyles } from "./series-style.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** Size of a drawing in px; what the labels, title and legend take is added below and above the plot. */
export interface FigureSize {
  /** Of the whole drawing. */
  readonly width: number;
  /** Of the plot alone. */
  readonly plotHeight: number;
}

type LayerSpec = Extract<TopLevelSpec, { layer: readonly unknown[] }>["layer"][number];

const fontSize = 12;
const titleFontSize = 14;
/** Semibold letters are a tenth wider than the estimate for regular ones. */
const boldTitleSize = titleFontSize * 1.12;
const ink = "#1b1f24";
const softInk = "#5b636d";
const gridColour = "#e4e7eb";
/** The system's own sans-serif, the same in the plots and around them. */
export const fontStack =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

/**
 * The figure as a Vega-Lite specification. Every position that depends on the width of a text is settled here by estimate, so that the
 * drawing does not depend on the machine's fonts.
 */
export function figureSpec(figure: Figure, { width, plotHeight }: FigureSize): TopLevelSpec {
  const { points } = plottedSeries(figure);
  const x = scaledAxis(
    figure.x,
    shownX(figure, points),
    figure.series.some(({ mark }) => mark === "points") ? 0.04 : 0,
  );
  const y = scaledAxis(figure.y, shownY(figure, points), 0.05);
  const title = wrapText(figure.title, boldTitleSize, width - 24, 2);
  const yTitle = wrapText(figure.y.label, fontSize, plotHeight + 30, 2);
  const labelSpace = Math.max(...y.ticks.map(({ label }) => textWidth(label, fontSize)), 0);
  const left = Math.ceil(labelSpace) + 28 + yTitle.length * lineHeight;
  const right = 24;
  const top = 14 + title.length * 19 + 6;
  const plotWidth = width - left - right;
  const legend = layOutLegend(figure.series, width - 40);
  const bottom = 46 + (legend.entries.length === 0 ? 8 : legend.height + 24);
  const styles = seriesStyles(figure.series);
  const channels = {
    x: channel(x, {
      title: wrapText(figure.x.label, fontSize, plotWidth, 1)[0],
      titleX: plotWidth / 2,
      titleY: 38,
      titleAlign: "center",
      titleBaseline: "alphabetic",
    }),
    y: channel(y, {
      title: yTitle.length === 1 ? yTitle[0] : yTitle,
      titleX: -(left - 19),
      titleY: plotHeight / 2,
      titleAngle: -90,
      titleAlign: "center",
      titleBaseline: "alphabetic",
    }),
  };
  const isBare = points.every((list, index) => list.every((point) => isEmpty(point, figure.series[index])));
  const layers = [
    frame(channels),
    ...drawingOrder(figure.series).flatMap((index) =>
      seriesLayers(figure.series[index], points[index], styles[index], y, channels),
    ),
    ...titleLayers(title, left, top),
    ...legendLayers(legend, figure.series, styles, 20 - left, plotHeight + 46 + 14),
    ...(isBare
      ? [textLayer("No data to show", plotWidth / 2, plotHeight / 2, { align: "center", color: softInk })]
      : []),
  ];
  return {
    width: plotWidth,
    height: plotHeight,
    autosize: { type: "none" },
    padding: { left, right, top, bottom },
    background: "#ffffff",
    layer: layers as LayerSpec[],
    config: {
      aria: false,
      font: fontStack,
      customFormatTypes: false,
      view: { stroke: null },
      mark: { invalid: "break-paths-show-domains" },
      axis: {
        labelFontSize: fontSize,
        titleFontSize: fontSize,
        titleFontWeight: 500,
        labelColor: ink,
        titleColor: ink,
        tickColor: softInk,
        domainColor: softInk,
        gridColor: gridColour,
        tickSize: 5,
        labelPadding: 4,
        labelFlush: false,
        labelBound: false,
        labelOverlap: false,
        labelLimit: 0,
        titleLimit: 0,
        titleLineHeight: lineHeight,
      },
    },
  };
}

function shownX(figure: Figure, points: readonly (readonly PlottedPoint[])[]): number[] {
  return points.flatMap((list, index) =>
    list.filter((point) => !isEmpty(point, figure.series[index])).map((point) => point.x),
  );
}

function shownY(figure: Figure, points: readonly (readonly PlottedPoint[])[]): number[] {
  const centres: number[] = [];
  const lows: number[] = [];
  for (const [index, list] of points.entries()) {
    for (const point of list) {
      if (isEmpty(point, figure.series[index])) continue;
      if (point.y !== null) centres.push(point.y);
      if (point.high !== null) centres.push(point.high);
      if (point.low !== null && point.low !== Number.NEGATIVE_INFINITY) lows.push(point.low);
    }
  }
  if (figure.y.scale === "linear") return [...centres, ...lows];
  // A bar that nearly touches zero must not add decades to a log axis: it is cut a decade below the smallest value.
  const floor = centres.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY) / 10;
  return [...centres, ...lows.map((low) => Math.max(low, floor))].filter(
    (value) => value > 0 && Number.isFinite(value),
  );
}

function channel(axis: ScaledAxis, title: object): object {
  const labels = JSON.stringify(axis.ticks.map(({ label }) => label));
  const values = axis.ticks.map(({ value }) => value);
  return {
    type: "quantitative",
    scale: { type: axis.scale, domain: axis.domain, nice: false, zero: false },
    axis: { values, labelExpr: `${labels}[indexof(${JSON.stringify(values)}, datum.value)]`, ...title },
  };
}

/** The axes, drawn also when there is nothing between them. */
function frame({ x, y }: { readonly x: object; readonly y: object }): object {
  return {
    data: { values: [] },
    mark: { type: "point" },
    encoding: { x: { field: "x", ...x }, y: { field: "y", ...y } },
  };
}

/** Bands lie below lines, lines below predictions, points on top; in each class the figure's own order. */
function drawingOrder(series: readonly Series[]): number[] {
  const height = { band: 0, line: 1, dashed: 2, points: 3 };
  return series.map((_, index) => index).sort((a, b) => height[series[a].mark] - height[series[b].mark] || a - b);
}

function seriesLayers(
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
      mark: { type: "line", ...stroke(series, style) },
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

const bandOpacity = 0.2;

function stroke(series: Series, style: SeriesStyle): object {
  return series.mark === "dashed"
    ? { strokeWidth: 2, strokeDash: predictionDash, color: style.darkColour }
    : { strokeWidth: 2, strokeCap: "round", strokeJoin: "round", color: style.colour };
}

function clamp(value: number | null, { domain: [low, high] }: ScaledAxis): number | null {
  return value === null ? null : Math.min(Math.max(value, low), high);
}

function titleLayers(lines: readonly string[], left: number, top: number): object[] {
  return lines.map((line, index) =>
    textLayer(line, 12 - left, 12 + titleFontSize + index * 19 - top, { fontSize: titleFontSize, fontWeight: 600 }),
  );
}

function legendLayers(
  legend: Legend,
  series: readonly Series[],
  styles: readonly SeriesStyle[],
  left: number,
  top: number,
): object[] {
  return legend.entries.flatMap((entry) => [
    ...entry.series.map((index) => swatch(entry, series[index], styles[index], left, top)),
    ...entry.lines.map((line, row) =>
      textLayer(line, left + entry.left + textStart, top + entry.top + row * lineHeight + legendFontSize - 1, {}),
    ),
  ]);
}

function swatch(entry: LegendEntry, series: Series, style: SeriesStyle, left: number, top: number): object {
  const start = left + entry.left;
  const middle = top + entry.top + legendFontSize / 2 + 1;
  const one = { data: { values: [{}] } };
  if (series.mark === "points") {
    return {
      ...one,
      mark: { type: "point", shape: style.shape, filled: true, size: 46, opacity: 1, color: style.colour },
      encoding: { x: { value: start + swatchWidth / 2 }, y: { value: middle } },
    };
  }
  if (series.mark === "band") {
    return {
      ...one,
      mark: { type: "rect", color: style.colour, opacity: bandOpacity },
      encoding: {
        x: { value: start },
        x2: { value: start + swatchWidth },
        y: { value: middle - 6 },
        y2: { value: middle + 6 },
      },
    };
  }
  return {
    ...one,
    mark: { type: "rule", ...stroke(series, style) },
    encoding: { x: { value: start }, x2: { value: start + swatchWidth }, y: { value: middle } },
  };
}

function textLayer(text: string, x: number, y: number, style: object): object {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "alphabetic", fontSize, color: ink, ...style },
    encoding: { x: { value: x }, y: { value: y } },
  };
}
