import type { Json } from "../scenario/index.ts";

/** Comma-separated values after RFC 4180, header first: texts in quotes where they need them, empty where there is no value. */
export function csvText(columns: readonly string[], rows: readonly (readonly (Json | undefined)[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
