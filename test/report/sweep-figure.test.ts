import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sweepFigure } from "../../src/report/index.ts";
import { aggregate, fitScaling, readSweep, type StoredSweep } from "../../src/sweeps/index.ts";
import { storeSweep } from "../sweeps/stored-sweep.ts";

let dir = "";
let sweep: StoredSweep;
beforeAll(() => {
  dir = storeSweep(
    mkdtempSync(join(tmpdir(), "figure-test-")),
    { start: "a,b", width: "64,8,16,32", step: "1,2", seed: "0..2" },
    ({ width, start }, seed) => {
      if (width === "64" && start === "b") return { status: "diverged" };
      return { summary: { loss: (seed + 1) / Number(width), signed: seed - 1, nested: { flat: 3 } } };
    },
  );
  sweep = readSweep(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("the figure of a sweep", () => {
  it("has means with intervals over the seeds in the order of x, a series for each combination of the other parameters", () => {
    const figure = sweepFigure(sweep);
    expect(figure).toMatchObject({
      id: "loss-against-width",
      x: { label: "width", scale: "log" },
      y: { label: "loss", scale: "log" },
      caption: "Means over 3 seeds with 95 % intervals.",
    });
    const points = figure.series.filter(({ mark }) => mark === "points");
    expect(points.map(({ name }) => name)).toEqual([
      "start a, step 1",
      "start a, step 2",
      "start b, step 1",
      "start b, step 2",
    ]);
    const rows = aggregate(sweep, { by: ["width", "start", "step"] }).filter(
      ({ values }) => values.start === "a" && values.step === 1,
    );
    const at = (width: number) => rows.find(({ values }) => values.width === width)?.estimate;
    expect(points[0].x).toEqual([8, 16, 32, 64]);
    expect(points[0].y).toEqual([8, 16, 32, 64].map((width) => at(width)?.value));
    expect(points[0].low).toEqual([8, 16, 32, 64].map((width) => at(width)?.low));
    expect(points[2].y[3]).toBeNull();
    expect(figure.series.filter(({ mark }) => mark === "line").map(({ group }) => group)).toEqual(
      points.map(({ name }) => name),
    );
  });

  it("draws several results, groups by what it is told, and takes a linear axis where values are not positive or near", () => {
    const figure = sweepFigure(sweep, { x: "step", y: ["loss", "signed"], series: ["start"], level: 0.9 });
    expect(figure).toMatchObject({
      id: "loss-signed-against-step",
      x: { scale: "linear" },
      y: { label: "loss, signed", scale: "linear" },
    });
    const names = figure.series.filter(({ mark }) => mark === "points").map(({ name }) => name);
    expect(names).toEqual(["loss, start a", "loss, start b", "signed, start a", "signed, start b"]);
    expect(sweepFigure(sweep, { log: ["y"] })).toMatchObject({ x: { scale: "linear" }, y: { scale: "log" } });
  });

  it("shows fitted power laws with their exponents instead of joining the points", () => {
    const options = { series: ["start"], fit: true };
    const figure = sweepFigure(sweep, options);
    expect(figure.series.some(({ mark }) => mark === "line")).toBe(false);
    const laws = figure.series.filter(({ mark }) => mark === "dashed");
    const [law] = fitScaling(sweep, { against: "width", by: ["start"] });
    expect(laws[0].name).toMatch(/^start a: exponent −1/);
    expect(laws[0].y[0]).toBeCloseTo(law.factor.value / 8, 12);
    expect(laws.map(({ x }) => x.length)).toEqual([4, 3]);
  });

  it.each([
    [{ x: "start" }, 'x: expected a parameter whose values are numbers, got "a"'],
    [{ x: "widht" }, "did you mean width?"],
    [{ y: ["los"] }, "did you mean loss?"],
    [{ series: ["strt"] }, "did you mean start?"],
    [{ y: ["id"] }, "y: expected a result of points that completed"],
  ])("of %j is refused", (options, message) => {
    expect(() => sweepFigure(sweep, options)).toThrow(message);
  });
});
