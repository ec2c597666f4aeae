import type { Table } from "./table.ts";
import { writeInPieces } from "./write-file.ts";

/** Writes a table as comma-separated values (see `csvPieces`); the file is there completely or not at all. Returns the number of rows. Throws `file-failed`. */
export function writeCsv(path: string, table: Table): number {
  let count = 0;
  const counted = {
    columns: table.columns,
    *rows() {
      for (const row of table.rows()) {
        count += 1;
        yield row;
      }
    },
  };
  writeInPieces(path, (write) => {
    for (const piece of csvPieces(counted)) write(Buffer.from(piece));
  });
  return count;
}

/**
 * Comma-separated values after RFC 4180, header first, in pieces of many lines: texts in quotes where they need them, empty where there is no value, numbers
 * with all their digits.
 */
export function* csvPieces({ columns, rows }: Table): Iterable<string> {
  let piece = csvLine(columns.map(({ name }) => name));
  for (const row of rows()) {
    piece += csvLine(row);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** Characters after which a piece is handed on. */
const pieceLength = 65_536;

/** One line of comma-separated values; lists and objects as JSON. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(field).join(",")}\r\n`;
}

function field(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
