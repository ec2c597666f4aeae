import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBResultReader } from "@duckdb/node-api";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { writeParquet } from "./parquet.ts";
import type { Table } from "./table.ts";

/** What a query gave: whole numbers that a double does not hold as texts. */
export interface QueryResult {
  readonly columns: readonly {
    readonly name: string /** As SQL names it, such as `DOUBLE`. */;
    readonly type: string;
  }[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs SQL on tables, by DuckDB, in memory: each stands as a view under its name, made when the statement speaks of it.
 *
 * @throws `package-missing` without DuckDB, `invalid-value` with DuckDB's own words for a statement that it does not run
 */
export async function queryTables(tables: Readonly<Record<string, () => Table>>, sql: string): Promise<QueryResult> {
  if (sql.trim() === "") throw invalidValue("sql", "a statement such as SELECT * FROM points", sql);
  const { DuckDBInstance } = await loadDatabase();
  const folder = mkdtempSync(join(tmpdir(), "meanfield-query-"));
  const database = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await database.connect();
  try {
    for (const [name, table] of Object.entries(tables)) {
      if (!new RegExp(`\\b${name}\\b`, "i").test(sql)) continue;
      const path = join(folder, `${name}.parquet`);
      await writeParquet(path, table());
      await connection.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`);
    }
    return readResult(await connection.runAndReadAll(sql));
  } catch (error) {
    throw error instanceof MeanfieldError ? error : refused(sql, error);
  } finally {
    connection.closeSync();
    database.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResult(reader: DuckDBResultReader): QueryResult {
  const names = reader.deduplicatedColumnNames();
  const types = reader.columnTypes();
  return {
    columns: names.map((name, place) => ({ name, type: String(types[place]) })),
    rows: reader.getRowsJS().map((row) => row.map(plain)),
  };
}

/** A value as JSON can hold it. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

async function loadDatabase(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && /MODULE_NOT_FOUND$/.test(String(cause.code));
    if (!isMissing) throw cause;
    const suggestion = "npm install @duckdb/node-api installs it";
    const message = `@duckdb/node-api: queries are run by DuckDB, which is not installed; ${suggestion}, and meanfield export writes the same tables without it`;
    throw new MeanfieldError("package-missing", message, { path: "@duckdb/node-api", suggestion }, { cause });
  }
}

/** DuckDB says where the fault is, with the line and a mark below the place. */
function refused(sql: string, error: unknown): MeanfieldError {
  const said = (error instanceof Error ? error.message : String(error)).trim();
  // `bottleneck.loss` without quotes is the column loss of a table that does not exist.
  const dotted = /Referenced table "([^"]+)" not found/.exec(said);
  const hint = dotted === null ? "" : `\nA name with dots stands in double quotes: "${dotted[1]}.…"`;
  return new MeanfieldError("invalid-value", `sql: ${said}${hint}`, {
    path: "sql",
    expected: "SQL of DuckDB",
    got: sql,
  });
}
