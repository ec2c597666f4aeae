import type { Json } from "../scenario/index.ts";
import {
  cellOf,
  columnsOf,
  headlineColumn,
  isAside,
  type ListedSweep,
  listSweeps,
  readSweep,
  runRows,
  type SweepRow,
  sweepRows,
  variedNames,
} from "../sweeps/index.ts";

/** What `meanfield ls` lists: rows of one kind. */
export interface Listing {
  readonly noun: "points" | "sweeps" | "runs";
  readonly rows: readonly ListedRow[];
  readonly columns: readonly string[];
  /** The columns for people, unless they choose. */
  readonly shown: readonly string[];
  /** Letters of an id that are shown: those of points need only differ inside their sweep. */
  readonly idLength: number;
  /** What the document says beside the rows. */
  readonly about: object;
}

export interface ListedRow {
  cell(column: string): Json | undefined;
  /** Whether it stands last where rows are sorted by a column. */
  isAside(column: string): boolean;
  /** The row as the document has it. */
  readonly document: unknown;
}

/** The points of one sweep, in the order of its plan. */
export function pointListing(dir: string): Listing {
  const sweep = readSweep(dir);
  const { scenario, id } = sweep.plan;
  const rows = sweepRows(sweep);
  const columns = columnsOf(rows);
  const headline = headlineColumn(sweep.plan, columns);
  const shown = [...new Set(["id", ...variedNames(sweep), "seed", "status", "seconds", headline])];
  return { noun: "points", rows: rows.map(listedPoint), columns, shown, idLength: 8, about: { scenario, id, dir } };
}

/** Runs that are no points of a sweep, the newest first. */
export function runListing(dir: string, folders: readonly string[]): Listing {
  const rows = runRows(folders);
  const columns = columnsOf(rows);
  const headlines = new Set(rows.map(({ headline }) => headlineColumn({ headline }, columns)));
  const headline = headlines.size === 1 ? [...headlines].filter((column) => columns.includes(column)) : [];
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const isVaried = (name: string) => new Set(rows.map(({ values }) => JSON.stringify(values[name]))).size > 1;
  // Runs of different scenarios have little in common.
  const varied = new Set(rows.map(({ origin }) => origin.scenario)).size === 1 ? names.filter(isVaried) : [];
  const shown = ["id", "scenario", "started", ...varied, "seed", "status", "seconds", ...headline];
  return { noun: "runs", rows: rows.map(listedPoint), columns, shown, idLength: 16, about: { dir } };
}

function listedPoint(row: SweepRow): ListedRow {
  return { cell: (column) => cellOf(row, column), isAside: (column) => isAside(row, column), document: row };
}

const counted = ["completed", "diverged", "failed", "timed-out", "missing"] as const;

/** Sweeps, the last changed first. */
export function sweepListing(dir: string, folders: readonly string[]): Listing {
  const sweeps = listSweeps(folders);
  const rows = sweeps.map(listedSweep);
  const seen = counted.filter((name) => name === "completed" || sweeps.some(({ counts }) => counts[name] > 0));
  return {
    noun: "sweeps",
    rows,
    columns: ["id", "scenario", "varied", "short", "status", "points", ...counted, "seconds", "changed", "dir"],
    shown: ["id", "scenario", "varied", "status", "points", ...seen, "seconds", "changed"],
    idLength: 16,
    about: { dir },
  };
}

function listedSweep(sweep: ListedSweep): ListedRow {
  const { counts, varied, ...rest } = sweep;
  const cells: Readonly<Record<string, Json>> = { ...rest, ...counts, varied: varied.join(" ") };
  return { cell: (column) => cells[column], isAside: () => false, document: sweep };
}
