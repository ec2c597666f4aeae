import type { JsonObject } from "../scenario/index.ts";
import { type Html, html } from "./html.ts";
import { cellText } from "./summary-cell.ts";
import { type SummaryTable, type SummaryTitle, summaryLayout } from "./summary-layout.ts";
import { typesetText } from "./typeset.ts";

const mostRows = 200;

/** The headline and the summary's single values; null when there are none. */
export function resultSection(summary: JsonObject, headline: string): Html | null {
  const [first] = summaryLayout(summary, headline);
  if (first === undefined || !isValues(first)) return null;
  return html`<section aria-labelledby="result"><h2 id="result">Result</h2>
${tableHtml(first, "result")}</section>`;
}

/** Everything else in the summary, as tables; null when there is nothing else. */
export function summarySection(summary: JsonObject, headline: string): Html | null {
  const tables = summaryLayout(summary, headline).filter((table) => !isValues(table));
  if (tables.length === 0) return null;
  return html`<section aria-labelledby="summary"><h2 id="summary">Measured values</h2>
${tables.map((table, index) => {
  if (table.title === null) return tableHtml(table, "summary");
  const id = `summary-${index + 1}`;
  return html`<h3 id="${id}" title="${table.title.path}">${typesetText(table.title.text)}</h3>
${tableHtml(table, id)}`;
})}</section>`;
}

/** Only the first table of a layout has neither a title of its own nor titles of columns. */
function isValues({ title, columns }: SummaryTable): boolean {
  return title === null && columns.every(({ text }) => text === "");
}

function tableHtml({ columns, rows }: SummaryTable, label: string): Html {
  const shown = rows.slice(0, mostRows);
  const hasNames = shown.some(({ title }) => title !== null);
  const hasTitles = columns.some(({ text }) => text !== "");
  const isNumber = columns.map((_, column) => hasTitles && shown.every(({ cells }) => !isText(cells[column]?.value)));
  const kind = (column: number) => (isNumber[column] ? "number" : "");
  const head = html`<thead><tr>${hasNames ? html`<td></td>` : null}${columns.map(
    (title, column) => html`<th scope="col" class="${kind(column)}"${pathHint(title)}>${typesetText(title.text)}</th>`,
  )}</tr></thead>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${label}"><table>${hasTitles ? head : null}<tbody>${shown.map(
    ({ title, cells, isHeadline }) => html`
<tr class="${isHeadline ? "headline" : ""}">${title === null ? null : html`<th scope="row"${pathHint(title)}>${typesetText(title.text)}</th>`}${cells.map(
      (cell, column) =>
        html`<td class="${kind(column)}">${cell === null ? null : (cellText(cell, "typeset") ?? "")}</td>`,
    )}</tr>`,
  )}</tbody></table></div>${cutNote(rows.length)}`;
}

/** The place in result.json, for those who will read it by a program. */
function pathHint({ path }: SummaryTitle): Html {
  return html` title="${path}"`;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function cutNote(rows: number): Html | null {
  if (rows <= mostRows) return null;
  return html`<p class="soft small">The first ${mostRows} of ${rows}; the others are in result.json.</p>`;
}
