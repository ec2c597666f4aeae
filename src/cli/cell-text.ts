import { formatDuration, formatNumber } from "../report/index.ts";
import type { Json } from "../scenario/index.ts";

/** A cell of a table for people: whole numbers with all their digits, results with four, times of the day in this machine's zone. */
export function cellText(column: string, cell: Json | undefined, idLength = 16): string {
  if (cell === undefined || cell === null) return "–";
  if (column === "id") return String(cell).slice(0, idLength);
  if (column === "seconds") return formatDuration(Number(cell));
  if (column === "started" || column === "changed") return clockText(String(cell));
  if (typeof cell === "number") return Number.isSafeInteger(cell) ? String(cell) : formatNumber(cell);
  return Array.isArray(cell) ? cell.join(",") : String(cell);
}

/** `2026-11-22 07:40`, as Swedes write it. */
function clockText(iso: string): string {
  return new Date(iso).toLocaleString("sv-SE").slice(0, 16);
}
