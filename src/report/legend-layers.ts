import type { Series } from "../scenario/index.ts";
import { lineHeight } from "./drawing-style.ts";
import { type Legend, type LegendEntry, legendFontSize, swatchWidth, textStart } from "./legend.ts";
import { bandOpacity, lineStroke } from "./series-layers.ts";
import type { SeriesStyle } from "./series-style.ts";
import { textLayer } from "./text-layer.ts";

/** The legend's swatches and names; `left` and `top` are its corner in px from the plot's upper left one. */
export function legendLayers(
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
    mark: { type: "rule", ...lineStroke(series, style) },
    encoding: { x: { value: start }, x2: { value: start + swatchWidth }, y: { value: middle } },
  };
}
