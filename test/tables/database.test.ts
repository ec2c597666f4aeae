import { describe, expect, it } from "vitest";
import { queryTables, type Table } from "../../src/tables/index.ts";

const points: Table = {
  columns: [
    { name: "bottleneck.loss", type: "number" },
    { name: "seed", type: "integer" },
  ],
  rows: () => [
    [0.5, 1],
    [0.25, 9007199254740991],
    [null, 3],
  ],
};
const unread = (): Table => {
  throw new Error("nobody asked for this table");
};

describe("a query", () => {
  it("sees a table only where it speaks of it, and gives numbers as numbers", async () => {
    const { columns, rows } = await queryTables(
      { points: () => points, records: unread },
      'SELECT seed, "bottleneck.loss" AS loss FROM points ORDER BY seed',
    );
    expect(columns).toEqual([
      { name: "seed", type: "BIGINT" },
      { name: "loss", type: "DOUBLE" },
    ]);
    expect(rows).toEqual([
      [1, 0.5],
      [3, null],
      [9007199254740991, 0.25],
    ]);
  });

  it("gives whole numbers that a double cannot hold as texts, and dates, lists and structures as JSON has them", async () => {
    const sql =
      "SELECT sum(seed), [1::BIGINT, 2], {a: 3::BIGINT}, DATE '2026-01-02', 1.5::DECIMAL(4,1), 'x'::BLOB FROM points";
    const { rows } = await queryTables({ points: () => points }, sql);
    expect(rows).toEqual([["9007199254740995", [1, 2], { a: 3 }, "2026-01-02T00:00:00.000Z", 1.5, "78"]]);
  });

  it("names columns of one name apart", async () => {
    const { columns } = await queryTables({}, "SELECT 1 AS a, 2 AS a");
    expect(new Set(columns.map(({ name }) => name)).size).toBe(2);
  });

  it.each([
    ["SELECT * FORM points", /syntax error at or near(.|\n)*LINE 1: SELECT \* FORM points\n *\^/],
    ["SELECT lss FROM points", /"lss" not found(.|\n)*LINE 1/],
    ["SELECT bottleneck.loss FROM points", /"bottleneck" not found(.|\n)*A name with dots stands in double quotes/],
    ["SELECT 1 FROM ponits", /ponits does not exist(.|\n)*LINE 1/],
    [" ", /a statement such as SELECT \* FROM points/],
  ])("of %j is refused with DuckDB's words and the place", async (sql, message) => {
    const error = await queryTables({ points: () => points }, sql).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "invalid-value", details: { path: "sql" } });
    expect(error.message).toMatch(message);
  });

  it("that breaks off in reading a table passes its error on", async () => {
    await expect(queryTables({ points: unread }, "SELECT * FROM points")).rejects.toThrow("nobody asked");
  });
});
