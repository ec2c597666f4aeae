import { existsSync } from "node:fs";
import type { Command } from "commander";
import { invalidValue } from "../errors.ts";
import { formatTable } from "../report/index.ts";
import type { Json } from "../scenario/index.ts";
import { pointTable, readTableSource, recordTable } from "../sweeps/index.ts";
import { csvLine, type QueryResult, queryTables } from "../tables/index.ts";
import { cellText } from "./cell-text.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { createTerminal } from "./terminal.ts";

interface QueryFlags {
  readonly json?: true;
  readonly csv?: true;
}

/** `meanfield query`: SQL over results. */
export function addQueryCommand(program: Command): void {
  program
    .command("query")
    .description("ask SQL of the tables points and records of sweeps and runs, by DuckDB")
    .argument("<folder>", "sweeps/<scenario>/<sweep-id>, or a folder of sweeps or runs")
    .argument("<words...>", 'further folders, and last the SQL, such as "SELECT seed, loss FROM points"')
    .option("--json", "print one JSON document on standard output")
    .option("--csv", "print comma-separated values on standard output")
    .addHelpText(
      "after",
      examples(
        'query sweeps/depth-separation/24805f5f4eab1e86 "DESCRIBE points"',
        'query sweeps "SELECT scenario, count(*) FROM points GROUP BY scenario"',
      ),
    )
    .action(query);
}

async function query(folder: string, words: readonly string[], { json, csv }: QueryFlags): Promise<void> {
  const folders = [folder, ...words.slice(0, -1)];
  const sql = words[words.length - 1];
  if (existsSync(sql)) {
    throw invalidValue("sql", "SQL after the folders, such as 'SELECT * FROM points'", null, "put it between quotes");
  }
  const source = readTableSource(folders);
  const tables = { points: () => pointTable(source), records: () => recordTable(source) };
  const result = await queryTables(tables, sql);
  if (json === true) writeDocument({ status: "ok", columns: result.columns, rows: objects(result) });
  else if (csv === true) {
    process.stdout.write(csvLine(result.columns.map(({ name }) => name)));
    for (const row of result.rows) process.stdout.write(csvLine(row));
  } else {
    const terminal = createTerminal();
    const header = result.columns.map(({ name }) => name);
    const rows = result.rows.map((row) => row.map((cell, place) => cellText(header[place], cell as Json)));
    terminal.line(formatTable({ header, rows }, terminal.width));
    terminal.line();
    terminal.line(`${rows.length} ${rows.length === 1 ? "row" : "rows"}`);
  }
}

function objects({ columns, rows }: QueryResult): readonly object[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]])));
}
