import { stripVTControlCharacters } from "node:util";
import { invalidValue } from "../errors.ts";

/** A table for terminals: columns are padded to their widest cell, two spaces apart; columns of numbers with a title are aligned right. */
export interface TextTable {
  /** One title a column; without any, the table has neither header nor rule. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const numeric = /^[-−(]?[\d∞.][\d.,e+\-−±×⁰¹²³⁴⁵⁶⁷⁸⁹⁻ ()[\]%]*$|^–$/;
/** The fewest characters that a column's texts are broken into. */
const leastWidth = 12;
const gap = "  ";

/**
 * The table's lines, header and a rule first, joined by newlines, no trailing spaces. In `width` characters (at least 26; default unbounded): the first
 * column's texts are broken at spaces, and columns that do not fit beside it follow below, each time after the first column.
 * Throws `invalid-value` if a row's length is not the header's.
 */
export function formatTable({ header, rows }: TextTable, width = Number.POSITIVE_INFINITY): string {
  for (const [index, row] of rows.entries()) {
    if (row.length !== header.length) throw invalidValue(`rows[${index}]`, `${header.length} cells`, row.length);
  }
  const natural = header.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, shownWidth(row[column])), shownWidth(title)),
  );
  const [first = 0, ...others] = natural.map((each, column) =>
    column === 0 ? each : Math.min(each, Math.max(leastWidth, width - leastWidth - gap.length)),
  );
  const space = others.reduce((sum, each) => sum + gap.length + each, 0);
  const least = Math.min(first, leastWidth);
  const fitsWhole = least + space <= width;
  const needed = fitsWhole ? space : gap.length + Math.max(0, ...others);
  const widest = fitsWhole ? width - needed : Math.min(width - needed, Math.floor(width * 0.45));
  const label = Math.max(least, Math.min(first, widest));
  const blocks: string[] = [];
  for (const columns of fitting(others, width - label)) {
    const chosen = [0, ...columns];
    const pick = (cells: readonly string[]) => chosen.map((column) => cells[column]);
    const widths = chosen.map((column) => (column === 0 ? label : others[column - 1]));
    // Where columns go below one another, a row that has nothing in these would only be a name.
    const shown =
      columns.length === others.length ? rows : rows.filter((row) => columns.some((each) => row[each] !== ""));
    blocks.push(block(pick(header), shown.map(pick), widths));
  }
  return blocks.join("\n\n");
}

/** The columns after the first, by their places in the table, in as many groups as it takes for each to fit into `width`. */
function fitting(widths: readonly number[], width: number): number[][] {
  const groups: number[][] = [[]];
  let used = 0;
  for (const [index, each] of widths.entries()) {
    if (used > 0 && used + gap.length + each > width) {
      groups.push([]);
      used = 0;
    }
    groups[groups.length - 1].push(index + 1);
    used += gap.length + each;
  }
  return groups;
}

function block(header: readonly string[], rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const right = header.map((title, column) => title !== "" && isMostlyNumeric(rows.map((row) => row[column])));
  const lines = (cells: readonly string[]) => {
    const broken = cells.map((cell, column) => brokenText(cell, widths[column]));
    const height = Math.max(...broken.map((parts) => parts.length));
    return Array.from({ length: height }, (_, line) =>
      broken
        .map((parts, column) => {
          const part = parts[line] ?? "";
          const space = " ".repeat(Math.max(0, widths[column] - shownWidth(part)));
          return right[column] ? space + part : part + space;
        })
        .join(gap)
        .trimEnd(),
    );
  };
  const rule = widths.map((width) => "─".repeat(width)).join(gap);
  const head = header.every((title) => title === "") ? [] : [...lines(header), rule];
  return [...head, ...rows.flatMap(lines)].join("\n");
}

/** Whether more than half of the cells that hold something hold numbers: a `no` among them is aligned with them. */
function isMostlyNumeric(cells: readonly string[]): boolean {
  const filled = cells.map(stripVTControlCharacters).filter((cell) => cell !== "");
  return filled.filter((cell) => numeric.test(cell)).length > filled.length / 2;
}

/** The text in lines of at most `width` characters, broken at spaces, and inside words that are longer. Text with colour codes stays whole. */
function brokenText(text: string, width: number): readonly string[] {
  if (shownWidth(text) <= width || stripVTControlCharacters(text) !== text) return [text];
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(" ").map((part) => Array.from(part))) {
    if (line.length > 0 && line.length + 1 + word.length > width) {
      lines.push(line.join(""));
      line = [];
    }
    if (line.length > 0) line.push(" ");
    line.push(...word);
    while (line.length > width) lines.push(line.splice(0, width).join(""));
  }
  return [...lines, line.join("")];
}

/** Columns a text takes on a terminal: code points, without colour codes. */
function shownWidth(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
