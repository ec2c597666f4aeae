import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTable } from "../../src/report/table.ts";

describe("formatTable", () => {
  it("pads columns to their widest cell and aligns columns of numbers right", () => {
    const text = formatTable({
      header: ["scenario", "loss", "verdict"],
      rows: [
        ["depth-separation", "(4.90 ± 0.12)e-6", "holds"],
        ["fluctuations", "0.25", "fails"],
      ],
    });
    expect(text.split("\n")).toEqual([
      "scenario                      loss  verdict",
      "────────────────  ────────────────  ───────",
      "depth-separation  (4.90 ± 0.12)e-6  holds",
      "fluctuations                  0.25  fails",
    ]);
  });

  it("does not count colour codes as width", () => {
    const text = formatTable({
      header: ["a", "b"],
      rows: [
        ["\u001b[32mok\u001b[0m", "x"],
        ["long", "y"],
      ],
    });
    expect(text).toContain("\u001b[32mok\u001b[0m    x");
  });

  it("refuses a row whose length is not the header's", () => {
    expect(() => formatTable({ header: ["a", "b"], rows: [["1"]] })).toThrow("rows[0]: expected 2 cells, got 1");
  });

  it("breaks names and puts columns below one another where they do not fit", () => {
    const text = formatTable(
      {
        header: ["", "bottleneck", "two layer"],
        rows: [
          ["largest variance rise", "2.455e-5", ""],
          ["loss", "(5.17 ± 0.73)e-5", "0.006129"],
        ],
      },
      32,
    );
    expect(text.split("\n")).toEqual([
      "                      bottleneck",
      "──────────────  ────────────────",
      "largest                 2.455e-5",
      "variance rise",
      "loss            (5.17 ± 0.73)e-5",
      "",
      "                two layer",
      "──────────────  ─────────",
      "loss             0.006129",
    ]);
  });

  it("has neither header nor rule without titles", () => {
    expect(formatTable({ header: ["", ""], rows: [["a", "1"]] })).toBe("a  1");
  });

  it("fits any table into any width, and loses no character", () => {
    const cell = fc.stringMatching(/^[a-z0-9]{0,9}( [a-z0-9]{1,30}){0,3}$/);
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((columns) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
      );
    fc.assert(
      fc.property(table, fc.integer({ min: 26, max: 120 }), ([header, ...rows], width) => {
        const text = formatTable({ header, rows }, width);
        for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
        const letters = (part: string) => Array.from(part.replace(/[\s─]/g, "")).sort().join("");
        const others = [header, ...rows].map((row) => row.slice(1).join("")).join("");
        for (const letter of new Set(letters(others))) {
          const count = (part: string) => part.split(letter).length - 1;
          expect(count(text)).toBeGreaterThanOrEqual(count(others));
        }
      }),
    );
  });

  it("shows a header without rows", () => {
    expect(formatTable({ header: ["a"], rows: [] })).toBe("a\n─");
  });
});
