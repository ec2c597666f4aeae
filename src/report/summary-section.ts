import type { Json, JsonObject } from "../scenario/index.ts";
import { type Html, html } from "./html.ts";
import { formatInterval, formatMeasured, formatNumber } from "./number.ts";
import { typesetText } from "./typeset.ts";

const mostHeadlines = 12;
const mostRows = 200;
const mostListed = 24;

/** The summary's single numbers, by dotted path, shallow ones first: what a reader looks for. Null when there are none. */
export function headlineSection(summary: JsonObject): Html | null {
  const found = singleValues(summary, "");
  if (found.length === 0) return null;
  const shown = found.sort((a, b) => a.depth - b.depth).slice(0, mostHeadlines);
  return html`<section aria-labelledby="result"><h2 id="result">Result</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="result"><table><tbody>${shown.map(
    ({ path, value }) => html`
<tr><th scope="row"><code>${path}</code></th><td>${value}</td></tr>`,
  )}</tbody></table></div></section>`;
}

/** The whole summary, nested as it is; lists of like objects become tables. Null when the headline has shown all of it. */
export function summarySection(summary: JsonObject): Html | null {
  const entries = entriesOf(summary);
  if (entries.length <= mostHeadlines && entries.every(({ value }) => isHeadline(value))) return null;
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary in full</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="summary">${jsonValue(summary)}</div></section>`;
}

/** Any JSON value as a person reads it: `{ value, error }` as one measured number, like objects as a table. */
export function jsonValue(value: Json): Html {
  const single = singleValue(value);
  if (single !== null) return html`${single}`;
  if (isList(value)) return list(value);
  const entries = entriesOf(value as JsonObject);
  if (entries.length >= 2 && entries.every(({ value: each }) => isFlatObject(each))) {
    return grid(
      entries.map(({ key }) => key),
      entries.map(({ value: each }) => each as JsonObject),
    );
  }
  return html`<table><tbody>${entries.map(
    (entry) => html`
<tr><th scope="row"><code>${entry.key}</code></th><td>${entryValue(entry)}</td></tr>`,
  )}</tbody></table>`;
}

function list(values: readonly Json[]): Html {
  if (values.length === 0) return html`<span class="soft">empty</span>`;
  if (values.every(isFlatObject)) return grid(null, values as readonly JsonObject[]);
  const singles = values.map(singleValue);
  if (singles.every((single) => single !== null)) {
    const shown = singles.slice(0, mostListed).join(", ");
    return html`${values.length > mostListed ? `${shown}, … (${values.length} values)` : shown}`;
  }
  return html`<ol>${values.slice(0, mostRows).map((value) => html`<li>${jsonValue(value)}</li>`)}</ol>${cutNote(values.length)}`;
}

function grid(names: readonly string[] | null, rows: readonly JsonObject[]): Html {
  const entries = rows.slice(0, mostRows).map((row) => entriesOf(row));
  const columns = [...new Set(entries.flatMap((row) => row.map(({ key }) => key)))];
  const isNumber = (key: string) =>
    entries.every((row) => row.every((entry) => entry.key !== key || typeof entry.value !== "string"));
  return html`<div class="scroll"><table><thead><tr>${names === null ? null : html`<td></td>`}${columns.map(
    (key) => html`<th scope="col" class="${isNumber(key) ? "number" : ""}"><code>${key}</code></th>`,
  )}</tr></thead><tbody>${entries.map(
    (row, index) => html`
<tr>${names === null ? null : html`<th scope="row"><code>${names[index]}</code></th>`}${columns.map((key) => {
      const entry = row.find((each) => each.key === key);
      return html`<td class="${isNumber(key) ? "number" : ""}">${entry === undefined ? null : entryValue(entry)}</td>`;
    })}</tr>`,
  )}</tbody></table></div>${cutNote(rows.length)}`;
}

function cutNote(rows: number): Html | null {
  if (rows <= mostRows) return null;
  return html`<p class="soft small">The first ${mostRows} of ${rows}; the others are in result.json.</p>`;
}

interface Entry {
  readonly key: string;
  readonly value: Json;
  /** The value of `<key>Error`, if there is one. */
  readonly error: number | null;
}

/** The object's entries, each with its standard error where a number `x` comes with `xError`. */
function entriesOf(object: JsonObject): Entry[] {
  const isErrorOf = (key: string) =>
    key.endsWith("Error") &&
    typeof object[key] === "number" &&
    typeof object[key.slice(0, -"Error".length)] === "number";
  return Object.entries(object)
    .filter(([key]) => !isErrorOf(key))
    .map(([key, value]) => ({
      key,
      value,
      error: isErrorOf(`${key}Error`) ? (object[`${key}Error`] as number) : null,
    }));
}

function entryValue({ value, error }: Entry): Html {
  return error === null ? jsonValue(value) : html`${formatMeasured(value as number, error, "typeset")}`;
}

function singleValues(object: JsonObject, prefix: string): { path: string; value: Html; depth: number }[] {
  const depth = prefix.split(".").length;
  return entriesOf(object).flatMap((entry) => {
    const path = `${prefix}${entry.key}`;
    const { value } = entry;
    if (isHeadline(value)) return [{ path, value: entryValue(entry), depth }];
    if (typeof value === "object" && value !== null && !isList(value) && depth < 3)
      return singleValues(value as JsonObject, `${path}.`);
    return [];
  });
}

function isHeadline(value: Json): boolean {
  return typeof value === "number" || measured(value) !== null;
}

/** The text of a value that takes one cell; null for lists and objects. */
function singleValue(value: Json): string | null {
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value, 5, "typeset");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return typesetText(value);
  return measured(value);
}

/** `{ value, error }`, `{ value, low, high }` or `{ value, error, low, high }` as text; null for everything else. */
function measured(value: Json): string | null {
  if (typeof value !== "object" || value === null || isList(value)) return null;
  const object = value as JsonObject;
  const keys = Object.keys(object);
  const isNumeric = (key: string) => object[key] === null || typeof object[key] === "number";
  if (!("value" in object) || keys.length < 2) return null;
  if (!keys.every((key) => ["value", "error", "low", "high"].includes(key) && isNumeric(key))) return null;
  const number = (key: string) => (object[key] ?? null) as number | null;
  if ("low" in object || "high" in object)
    return formatInterval(number("value"), number("low"), number("high"), "typeset");
  return formatMeasured(number("value"), number("error"), "typeset");
}

function isFlatObject(value: Json): boolean {
  if (typeof value !== "object" || value === null || isList(value) || measured(value) !== null) return false;
  const values = Object.values(value);
  return values.length > 0 && values.every((each) => singleValue(each) !== null);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
