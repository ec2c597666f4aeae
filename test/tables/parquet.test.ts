import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cell, type Column, type Table, writeParquet } from "../../src/tables/index.ts";

let folder = "";
let ask: (sql: string) => Promise<readonly (readonly unknown[])[]>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "parquet-test-"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  ask = async (sql) => (await connection.runAndReadAll(sql)).getRowsJS();
});
afterAll(() => rmSync(folder, { recursive: true }));

const columns: readonly Column[] = [
  { name: "flag", type: "boolean" },
  { name: "count", type: "integer" },
  { name: "bottleneck.loss", type: "number" },
  { name: 'a "text", α', type: "text" },
];
const tableOf = (rows: readonly (readonly Cell[])[]): Table => ({ columns, rows: () => rows });
let count = 0;
/** What DuckDB, a reader that shares no code with the writer, finds in the file. */
async function written(table: Table) {
  count += 1;
  const path = join(folder, `${count}.parquet`);
  expect(await writeParquet(path, table)).toBe([...table.rows()].length);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  return { path, rows: await ask(`SELECT * FROM '${path}'`) };
}

describe("a Parquet file", () => {
  it("has the columns' names and types, each column with nulls", async () => {
    const { path } = await written(tableOf([]));
    expect((await ask(`DESCRIBE SELECT * FROM '${path}'`)).map((row) => row.slice(0, 3))).toEqual([
      ["flag", "BOOLEAN", "YES"],
      ["count", "BIGINT", "YES"],
      ["bottleneck.loss", "DOUBLE", "YES"],
      ['a "text", α', "VARCHAR", "YES"],
    ]);
    expect(await ask(`SELECT count(*) FROM '${path}'`)).toEqual([[0n]]);
  });

  it("holds what was written: every double to its last bit, also those that are not finite, integers beyond 32 bits, and any text", async () => {
    const cell = (values: fc.Arbitrary<Cell>) => fc.option(values, { nil: null, freq: 4 });
    const row = fc.tuple(
      cell(fc.boolean()),
      cell(fc.maxSafeInteger()),
      cell(fc.double()),
      cell(fc.string({ unit: "binary" })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const { rows: read } = await written(tableOf(rows));
        const plain = read.map((each) => each.map((value) => (typeof value === "bigint" ? Number(value) : value)));
        expect(plain).toEqual(
          rows.map((each) => each.map((value, place) => (place === 1 && value !== null ? Number(value) + 0 : value))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is found by conditions on numbers that are not finite", async () => {
    const values = [Number.NaN, Infinity, -Infinity, -0, 5e-324, 1e308, null];
    const { path } = await written(tableOf(values.map((value) => [null, null, value, null])));
    const number = '"bottleneck.loss"';
    expect(await ask(`SELECT count(*) FROM '${path}' WHERE isnan(${number})`)).toEqual([[1n]]);
    expect(await ask(`SELECT count(*) FROM '${path}' WHERE ${number} = 'infinity'`)).toEqual([[1n]]);
    expect(await ask(`SELECT count(*) FROM '${path}' WHERE ${number} >= 1e308`)).toEqual([[3n]]);
    expect(await ask(`SELECT count(*) FROM '${path}' WHERE ${number} < 0`)).toEqual([[1n]]);
  });

  it("may be longer than what is held in memory at a time", async () => {
    const length = 50_001;
    const table: Table = {
      columns,
      *rows() {
        for (let row = 0; row < length; row += 1)
          yield [row % 3 === 0, row, row / 7, row % 5 === 0 ? null : `t${row % 1000}`];
      },
    };
    count += 1;
    const path = join(folder, `${count}.parquet`);
    expect(await writeParquet(path, table)).toBe(length);
    const sums = `count(*), sum(count)::DOUBLE, sum("bottleneck.loss"), count(CASE WHEN flag THEN 1 END), count(DISTINCT 4)`;
    const [[rows, total, loss, flags]] = await ask(`SELECT ${sums} FROM '${path}'`);
    expect([rows, total, flags]).toEqual([BigInt(length), (length * (length - 1)) / 2, BigInt(Math.ceil(length / 3))]);
    expect(loss).toBeCloseTo((length * (length - 1)) / 14, 4);
    expect(await ask(`SELECT count FROM '${path}' LIMIT 2 OFFSET 40000`)).toEqual([[40_000n], [40_001n]]);
    const groups = await ask(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${path}')`);
    expect(groups).toEqual([[3n]]);
  });

  it("is not there, nor a part of it, where its rows broke off or the folder cannot be written", async () => {
    const path = join(folder, "broken.parquet");
    const broken: Table = {
      columns,
      *rows() {
        yield [true, 1, 1, "x"];
        throw new Error("torn");
      },
    };
    await expect(writeParquet(path, broken)).rejects.toThrow("torn");
    expect(readdirSync(folder).filter((name) => name.startsWith("broken"))).toEqual([]);
    await expect(writeParquet("/proc/none/x.parquet", tableOf([]))).rejects.toMatchObject({ code: "file-failed" });
  });
});
