import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRunHead } from "../runs/index.ts";
import type { Json } from "../scenario/index.ts";
import { asType, type Cell, type ColumnType, findType, type TypeFinder } from "../tables/index.ts";
import { pointsFolder } from "./files.ts";
import { findFolders } from "./find-folders.ts";
import { readSweep } from "./read-sweep.ts";
import { type SweepRow, sweepRows } from "./rows.ts";
import { runRows } from "./run-rows.ts";

/** A row with the folder of its run, whose `origin` says the scenario and the sweep (null for a run by itself). */
export interface SourceRow extends SweepRow {
  readonly dir: string;
  readonly origin: { readonly scenario: string; readonly sweep: string | null };
}

/** What a table over sweeps and runs is made from. */
export interface TableSource {
  readonly rows: readonly SourceRow[];
  /** The types that the scenarios give to their parameters, by name; not of those that scenarios disagree on. */
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** All points and runs in these folders, each a sweep, a run, or a folder of such. Throws `file-failed`, `run-damaged`. */
export function readTableSource(folders: readonly string[]): TableSource {
  const rows = new Map<string, SourceRow>();
  const types = new Map<string, ColumnType | null>();
  for (const folder of folders) {
    const { sweeps, runs } = findFolders(folder);
    for (const dir of sweeps) {
      const sweep = readSweep(dir);
      const { scenario, id } = sweep.plan;
      let isTyped = false;
      for (const row of sweepRows(sweep)) {
        const point = join(dir, pointsFolder, row.id);
        if (!isTyped) isTyped = learnTypes(point, types);
        rows.set(point, { ...row, dir: point, origin: { scenario, sweep: id } });
      }
    }
    for (const row of runRows(runs)) {
      learnTypes(row.dir, types);
      rows.set(row.dir, { ...row, origin: { scenario: row.origin.scenario, sweep: null } });
    }
  }
  const known = [...types].filter((each): each is [string, ColumnType] => each[1] !== null);
  return { rows: [...rows.values()], types: new Map(known) };
}

/** Adds what a run's config.json says of its parameters; false if there is none. */
function learnTypes(dir: string, types: Map<string, ColumnType | null>): boolean {
  if (!existsSync(join(dir, "config.json"))) return false;
  const head = readRunHead(dir);
  for (const { name, type } of head?.config.parameterEntries ?? []) {
    const own: ColumnType = type === "integer" || type === "number" || type === "boolean" ? type : "text";
    types.set(name, types.has(name) && types.get(name) !== own ? null : own);
  }
  return head !== null;
}

/** A value of a parameter as a cell; lists as they are typed on a command line. */
export function parameterCell(value: Json | undefined, type: ColumnType | undefined): Cell {
  const cell = plainCell(value);
  return type === undefined ? cell : asType(cell, type);
}

/** A value as a cell: lists as they are typed on a command line, objects as JSON. */
export function plainCell(value: Json | undefined): Cell {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** Finders of the types of columns by their names, in the order in which they were asked for. */
export function typeFinders(): { of(name: string): TypeFinder; types(): ReadonlyMap<string, ColumnType> } {
  const finders = new Map<string, TypeFinder>();
  return {
    of(name) {
      const known = finders.get(name) ?? findType();
      finders.set(name, known);
      return known;
    },
    types: () => new Map([...finders].map(([name, finder]) => [name, finder.type()])),
  };
}
