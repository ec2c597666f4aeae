import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { drawFigure, figureNotes } from "../../src/report/draw-figure.ts";
import type { Figure, Series } from "../../src/scenario/figure.ts";
import { alphaOverTime, exampleFigures, lossSplit, widthLaw } from "./example-figures.ts";

function figureOf(series: readonly Series[], scale: "linear" | "log" = "log"): Figure {
  return { id: "one", title: "One", caption: "", x: { label: "width", scale }, y: { label: "loss", scale }, series };
}

describe("drawFigure", () => {
  for (const figure of exampleFigures) {
    it(`draws ${figure.id} as it did before`, async () => {
      await expect(await drawFigure(figure)).toMatchFileSnapshot(`snapshots/${figure.id}.svg`);
    });
  }

  it("gives the same text in another process that draws the figures in the opposite order", async () => {
    const here = [];
    for (const figure of exampleFigures) here.push(await drawFigure(figure));
    const module = pathToFileURL(new URL("../../dist/src/report/draw-figure.js", import.meta.url).pathname).href;
    const script = `
      import { readFileSync } from "node:fs";
      import { drawFigure } from ${JSON.stringify(module)};
      const drawn = [];
      for (const figure of JSON.parse(readFileSync(0, "utf8")).reverse()) drawn.unshift(await drawFigure(figure));
      process.stdout.write(JSON.stringify(drawn));`;
    const there = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      input: JSON.stringify(exampleFigures),
    });
    expect(JSON.parse(there.toString())).toEqual(here);
  });

  it("needs nothing from outside: no address but the namespace, no script, no style sheet, no image", async () => {
    for (const figure of exampleFigures) {
      const svg = (await drawFigure(figure)).replace('xmlns="http://www.w3.org/2000/svg"', "");
      expect(svg).not.toMatch(/https?:|href|<script|<style|<image|url\(/);
    }
  });

  it("names itself with the figure's title, caption and series", async () => {
    const svg = await drawFigure(widthLaw);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="width-law-title width-law-description">/);
    expect(svg).toContain('<title id="width-law-title">The discretisation error falls as 1/width</title>');
    expect(svg).toContain("with 95 % intervals");
    expect(svg).toContain("2-layer, fit");
  });

  it("puts a point where the axes say it is", async () => {
    const svg = await drawFigure(figureOf([{ name: "a", mark: "line", x: [1, 10, 100], y: [1, 10, 100] }]));
    const [, path] = /<path d="(M[^"]*)" stroke="#0072B2"/.exec(svg) as RegExpExecArray;
    const [x0, y0, x1, y1, x2, y2] = path.match(/-?[\d.]+/g)!.map(Number);
    // The x range has no padding, the y range 5 % at both ends; the middle decade lies in the middle of both.
    expect(x0).toBe(0);
    expect(x1).toBeCloseTo(x2 / 2, 1);
    expect(y1).toBeCloseTo(160, 1);
    expect(y0).toBeCloseTo(320 - (320 * 0.05) / 1.1, 1);
    expect(y2).toBeCloseTo((320 * 0.05) / 1.1, 1);
  });

  it("draws predictions with dashes and nothing else with dashes", async () => {
    const svg = await drawFigure(alphaOverTime);
    // The curve, and its swatch in the legend.
    expect(svg.match(/stroke-dasharray="6,4"/g)).toHaveLength(2);
  });

  it("draws targets dotted, in black and in front of everything else, without taking a colour", async () => {
    const target: Series = { name: "target", mark: "dotted", x: [1, 2], y: [1, 2] };
    const curves = (["points", "line"] as const).map((mark): Series => ({ name: mark, mark, x: [1, 2], y: [2, 1] }));
    const svg = await drawFigure(figureOf([target, ...curves]));
    const dotted = Array.from(svg.matchAll(/stroke="#1b1f24"[^>]* stroke-dasharray="0.1,5"/g), ({ index }) => index);
    // The curve, and its swatch in the legend.
    expect(dotted).toHaveLength(2);
    expect(dotted[0]).toBeGreaterThan(svg.indexOf('fill="#0072B2"'));
    expect(svg).toContain('stroke="#D55E00"');
  });

  it("puts small ticks without labels or grid lines between the labels of a log axis", async () => {
    const line: Series = { name: "a", mark: "line", x: [1, 1e3], y: [1, 1e3] };
    const ticks = async (scale: "linear" | "log") => {
      const svg = await drawFigure(figureOf([line], scale));
      expect(svg).not.toMatch(/<text [^>]*\/>|opacity="0"/);
      return svg.match(/<line [^>]*y2="3"/g)?.length ?? 0;
    };
    // The four decades have labels: of 28 places, 24 are left.
    expect([await ticks("log"), await ticks("linear")]).toEqual([24, 0]);
  });

  it("leaves out what a log axis cannot show and says how much", async () => {
    const figure = figureOf([{ name: "a", mark: "points", x: [0, 1, 10, 100], y: [1, 0, -3, 5] }]);
    expect(await drawFigure(figure)).not.toContain("NaN");
    expect(figureNotes(figure)).toEqual([
      "1 point with width ≤ 0 cannot be shown on a logarithmic axis.",
      "2 points with loss ≤ 0 cannot be shown on a logarithmic axis.",
    ]);
  });

  it("breaks a line where a value is missing or not finite and says so", async () => {
    const y = [1, null, 3, Number.NaN, 5, 6];
    const figure = figureOf([{ name: "a", mark: "line", x: [1, 2, 3, 4, 5, 6], y }], "linear");
    const svg = await drawFigure(figure);
    const [, path] = /<path d="(M[^"]*)" stroke="#0072B2"/.exec(svg) as RegExpExecArray;
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path.match(/L/g)).toHaveLength(1);
    expect(figureNotes(figure)).toEqual(["2 values that were not measured or not finite left a gap."]);
  });

  it("leaves a gap in a band where a bound is missing", async () => {
    const bounds = { low: [0, 0, null, 0, 0], high: [1, 1, 1, 1, 1] };
    const svg = await drawFigure(
      figureOf([{ name: "a", mark: "band", x: [1, 2, 3, 4, 5], y: [1, 1, 1, 1, 1], ...bounds }], "linear"),
    );
    const [, path] = /<path d="(M[^"]*)" fill="#0072B2"/.exec(svg) as RegExpExecArray;
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path).not.toContain("NaN");
  });

  it("keeps the order of a curve that goes back in x", async () => {
    const svg = await drawFigure(figureOf([{ name: "a", mark: "line", x: [1, 3, 2], y: [1, 2, 3] }], "linear"));
    const [, path] = /<path d="(M[^"]*)" stroke="#0072B2"/.exec(svg) as RegExpExecArray;
    const x = path.match(/(?<=[ML])-?[\d.]+/g)!.map(Number);
    expect(x[0]).toBeLessThan(x[2]);
    expect(x[2]).toBeLessThan(x[1]);
  });

  it("ends a band or bar that reaches zero at the edge of a log axis", async () => {
    const bounds = { low: [-1, 1e-12], high: [2, 3] };
    for (const mark of ["points", "band", "line"] as const) {
      const svg = await drawFigure(figureOf([{ name: "a", mark, x: [1, 2], y: [1, 2], ...bounds }]));
      expect(svg).not.toMatch(/NaN|Infinity/);
      // A lower bound near zero must not stretch the axis: one decade below the smallest value is enough.
      expect(svg).not.toContain("10⁻");
      expect(svg).toContain(">0.1</text>");
    }
  });

  it("says that there is no data when no series or none of the points can be drawn", async () => {
    for (const figure of [figureOf([]), figureOf([{ name: "a", mark: "line", x: [1, 2], y: [0, -1] }])]) {
      expect(await drawFigure(figure)).toContain("No data to show");
    }
    expect(await drawFigure(lossSplit)).not.toContain("No data to show");
  });

  it("escapes titles, labels and names", async () => {
    const series: Series = { name: "<img src=x> & y", mark: "line", x: [1, 2], y: [1, 2] };
    const svg = await drawFigure({ ...figureOf([series]), title: 'a <b> & "c"', caption: "</desc><script>" });
    expect(svg).not.toMatch(/<img|<b>|<script/);
    expect(svg).toContain("&lt;img src=x&gt; &amp; y");
  });

  it("tells apart more groups than the palette has colours", async () => {
    const series = Array.from(
      { length: 14 },
      (_, index): Series => ({ name: `s${index}`, mark: "line", x: [1, 2], y: [1, index + 1] }),
    );
    const svg = await drawFigure(figureOf(series));
    const colours = new Set(Array.from(svg.matchAll(/<path d="M[^"]*" stroke="(#\w+)"/g), ([, colour]) => colour));
    expect(colours.size).toBe(14);
  });

  it("refuses figures and sizes that cannot be drawn, with the place and what to do", async () => {
    const series: Series = { name: "a", mark: "line", x: [1, 2], y: [1] };
    await expect(drawFigure(figureOf([series]))).rejects.toThrow(
      "figure one.series[0].y: expected 2 values, as many as x, got 1",
    );
    await expect(drawFigure(figureOf([{ ...series, y: [1, 2], mark: "band" }]))).rejects.toThrow(
      "expected low and high for a band",
    );
    await expect(drawFigure(figureOf([{ ...series, y: [1, 2], mark: "bars" as never }]))).rejects.toThrow(
      "series[0].mark: expected line, dashed",
    );
    await expect(drawFigure({ ...figureOf([]), id: "../evil" })).rejects.toThrow(
      "figure.id: expected lower case letters",
    );
    await expect(drawFigure({ ...figureOf([]), x: { label: "x", scale: "sqrt" as never } })).rejects.toThrow(
      'expected "linear" or "log"',
    );
    await expect(drawFigure(figureOf([]), { width: 10 })).rejects.toThrow(
      "width: expected a number of pixels in [320, 4000], got 10",
    );
    await expect(drawFigure(figureOf([]), { plotHeight: Number.NaN })).rejects.toThrow("plotHeight: expected");
  });
});
