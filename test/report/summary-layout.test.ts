import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellText } from "../../src/report/summary-cell.ts";
import { summaryLayout } from "../../src/report/summary-layout.ts";
import type { Json, JsonObject } from "../../src/scenario/index.ts";

/** The tables as lists of texts: title, header, rows. */
function texts(summary: JsonObject, headline = "none") {
  return summaryLayout(summary, headline).map(({ title, columns, rows }) => [
    title?.text ?? "",
    columns.map(({ text }) => text).join("|"),
    ...rows.map((row) =>
      [row.title?.text ?? "", ...row.cells.map((cell) => (cell === null ? "" : cellText(cell, "plain")))].join("|"),
    ),
  ]);
}

describe("summaryLayout", () => {
  it("puts the headline first and once among the single values, also from inside an object", () => {
    expect(texts({ first: 1, second: 2, secondError: 0.1 }, "second")).toEqual([
      ["", "", "second|2.00 ± 0.10", "first|1"],
    ]);
    expect(texts({ top: 1, deep: { loss: 3, time: 4 } }, "deep.loss")).toEqual([
      ["", "", "deep loss|3", "top|1"],
      ["deep", "", "loss|3", "time|4"],
    ]);
  });

  it("shows objects that share most keys side by side, keys in their own order", () => {
    const bottleneck = { loss: 1, lossError: 0.1, time: 5, alpha: 7 };
    const twoLayer = { loss: 2, lossError: 0.2, time: 6, bias: 8 };
    expect(texts({ bottleneck, twoLayer, starts: { width: 3, error: 4 } })).toEqual([
      ["", "bottleneck|two layer", "loss|1.00 ± 0.10|2.00 ± 0.20", "time|5|6", "alpha|7|", "bias||8"],
      ["starts", "", "width|3", "error|4"],
    ]);
  });

  it("turns the table over where there are more objects than keys", () => {
    const line = (slope: number) => ({ slope, low: slope - 1 });
    expect(texts({ a: { x: line(1), y: line(2) }, b: { x: line(3) } })).toEqual([
      ["", "slope|low", "a x|1|0", "a y|2|1", "b x|3|2"],
    ]);
  });

  it("shows lists of objects as tables, with objects inside them by path", () => {
    expect(
      texts({
        points: [
          { width: 1, fit: { slope: 2 } },
          { width: 3, more: [{ a: 1 }] },
        ],
      }),
    ).toEqual([["points", "width|fit slope|more", "|1|2|", "|3||1 entries"]]);
  });

  it("shows unlike elements of a list one by one", () => {
    expect(texts({ list: [1, { a: true }] })).toEqual([
      ["list", "", "[0]|1"],
      ["list[1]", "", "a|yes"],
    ]);
  });

  it("says nothing about an empty summary or a headline that does not exist", () => {
    expect(texts({})).toEqual([]);
    expect(texts({ a: 1 }, "a.b.c")).toEqual([["", "", "a|1"]]);
  });

  it("shows every number of any summary", () => {
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer({ min: 1000, max: 9999 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), { maxKeys: 4 }),
        fc.array(fc.dictionary(fc.stringMatching(/^[a-z]$/), fc.integer({ min: 1000, max: 9999 })), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json.value, { maxKeys: 5 }), (summary) => {
        const shown = JSON.stringify(texts(summary as JsonObject));
        for (const number of JSON.stringify(summary).match(/\d{4}/g) ?? []) expect(shown).toContain(number);
      }),
    );
  });
});
