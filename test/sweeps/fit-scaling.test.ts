import { describe, expect, it } from "vitest";
import { numerics } from "../../src/index.ts";
import type { Json, JsonObject } from "../../src/scenario/index.ts";
import { fitScaling, readAxis, type StoredSweep } from "../../src/sweeps/index.ts";

type Result = (width: number, seed: number, start: string) => JsonObject | null;

/** A sweep over width, start and seed whose results are given; null diverged. */
function sweepOf(widths: string, starts: string, seeds: string, result: Result): StoredSweep {
  const axes = [readAxis("width", widths), readAxis("start", starts), readAxis("seed", seeds)];
  const points = axes[0].values.flatMap((width) =>
    axes[1].values.flatMap((start) =>
      axes[2].values.map((seed) => {
        const summary = result(Number(width), Number(seed), String(start));
        const id = `${width} ${start} ${seed}`;
        const status = summary === null ? ("diverged" as const) : ("completed" as const);
        const values: Record<string, Json> = { width, start };
        const end = { id, status, error: null, seconds: 1, summary: summary ?? {} };
        return { id, values, seed: Number(seed), cost: 1, members: 1, end };
      }),
    ),
  );
  return { dir: "", plan: { headline: "loss", axes } as unknown as StoredSweep["plan"], points };
}

/** Standard normal numbers that are the same whenever they are asked for. */
function normals(trial: number, count: number): Float64Array {
  const out = new Float64Array(count);
  numerics.fillNormal(out, 0, count, 0, numerics.deriveKey(11, "fit-scaling"), 0, trial, 0);
  return out;
}

const [widths, seeds] = [[8, 16, 32, 64], 5];
/** log y = 1 - 0.8 log width + scatter of the seed's size and slope + scatter of the point. */
function noisy(
  trial: number,
  shared: number,
  own: number,
  dropped: (width: number, seed: number) => boolean = () => false,
) {
  const draws = normals(trial, seeds * (2 + widths.length));
  return sweepOf(widths.join(","), "a", `0..${seeds - 1}`, (width, seed) => {
    if (dropped(width, seed)) return null;
    const at = seed * (2 + widths.length);
    const point = draws[at + 2 + widths.indexOf(width)];
    const slope = -0.8 + 0.3 * shared * draws[at + 1];
    return { loss: Math.exp(1 + slope * Math.log(width) + shared * draws[at] + own * point) };
  });
}

