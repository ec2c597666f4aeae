import { cellText, formatTable, type SummaryTable, summaryLayout } from "../report/index.ts";
import type { JsonObject } from "../scenario/index.ts";
import type { Terminal } from "./terminal.ts";

/** Most rows shown of a list; the report has the others. */
const mostRows = 20;

/** Tells a run's summary as tables that fit the terminal, the headline first. */
export function tellSummary(terminal: Terminal, summary: JsonObject, headline: string): void {
  for (const { title, columns, rows } of summaryLayout(summary, headline)) {
    if (title !== null) terminal.line(terminal.style("bold", title.text));
    const shown = rows.slice(0, mostRowsOf(rows));
    const hasNames = shown.some((row) => row.title !== null);
    const table = formatTable(
      {
        header: [...(hasNames ? [""] : []), ...columns.map(({ text }) => text)],
        rows: shown.map((row) => [
          ...(hasNames ? [row.title?.text ?? ""] : []),
          ...row.cells.map((cell) => (cell === null ? "" : (cellText(cell, "plain") ?? ""))),
        ]),
      },
      terminal.width,
    );
    const [first, ...rest] = table.split("\n");
    terminal.line(shown[0]?.isHeadline === true ? terminal.style("bold", first) : first);
    for (const line of rest) terminal.line(line);
    if (shown.length < rows.length) terminal.line(`... ${rows.length - shown.length} more rows in the report`);
    terminal.line();
  }
}

/** Only lists, whose rows have no names, are cut. */
function mostRowsOf(rows: SummaryTable["rows"]): number {
  return rows.every(({ title }) => title === null) ? mostRows : rows.length;
}
