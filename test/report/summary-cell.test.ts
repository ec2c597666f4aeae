import { describe, expect, it } from "vitest";
import { cellText, entriesOf } from "../../src/report/summary-cell.ts";
import type { Json } from "../../src/scenario/index.ts";

const shown = (value: Json) => cellText({ value, error: null }, "plain");

describe("cellText", () => {
  it("shows a value with its error or bounds as one number", () => {
    expect(shown({ value: 0.5, error: 0.012 })).toBe("0.500 ± 0.012");
    expect(shown({ value: 0.5, low: 0.4, high: 0.6 })).toBe("0.50 [0.40, 0.60]");
    expect(shown({ value: null, error: null })).toBe("–");
    expect(cellText({ value: 4.9e-6, error: 1.2e-7 }, "typeset")).toBe("(4.90 ± 0.12)×10⁻⁶");
  });

  it("shows words, truth, nothing and lists of them", () => {
    expect([true, "a <= b", null].map(shown)).toEqual(["yes", "a <= b", "–"]);
    expect(cellText({ value: "a <= b", error: null }, "typeset")).toBe("a ≤ b");
    expect([[], [1, "x", false]].map(shown)).toEqual(["empty", "1, x, no"]);
    expect(shown(Array.from({ length: 30 }, () => 0))).toBe("0, 0, 0, 0, 0, 0, … (30 values)");
  });

  it("leaves to tables what takes more than a cell", () => {
    expect([{ a: 1 }, [{ a: 1 }], [[1]], {}].map(shown)).toEqual([null, null, null, null]);
  });
});

describe("entriesOf", () => {
  it("joins x and xError only where both are numbers or not measured", () => {
    const object = { loss: 0.5, lossError: 0.012, lastError: 3, name: "x", nameError: 1, gap: null, gapError: null };
    expect(entriesOf(object)).toEqual([
      { key: "loss", value: 0.5, error: 0.012 },
      { key: "lastError", value: 3, error: null },
      { key: "name", value: "x", error: null },
      { key: "nameError", value: 1, error: null },
      { key: "gap", value: null, error: null },
    ]);
  });
});
