import type { Series } from "../scenario/index.ts";
import { lineHeight } from "./drawing-style.ts";
import { groupOf } from "./series-style.ts";
import { textWidth, wrapText } from "./text-width.ts";

/** One line of the legend: the series it stands for, and where it goes, in px from the legend's upper left corner. */
export interface LegendEntry {
  /** Indices of the series drawn in its swatch: a curve and the band of the same name and group share an entry. */
  readonly series: readonly number[];
  readonly lines: readonly string[];
  readonly left: number;
  readonly top: number;
}

export interface Legend {
  readonly entries: readonly LegendEntry[];
  readonly height: number;
}

export const legendFontSize = 12;
export const swatchWidth = 26;
const swatchGap = 7;
const columnGap = 22;
const rowGap = 4;
const mostColumns = 4;

/** A legend below the plot, in columns of equal width read row by row; names take at most two lines. */
export function layOutLegend(series: readonly Series[], width: number): Legend {
  const merged = new Map<string, number[]>();
  for (const [index, one] of series.entries()) {
    const key = JSON.stringify([one.name, groupOf(one)]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, [index]);
    else known.push(index);
  }
  const members = [...merged.values()];
  if (members.length === 0) return { entries: [], height: 0 };
  const names = members.map((indices) => series[indices[0]].name);
  const longest = Math.max(...names.map((name) => textWidth(name, legendFontSize)));
  const columns = Math.max(
    1,
    Math.min(
      mostColumns,
      members.length,
      Math.floor((width + columnGap) / (swatchWidth + swatchGap + longest + columnGap)),
    ),
  );
  const columnWidth = columns === 1 ? width : swatchWidth + swatchGap + longest + columnGap;
  const textSpace = columnWidth - swatchWidth - swatchGap - (columns === 1 ? 0 : columnGap) + 0.01;
  const entries: LegendEntry[] = [];
  let top = 0;
  for (let row = 0; row * columns < members.length; row += 1) {
    let tallest = 1;
    for (const [column, indices] of members.slice(row * columns, (row + 1) * columns).entries()) {
      const lines = wrapText(series[indices[0]].name, legendFontSize, textSpace, 2);
      tallest = Math.max(tallest, lines.length);
      entries.push({ series: indices, lines, left: Math.round(column * columnWidth), top });
    }
    top += tallest * lineHeight + rowGap;
  }
  return { entries, height: top - rowGap };
}

/** Where an entry's text starts, in px right of its swatch's start. */
export const textStart = swatchWidth + swatchGap;
