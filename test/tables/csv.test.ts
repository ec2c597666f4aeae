import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asType, csvLine, csvPieces, findType, type Table, writeCsv } from "../../src/tables/index.ts";

const table = (length: number): Table => ({
  columns: [
    { name: "a,b", type: "text" },
    { name: "n", type: "number" },
  ],
  *rows() {
    for (let row = 0; row < length; row += 1) yield [`x"${row}`, row === 1 ? null : row / 3];
  },
});

describe("comma-separated values", () => {
  it("have texts in quotes where they need them, all digits of numbers, and nothing where there is no value", () => {
    expect([...csvPieces(table(3))].join("")).toBe(`"a,b",n\r\n"x""0",0\r\n"x""1",\r\n"x""2",${2 / 3}\r\n`);
    expect(csvLine([[1, 2], { a: 1 }, undefined, true, Number.NaN, "a\nb"])).toBe(
      '"[1,2]","{""a"":1}",,true,NaN,"a\nb"\r\n',
    );
  });

  it("come in pieces, and go into a file that is counted", () => {
    const pieces = [...csvPieces(table(20_000))];
    expect(pieces.length).toBeGreaterThan(2);
    const folder = mkdtempSync(join(tmpdir(), "csv-test-"));
    try {
      const path = join(folder, "deep", "points.csv");
      expect(writeCsv(path, table(20_000))).toBe(20_000);
      expect(readFileSync(path, "utf8")).toBe(pieces.join(""));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the type of a column", () => {
  it.each([
    [[true, null, false], "boolean"],
    [[1, -3, null, 2 ** 53 - 1], "integer"],
    [[1, 2 ** 53], "number"],
    [[1, 0.5], "number"],
    [[1, Number.NaN], "number"],
    [[1, "1"], "text"],
    [[true, 1], "text"],
    [[null, null], "number"],
    [[], "number"],
  ] as const)("of %j is %s", (cells, type) => {
    const finder = findType();
    for (const cell of cells) finder.look(cell);
    expect(finder.type()).toBe(type);
  });

  it("decides what its cells hold", () => {
    expect([asType("none", "number"), asType(3, "text"), asType("true", "boolean"), asType("x", "boolean")]).toEqual([
      null,
      "3",
      true,
      null,
    ]);
  });
});
