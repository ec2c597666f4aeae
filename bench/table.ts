/** A table that can be printed while its rows come, and written as Markdown at the end. */
export interface Column<Row> {
  readonly heading: string;
  readonly width: number;
  /** @default "right" */
  readonly align?: "left" | "right";
  text(row: Row): string;
}

/** A line of text with the columns at their widths; `row` null for the headings. */
export function tableLine<Row>(columns: readonly Column<Row>[], row: Row | null): string {
  return columns
    .map(({ heading, width, align, text }) => {
      const cell = row === null ? heading : text(row);
      return align === "left" ? cell.padEnd(width) : cell.padStart(width);
    })
    .join("  ")
    .trimEnd();
}

export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ heading }) => heading)),
    line(columns.map(({ align }) => (align === "left" ? ":--" : "--:"))),
    ...rows.map((row) => line(columns.map(({ text }) => text(row)))),
  ].join("\n");
}

/** Three significant digits without an exponent; a dash for null. */
export function significant(value: number | null): string {
  if (value === null) return "-";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}

export function percent(fraction: number | null): string {
  return fraction === null ? "-" : `${significant(100 * fraction)} %`;
}
