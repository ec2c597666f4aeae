import type { Command } from "commander";
import { formatDuration, formatNumber, formatTable } from "../report/index.ts";
import {
  cellOf,
  columnsOf,
  headlineColumn,
  readCondition,
  readSweep,
  type SweepRow,
  selectRows,
  sortRows,
  sweepRows,
  variedNames,
} from "../sweeps/index.ts";
import { csvText } from "./csv.ts";
import { writeDocument } from "./documents.ts";
import { readFolder } from "./options.ts";
import { createTerminal } from "./terminal.ts";

interface ListFlags {
  readonly sort?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** `meanfield ls`: the points of a sweep. */
export function addLsCommand(program: Command): void {
  program
    .command("ls")
    .description("list the points of a sweep")
    .argument("<folder>", "a sweep folder, sweeps/<scenario>/<sweep-id>", readFolder)
    .argument("[condition...]", 'points to show, such as "firstLayerWidth>256" or status=diverged')
    .option("--sort <column>", "a swept parameter, seconds, status, or a path into the summary")
    .option("--json", "print one JSON document on standard output, with all columns")
    .option("--csv", "print comma-separated values on standard output, with all columns")
    .action(ls);
}

function ls(folder: string, words: readonly string[], flags: ListFlags): void {
  const sweep = readSweep(folder);
  const all = sweepRows(sweep);
  const columns = columnsOf(all);
  const selected = selectRows(all, words.map(readCondition), columns);
  const rows = flags.sort === undefined ? selected : sortRows(selected, flags.sort, columns);
  if (flags.json === true) {
    writeDocument({ status: "ok", scenario: sweep.plan.scenario, id: sweep.plan.id, dir: sweep.dir, points: rows });
    return;
  }
  if (flags.csv === true) {
    process.stdout.write(
      csvText(
        columns,
        rows.map((row) => columns.map((column) => cellOf(row, column))),
      ),
    );
    return;
  }
  const terminal = createTerminal();
  const shown = [...new Set([...variedNames(sweep), "seed", "status", "seconds", headlineColumn(sweep.plan, columns)])];
  if (flags.sort !== undefined && !shown.includes(flags.sort)) shown.push(flags.sort);
  const table = {
    header: ["id", ...shown],
    rows: rows.map((row) => [row.id.slice(0, 8), ...shown.map((each) => text(row, each))]),
  };
  terminal.line(formatTable(table, terminal.width));
  terminal.line();
  terminal.line(`${rows.length} of ${all.length} points`);
}

function text(row: SweepRow, column: string): string {
  const cell = cellOf(row, column);
  if (cell === undefined || cell === null) return "–";
  if (column === "seconds") return formatDuration(Number(cell));
  return typeof cell === "number" ? formatNumber(cell) : String(cell);
}
