import { describe, expect, it } from "vitest";
import { checkFigures } from "../../src/runs/figure-check.ts";
import type { Figure, Series } from "../../src/scenario/index.ts";

function figureOf(change: Partial<Series>): Figure {
  const series: Series = { name: "a", mark: "line", x: [1, 2, 3], y: [1, 2, 3], ...change };
  const axis = { label: "x", scale: "linear" } as const;
  return { id: "one", title: "One", caption: "", x: axis, y: axis, series: [series] };
}

describe("a figure to be stored", () => {
  it("may have gaps in its values and bounds", () => {
    expect(() =>
      checkFigures([figureOf({ y: [1, null, 3], low: [null, null, 2], high: [null, null, 4] })]),
    ).not.toThrow();
  });

  it.each([
    [{ x: [1, null as never, 3] }, "figures[0].series[0].x[1]: expected a number"],
    [{ y: [1, 2] }, "figures[0].series[0].y: expected 3 numbers"],
    [{ low: [1] }, "figures[0].series[0].low: expected 3 numbers"],
    [{ y: [1, Number.NaN, 3] }, "expected a finite number"],
  ])("is refused with %j", (change, message) => {
    expect(() => checkFigures([figureOf(change)])).toThrow(message);
  });

  it("needs an id that is fit for a file and used once", () => {
    expect(() => checkFigures([{ ...figureOf({}), id: "../x" }])).toThrow("figures[0].id");
    expect(() => checkFigures([figureOf({}), figureOf({})])).toThrow("figures[1].id: expected an id used once");
  });
});
