import { type Command, InvalidArgumentError } from "commander";
import { invalidValue } from "../errors.ts";
import { formatTable } from "../report/index.ts";
import {
  findFolders,
  type Order,
  readCondition,
  readOrder,
  requireColumn,
  selectRows,
  sortRows,
} from "../sweeps/index.ts";
import { csvLine } from "../tables/index.ts";
import { cellText } from "./cell-text.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { type ListedRow, type Listing, pointListing, runListing, sweepListing } from "./listings.ts";
import { readColumns, readFolder } from "./options.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

interface ListFlags {
  readonly sort?: Order;
  readonly columns?: readonly string[];
  readonly json?: true;
  readonly csv?: true;
}

/** `meanfield ls`: the points of a sweep, or the sweeps and runs in a folder. */
export function addLsCommand(program: Command): void {
  program
    .command("ls")
    .description("list the points of a sweep, or the sweeps and runs in a folder")
    .argument("<folder>", "sweeps/<scenario>/<sweep-id>, or a folder of sweeps or runs", readFolder)
    .argument("[condition...]", 'rows to show, such as "firstLayerWidth>256", status=diverged or start~frames')
    .option("--sort <column>", "a column, the smallest first; -column for the largest first", readSort)
    .option("--columns <names>", "columns to show, such as dimension,seed,bottleneck.loss", readColumns)
    .option("--json", "print one JSON document on standard output, with all columns")
    .option("--csv", "print comma-separated values on standard output, with all columns unless --columns is given")
    .addHelpText(
      "after",
      examples(
        "ls sweeps",
        'ls sweeps/depth-separation/24805f5f4eab1e86 "firstLayerWidth>256" --sort -bottleneck.loss',
      ),
    )
    .action(ls);
}

function ls(folder: string, words: readonly string[], flags: ListFlags): void {
  const listings = listingsOf(folder);
  const isSelective = words.length > 0 || flags.sort !== undefined || flags.columns !== undefined || flags.csv === true;
  if (listings.length > 1 && isSelective) {
    const suggestion = "give a folder of one kind for conditions, --sort, --columns and --csv";
    throw invalidValue("folder", "a folder of sweeps or one of runs", folder, suggestion);
  }
  const chosen = listings.map((listing) => ({ listing, rows: chosenRows(listing, words, flags) }));
  if (flags.json === true) {
    const documents = chosen.map(({ listing: { noun, about }, rows }) => ({
      ...about,
      [noun]: rows.map(({ document }) => document),
    }));
    writeDocument(Object.assign({ status: "ok" }, ...documents));
  } else if (flags.csv === true) {
    for (const { listing, rows } of chosen) process.stdout.write(csvOf(rows, flags.columns ?? listing.columns));
  } else {
    const terminal = createTerminal();
    for (const { listing, rows } of chosen) tell(terminal, listing, rows, flags);
  }
}

function listingsOf(folder: string): readonly Listing[] {
  const { sweeps, runs } = findFolders(folder);
  if (sweeps[0] === folder) return [pointListing(folder)];
  return [
    ...(sweeps.length > 0 ? [sweepListing(folder, sweeps)] : []),
    ...(runs.length > 0 ? [runListing(folder, runs)] : []),
  ];
}

/** The rows that the command asks for, in its order. */
function chosenRows(
  { rows, columns }: Listing,
  words: readonly string[],
  { sort, columns: named = [] }: ListFlags,
): readonly ListedRow[] {
  for (const column of named) requireColumn("columns", column, columns);
  const cell = (row: ListedRow, column: string) => row.cell(column);
  const selected = selectRows(rows, words.map(readCondition), columns, cell);
  if (sort === undefined) return selected;
  return sortRows(selected, sort, columns, cell, (row) => row.isAside(sort.column));
}

function csvOf(rows: readonly ListedRow[], columns: readonly string[]): string {
  const lines = rows.map((row) => csvLine(columns.map((column) => row.cell(column))));
  return csvLine(columns) + lines.join("");
}

function tell(terminal: Terminal, listing: Listing, rows: readonly ListedRow[], { sort, columns }: ListFlags): void {
  const shown = [...(columns ?? listing.shown)];
  if (columns === undefined && sort !== undefined && !shown.includes(sort.column)) shown.push(sort.column);
  const table = {
    header: shown,
    rows: rows.map((row) => shown.map((column) => cellText(column, row.cell(column), listing.idLength))),
  };
  terminal.line(formatTable(table, terminal.width));
  terminal.line();
  terminal.line(`${rows.length} of ${listing.rows.length} ${listing.noun}`);
}

function readSort(text: string): Order {
  const order = readOrder(text);
  if (/^-|^$/.test(order.column)) throw new InvalidArgumentError("Expected a column, or -column.");
  return order;
}
