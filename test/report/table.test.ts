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

  it("shows a header without rows", () => {
    expect(formatTable({ header: ["a"], rows: [] })).toBe("a\n─");
  });
});
