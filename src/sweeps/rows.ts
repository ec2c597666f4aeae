import { invalidValue, nearestName } from "../errors.ts";
import type { Json, JsonObject } from "../scenario/index.ts";
import type { SweepPlan } from "./files.ts";
import type { StoredSweep } from "./read-sweep.ts";

/** One point of a sweep, or one run, as a row of a table: its values, how it ended, and each number and text of its summary under its dotted path. */
export interface SweepRow {
  readonly id: string;
  /** `missing`: it has not ended. */
  readonly status: string;
  readonly seconds: number | null;
  readonly seed: number | string;
  /** The values of the parameters that the sweep names, numbers as numbers. */
  readonly values: Readonly<Record<string, Json>>;
  readonly results: Readonly<Record<string, number | string | boolean | null>>;
  /** Where it comes from, in a table over several folders: `scenario`, `sweep` and the like. */
  readonly origin?: Readonly<Record<string, Json>>;
}

/** The points of a sweep as rows, in the order of its plan. */
export function sweepRows({ points }: Pick<StoredSweep, "points">): readonly SweepRow[] {
  return points.map(({ id, values, seed, end }) => ({
    id,
    status: end?.status ?? "missing",
    seconds: end?.seconds ?? null,
    seed,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typed(value)])),
    results: end === null ? {} : flattened(end.summary),
  }));
}

/**
 * What stands in a column of a row: `id`, `status`, `seconds`, `seed`, a name of its origin, a parameter's name, or a path into the summary;
 * undefined where nothing does.
 */
export function cellOf(row: SweepRow, column: string): Json | undefined {
  if (column === "id" || column === "status" || column === "seconds" || column === "seed") return row[column];
  if (row.origin !== undefined && Object.hasOwn(row.origin, column)) return row.origin[column];
  return Object.hasOwn(row.values, column) ? row.values[column] : row.results[column];
}

/** All columns that some row has, in the order in which they first appear. Lists of results have columns `path.0`, `path.1`, ... */
export function columnsOf(rows: readonly SweepRow[]): readonly string[] {
  const columns = new Set<string>();
  for (const { origin = {} } of rows) for (const name of Object.keys(origin)) columns.add(name);
  for (const name of ["id", "status", "seconds"]) columns.add(name);
  for (const { values } of rows) for (const name of Object.keys(values)) columns.add(name);
  columns.add("seed");
  for (const { results } of rows) for (const path of Object.keys(results)) columns.add(path);
  return [...columns];
}

/** The column of the scenario's headline; where that is an object with a `value`, the column of this. */
export function headlineColumn({ headline }: Pick<SweepPlan, "headline">, columns: readonly string[]): string {
  return !columns.includes(headline) && columns.includes(`${headline}.value`) ? `${headline}.value` : headline;
}

/** Throws `invalid-value` with the nearest name unless `column` is one of the columns. */
export function requireColumn(path: string, column: string, columns: readonly string[]): void {
  if (columns.includes(column)) return;
  const near = nearestName(column, columns);
  const suggestion = near === null ? `the columns are ${columns.join(", ")}` : `did you mean ${near}?`;
  throw invalidValue(path, "the name of a column", column, suggestion);
}

/** A text as typed in the plan as the number that it is. */
function typed(value: Json): Json {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Each number and text of a summary under its dotted path. */
export function flattened(summary: JsonObject): SweepRow["results"] {
  const found: [string, number | string | boolean | null][] = [];
  const visit = (value: Json, path: string) => {
    if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) visit(each, path === "" ? key : `${path}.${key}`);
    } else found.push([path, value]);
  };
  visit(summary, "");
  return Object.fromEntries(found);
}
