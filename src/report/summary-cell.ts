import type { Json, JsonObject } from "../scenario/index.ts";
import { formatInterval, formatMeasured, formatNumber, type NumberStyle } from "./number.ts";
import { typesetText } from "./typeset.ts";

/** One entry of a summary: its value, with its standard error where `x` comes with `xError`. */
export interface SummaryCell {
  readonly value: Json;
  readonly error: number | null;
}

export interface SummaryEntry extends SummaryCell {
  readonly key: string;
}

/** The object's entries in its order; a number `x` takes the entry `xError` beside it as its error. */
export function entriesOf(object: JsonObject): SummaryEntry[] {
  const isNumeric = (key: string) =>
    Object.hasOwn(object, key) && (object[key] === null || typeof object[key] === "number");
  const isErrorOf = (key: string) =>
    key.endsWith("Error") && isNumeric(key) && isNumeric(key.slice(0, -"Error".length));
  return Object.entries(object)
    .filter(([key]) => !isErrorOf(key))
    .map(([key, value]) => ({
      key,
      value,
      error: isErrorOf(`${key}Error`) ? (object[`${key}Error`] as number | null) : null,
    }));
}

/** Most elements of a list that one cell shows. */
const mostListed = { plain: 6, typeset: 24 } as const;

/** A cell's text; null for objects and lists of them, which take more than a cell. */
export function cellText({ value, error }: SummaryCell, style: NumberStyle): string | null {
  if (error !== null && typeof value === "number") return formatMeasured(value, error, style);
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value, style === "plain" ? 4 : 5, style);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return style === "plain" ? value : typesetText(value);
  return isList(value) ? listText(value, style) : measuredText(value as JsonObject, style);
}

function listText(values: readonly Json[], style: NumberStyle): string | null {
  if (values.length === 0) return "empty";
  const shown: string[] = [];
  for (const value of values) {
    const text = isList(value) ? null : cellText({ value, error: null }, style);
    if (text === null) return null;
    if (shown.length < mostListed[style]) shown.push(text);
  }
  return shown.length < values.length ? `${shown.join(", ")}, … (${values.length} values)` : shown.join(", ");
}

/** `{ value, error }`, `{ value, low, high }` or `{ value, error, low, high }` as text; null for everything else. */
function measuredText(object: JsonObject, style: NumberStyle): string | null {
  const keys = Object.keys(object);
  const isNumeric = (key: string) => object[key] === null || typeof object[key] === "number";
  if (!("value" in object) || keys.length < 2) return null;
  if (!keys.every((key) => ["value", "error", "low", "high"].includes(key) && isNumeric(key))) return null;
  const number = (key: string) => (object[key] ?? null) as number | null;
  if ("low" in object || "high" in object) return formatInterval(number("value"), number("low"), number("high"), style);
  return formatMeasured(number("value"), number("error"), style);
}

/** Whether a JSON value is a list; `Array.isArray` does not tell read-only lists from objects. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
