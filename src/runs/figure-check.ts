import { invalidValue } from "../errors.ts";
import type { Figure, Series } from "../scenario/index.ts";
import { canonicalJson } from "./canonical-json.ts";

/** Throws `invalid-value` or `not-finite` unless every figure can be drawn: names fit for files, columns of one length, finite numbers or, except for x, null. */
export function checkFigures(figures: readonly Figure[]): void {
  canonicalJson(figures, "figures");
  const seen = new Set<string>();
  for (const [index, { id, series }] of figures.entries()) {
    const path = `figures[${index}]`;
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
      throw invalidValue(`${path}.id`, "lower case letters, digits and hyphens", id);
    if (seen.has(id)) throw invalidValue(`${path}.id`, "an id used once", id);
    seen.add(id);
    for (const [place, one] of series.entries()) checkSeries(`${path}.series[${place}]`, one);
  }
}

function checkSeries(path: string, { x, y, low, high }: Series): void {
  for (const [index, value] of x.entries()) {
    if (typeof value !== "number")
      throw invalidValue(`${path}.x[${index}]`, "a number; only y, low and high may be null", value);
  }
  for (const [name, column] of Object.entries({ y, low, high })) {
    if (column !== undefined && column.length !== x.length) {
      throw invalidValue(`${path}.${name}`, `${x.length} numbers, as many as x`, column.length);
    }
  }
}
