import { stripVTControlCharacters } from "node:util";
import { invalidValue } from "../errors.ts";

/** A table for terminals: columns are padded to their widest cell, two spaces apart; columns of numbers are aligned right. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const numeric = /^[-−(]?[\d∞.][\d.,e+\-−±×⁰¹²³⁴⁵⁶⁷⁸⁹⁻ ()[\]%]*$|^–?$/;

/** The table's lines, header and a rule first, joined by newlines, no trailing spaces. Throws `invalid-value` if a row's length is not the header's. */
export function formatTable({ header, rows }: TextTable): string {
  for (const [index, row] of rows.entries()) {
    if (row.length !== header.length) throw invalidValue(`rows[${index}]`, `${header.length} cells`, row.length);
  }
  const widths = header.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column])].map(shownWidth)));
  const right = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => numeric.test(stripVTControlCharacters(row[column]))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const space = " ".repeat(widths[column] - shownWidth(cell));
        return right[column] ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(header), rule, ...rows.map(line)].join("\n");
}

/** Columns a text takes on a terminal: code points, without colour codes. */
function shownWidth(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
