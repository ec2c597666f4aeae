import { join } from "node:path";
import type { Command } from "commander";
import { invalidValue } from "../errors.ts";
import { pointTable, readTableSource, recordTable } from "../sweeps/index.ts";
import { csvPieces, type Table, writeCsv, writeParquet } from "../tables/index.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { readFolder } from "./options.ts";
import { createTerminal } from "./terminal.ts";

interface ExportFlags {
  readonly parquet?: true;
  readonly csv?: true;
  readonly records?: true;
  readonly out?: string;
  readonly json?: true;
}

/** `meanfield export`: results as one table for other programs. */
export function addExportCommand(program: Command): void {
  program
    .command("export")
    .description("write the results of a sweep, or of a folder of sweeps or runs, as one table")
    .argument("<folder>", "sweeps/<scenario>/<sweep-id>, or a folder of sweeps or runs", readFolder)
    .option("--parquet", "as a Parquet file")
    .option("--csv", "as comma-separated values, on standard output unless --out is given")
    .option("--records", "one row a record of each run, instead of one row a run")
    .option("--out <file>", "file to write (default: points.parquet or records.parquet in the folder)", readFolder)
    .option("--json", "print one JSON document on standard output")
    .addHelpText(
      "after",
      examples(
        "export sweeps/depth-separation/24805f5f4eab1e86 --parquet --records",
        "export sweeps --csv --out points.csv",
      ),
    )
    .action(exportTable);
}

async function exportTable(folder: string, flags: ExportFlags): Promise<void> {
  const format = formatOf(flags);
  const source = readTableSource([folder]);
  const table = flags.records === true ? recordTable(source) : pointTable(source);
  const name = flags.records === true ? "records" : "points";
  if (format === "csv" && flags.out === undefined) {
    if (flags.json === true) throw invalidValue("out", "a file beside --json", null, "both go to standard output");
    await writeOut(table);
    return;
  }
  const path = flags.out ?? join(folder, `${name}.parquet`);
  const rows = format === "csv" ? writeCsv(path, table) : await writeParquet(path, table);
  createTerminal().line(`${path}: ${rows} ${name}, ${table.columns.length} columns`);
  if (flags.json === true)
    writeDocument({ status: "ok", dir: folder, file: path, format, rows, columns: table.columns });
}

function formatOf({ parquet, csv, out }: ExportFlags): "parquet" | "csv" {
  if (parquet === true && csv === true) throw invalidValue("format", "one of --parquet and --csv", "both");
  if (parquet === true) return "parquet";
  if (csv === true) return "csv";
  if (out?.endsWith(".parquet")) return "parquet";
  if (out?.endsWith(".csv")) return "csv";
  const suggestion = "a file given by --out tells by its ending, .parquet or .csv";
  throw invalidValue("format", "--parquet or --csv", null, suggestion);
}

/** Waits for the reader, so that a table larger than memory can pass. */
async function writeOut(table: Table): Promise<void> {
  const { stdout } = process;
  for (const piece of csvPieces(table)) {
    if (stdout.destroyed) return;
    if (!stdout.write(piece)) await drained();
  }
}

/** Resolves when standard output takes more, or its reader has gone. */
function drained(): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ["drain", "close", "error"]) stdout.removeListener(event, done);
      resolve();
    };
    for (const event of ["drain", "close", "error"]) stdout.once(event, done);
  });
}
