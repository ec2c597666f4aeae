import type { TopLevelSpec } from "vega-lite";
import type { Figure } from "../scenario/index.ts";
import { type ScaledAxis, scaledAxis } from "./axis.ts";
import { fontSize, fontStack, gridColour, ink, lineHeight, softInk } from "./drawing-style.ts";
import { layOutLegend } from "./legend.ts";
import { legendLayers } from "./legend-layers.ts";
import { isEmpty, type PlottedPoint, plottedSeries } from "./plotted-series.ts";
import { drawingOrder, seriesLayers } from "./series-layers.ts";
import { seriesStyles } from "./series-style.ts";
import { textLayer } from "./text-layer.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** Size of a drawing in px; what the labels, title and legend take is added below and above the plot. */
export interface FigureSize {
  /** Of the whole drawing. */
  readonly width: number;
  /** Of the plot alone. */
  readonly plotHeight: number;
}

type LayerSpec = Extract<TopLevelSpec, { layer: readonly unknown[] }>["layer"][number];

const titleFontSize = 14;
/** Semibold letters are a tenth wider than the estimate for regular ones. */
const boldTitleSize = titleFontSize * 1.12;

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
  const labelled = axis.ticks.map(({ value }) => value);
  const place = `indexof(${JSON.stringify(labelled)}, datum.value)`;
  const minor = (whereMinor: number, elsewhere: number) => ({
    condition: { test: `${place} < 0`, value: whereMinor },
    value: elsewhere,
  });
  return {
    type: "quantitative",
    scale: { type: axis.scale, domain: axis.domain, nice: false, zero: false },
    axis: {
      values: [...labelled, ...axis.minorTicks],
      labelExpr: `${place} < 0 ? "" : ${labels}[${place}]`,
      ...(axis.minorTicks.length === 0 ? {} : { tickSize: minor(3, 5), gridOpacity: minor(0, 1) }),
      ...title,
    },
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

function titleLayers(lines: readonly string[], left: number, top: number): object[] {
  return lines.map((line, index) =>
    textLayer(line, 12 - left, 12 + titleFontSize + index * 19 - top, { fontSize: titleFontSize, fontWeight: 600 }),
  );
}