describe("the exponent of a power law", () => {
  it("is exact where the law is", () => {
    const sweep = sweepOf("8..64x2", "a,b", "0..2", (width, seed, start) => ({
      loss: (3 + seed) * width ** (start === "a" ? -1 : 0.5),
    }));
    const [first, second] = fitScaling(sweep, { against: "width" });
    expect(first).toMatchObject({ values: { start: "a" }, from: "seeds", seeds: 3, keys: [8, 16, 32, 64], without: 0 });
    expect(first.exponent.value).toBeCloseTo(-1, 13);
    expect(first.exponent.high - first.exponent.low).toBeLessThan(1e-13);
    expect(first.factor.value).toBeCloseTo((3 * 4 * 5) ** (1 / 3), 12);
    expect(first.largestDeviation).toBeCloseTo(1, 13);
    expect(second.exponent.value).toBeCloseTo(0.5, 13);
  });

  it("is the mean of the seeds' own power laws, with Student's interval", () => {
    const sweep = noisy(1, 0.5, 0.1);
    const loss = (width: number, seed: number) =>
      sweep.points.find(({ values, seed: each }) => values.width === String(width) && each === seed)?.end?.summary
        .loss as number;
    const lines = [0, 1, 2, 3, 4].map((seed) =>
      numerics.fitPowerLaw(
        widths,
        widths.map((width) => loss(width, seed)),
      ),
    );
    const [{ exponent, factor, largestDeviation }] = fitScaling(sweep, { against: "width", level: 0.9 });
    const slopes = numerics.meanWithInterval(
      lines.map(({ slope }) => slope.value),
      0.9,
    );
    const intercepts = numerics.meanWithInterval(
      lines.map(({ intercept }) => intercept.value),
      0.9,
    );
    for (const key of ["value", "error", "low", "high"] as const) expect(exponent[key]).toBeCloseTo(slopes[key], 12);
    expect(Math.log(factor.value)).toBeCloseTo(intercepts.value, 12);
    expect(Math.log(factor.high)).toBeCloseTo(intercepts.high, 12);
    const logs = widths.map((width) => [0, 1, 2, 3, 4].reduce((sum, seed) => sum + Math.log(loss(width, seed)) / 5, 0));
    const off = logs.map((log, place) => Math.abs(log - intercepts.value - slopes.value * Math.log(widths[place])));
    expect(largestDeviation).toBeCloseTo(Math.exp(Math.max(...off)), 12);
  });

  it.each([
    ["seeds", "what a seed does to all its points", 0.5, 0.05, () => false],
    ["seeds", "scatter of each point", 0, 0.2, () => false],
    // No seed has all widths, so one line has to do.
    ["line", "scatter of each point", 0, 0.2, (width: number, seed: number) => seed === 4 || width === widths[seed]],
  ] as const)("is covered by 95 %% of the intervals from %s under %s", (from, _what, shared, own, dropped) => {
    const trials = 1500;
    let covered = 0;
    let sum = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const [fit] = fitScaling(noisy(trial, shared, own, dropped), { against: "width" });
      expect(fit.from).toBe(from);
      sum += fit.exponent.value;
      if (fit.exponent.low <= -0.8 && -0.8 <= fit.exponent.high) covered += 1;
    }
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
    // Of one seed's slope over log widths whose squares about their mean add up to 5 (log 2)^2; each width has 5 seeds, or 3.
    const spread = Math.sqrt(own ** 2 / (5 * Math.log(2) ** 2) + (0.3 * shared) ** 2);
    expect(Math.abs(sum / trials + 0.8)).toBeLessThan((4 * spread) / Math.sqrt((from === "seeds" ? 5 : 3) * trials));
  });

  it("leaves out seeds that lack a value, and values that no seed has", () => {
    const law: Result = (width, seed) =>
      width === 64 || (width === 8 && seed === 2) ? null : { loss: (1 + seed) / width };
    const [fit] = fitScaling(sweepOf("8..64x2", "a", "0..2", law), { against: "width" });
    expect(fit).toMatchObject({ from: "seeds", seeds: 2, keys: [8, 16, 32], without: 3 + 3 });
    expect(fit.factor.value).toBeCloseTo(Math.sqrt(2), 13);
  });

  it("takes points that differ in another parameter for repetitions where it is not grouped by", () => {
    const sweep = sweepOf("8,16", "a,b", "0", (width, _, start) => ({ loss: (start === "a" ? 1 : 4) / width ** 2 }));
    const [fit, ...others] = fitScaling(sweep, { against: "width", by: [] });
    expect([others.length, fit.from, fit.seeds]).toEqual([0, "seeds", 2]);
    expect(fit.exponent.value).toBeCloseTo(-2, 13);
    expect(() => fitScaling(sweep, { against: "width" })).toThrow("at least two seeds at two values, or three values");
  });

  it.each([
    [
      "width",
      {},
      (): JsonObject => ({ loss: -1 }),
      'value: expected positive numbers for a power law, got "-1 at width=8 seed=0"',
    ],
    ["start", {}, (): JsonObject => ({ loss: 1 }), 'against: expected positive numbers for a power law, got "a"'],
    ["width", { value: "los" }, (): JsonObject => ({ loss: 1 }), "did you mean loss?"],
    ["widht", {}, (): JsonObject => ({ loss: 1 }), "did you mean width?"],
    ["width", { by: ["width"] }, (): JsonObject => ({ loss: 1 }), "by: expected columns other than width"],
    ["width", {}, (): null => null, 'got "0 of width"'],
  ] as const)("against %s with %j is refused where it has no meaning", (against, options, result, message) => {
    const sweep = sweepOf("8,16", "a", "0..1", result as Result);
    expect(() => fitScaling(sweep, { against, ...options })).toThrow(message);
  });
});
