import { describe, expect, it } from "vitest";
import { buildLaw, type HeavyTailedOptions, heavyTailed, heavyTailedFrequency } from "../../src/laws/index.ts";
import type { RadialDistribution } from "../../src/laws/law.ts";
import { besselJ, besselJSequence } from "../../src/numerics/bessel.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import reference from "../reference/heavy-tailed-moments.json" with { type: "json" };
import { integrate, kolmogorovDistance, kolmogorovLimit, zScore } from "./check-samples.ts";

function radiusOf(options: HeavyTailedOptions): RadialDistribution {
  const { radius } = buildLaw(heavyTailed(options));
  if (radius === null) throw new Error("the heavy-tailed law is radial");
  return radius;
}

const range = (count: number) => ({ first: 0, count, step: 3, replica: 0 });

describe("the heavy-tailed law", () => {
  // P(r <= 1), M1(1), M2(1), E f*, E f*^2 to four digits and the median to three, for the default scale without a cutoff.
  it.each([
    [5, 0.8325, 0.3183, 0.1453, 0.5142, 0.3413, 0.375],
    [10, 0.8269, 0.3497, 0.1744, 0.4773, 0.3019, 0.387],
    [50, 0.7972, 0.3639, 0.1887, 0.4333, 0.258, 0.433],
  ])("has the moments of the theory notes at d = %d", (dimension, mass, first, second, mean, meanSquare, median) => {
    const radius = radiusOf({ dimension });
    const moments = new Float64Array(3);
    radius.moments(1, moments, 0);
    expect(Math.abs(moments[0] - mass)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[1] - first)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[2] - second)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[0] - moments[1] - mean)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[0] - 2 * moments[1] + moments[2] - meanSquare)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(radius.quantile(0.5) - median)).toBeLessThanOrEqual(1e-3);
  });

  it.each(reference.rows)(
    "agrees with 25-digit quadrature (d = %d, scale %d, r = %d)",
    (dimension, scale, r, ...expected) => {
      const moments = new Float64Array(3);
      radiusOf({ dimension, scale }).moments(r, moments, 0);
      for (let k = 0; k < 3; k += 1) expect(Math.abs(moments[k] - expected[k])).toBeLessThanOrEqual(3e-13);
    },
  );

  it("keeps 95.8 % within radius 3 at d = 2, 94.1 % at d = 10 and 93.0 % as d grows", () => {
    expect(Math.abs(radiusOf({ dimension: 2 }).cdf(3) - 0.958)).toBeLessThanOrEqual(5e-4);
    expect(Math.abs(radiusOf({ dimension: 10 }).cdf(3) - 0.941)).toBeLessThanOrEqual(5e-4);
    expect(Math.abs(radiusOf({ dimension: 1000 }).cdf(3) - 0.93)).toBeLessThanOrEqual(1e-3);
  });

  it("has P(r <= 1) = .66 at d = 5 and .23 at d = 10 for scale 1", () => {
    expect(Math.abs(radiusOf({ dimension: 5, scale: 1 }).cdf(1) - 0.66)).toBeLessThanOrEqual(5e-3);
    expect(Math.abs(radiusOf({ dimension: 10, scale: 1 }).cdf(1) - 0.23)).toBeLessThanOrEqual(5e-3);
  });

  it.each([
    [2, Math.SQRT2, 0.4],
    [2, 0.7, 2.5],
    [3, 1.1, 1.3],
    [7, 3, 0.9],
    [33, 2, 2.2],
    [200, 10, 1.1],
    [200, Math.sqrt(200), 2.9],
  ])("has the moments that its density integrates to (d = %d, scale %d, r = %d)", (dimension, scale, end) => {
    const radius = radiusOf({ dimension, scale });
    const moments = new Float64Array(3);
    radius.moments(end, moments, 0);
    const pieces = Math.ceil((heavyTailedFrequency(dimension, scale) * end) / 2);
    for (let power = 0; power < 3; power += 1) {
      const integral = integrate((r) => r ** power * radius.pdf(r), 0, end, pieces);
      expect(Math.abs(moments[power] - integral)).toBeLessThanOrEqual(5e-13);
    }
    expect(radius.cdf(end)).toBe(moments[0]);
  });

  it.each([
    [2, 0.3],
    [10, 0.55],
    [24, 1.7],
    [200, 2.6],
  ])("has the closed forms of M_0 (a sum of squares) and M_2 between nodes (d = %d, r = %d)", (dimension, r) => {
    const order = dimension / 2;
    const kappa = heavyTailedFrequency(dimension, Math.sqrt(dimension));
    const s = kappa * r;
    const count = Math.ceil(s - order + 30 + 6 * s ** (1 / 3));
    const squares = new Float64Array(Math.max(count, 40));
    besselJSequence(order, squares.length, s, squares);
    let mass = squares[0] ** 2;
    for (let k = 1; k < squares.length; k += 1) mass += 2 * squares[k] ** 2;
    const moments = new Float64Array(3);
    radiusOf({ dimension }).moments(r, moments, 0);
    expect(Math.abs(moments[0] - mass)).toBeLessThanOrEqual(3e-13);
    const square = besselJ(order, s) ** 2 - besselJ(order - 1, s) * besselJ(order + 1, s);
    expect(Math.abs(moments[2] - (dimension / kappa ** 2) * 0.5 * s * s * square)).toBeLessThanOrEqual(3e-13);
  });

  it("goes on beyond its table without a jump, with E r and E r^2 infinite", () => {
    const before = new Float64Array(3);
    const after = new Float64Array(3);
    for (const dimension of [2, 3, 10, 45, 200]) {
      const radius = radiusOf({ dimension });
      const end = Math.max(10 * dimension, 400) / heavyTailedFrequency(dimension, Math.sqrt(dimension));
      radius.moments(end * (1 - 1e-14), before, 0);
      radius.moments(end * (1 + 1e-14), after, 0);
      for (let power = 0; power < 3; power += 1) {
        // The radius moves by 2e-14 of its size, M_2 ~ r by as much.
        expect(Math.abs(after[power] - before[power])).toBeLessThanOrEqual(3e-13 * Math.max(1, before[power]));
      }
      radius.moments(Infinity, after, 0);
      expect([...after]).toEqual([1, Infinity, Infinity]);
      expect([radius.upper, radius.mean, radius.secondMoment]).toEqual([Infinity, Infinity, Infinity]);
    }
  });

  it("has the tail d/(pi kappa r)", () => {
    for (const dimension of [2, 11, 300]) {
      const kappa = heavyTailedFrequency(dimension, Math.sqrt(dimension));
      const radius = radiusOf({ dimension });
      for (const s of [1e5, 1e7]) {
        const ratio = (1 - radius.cdf(s / kappa)) / (dimension / (Math.PI * s));
        // Next terms: 1/(2s) from the oscillation, (nu/s)^2, and the rounding of 1 - tail.
        expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(1 / s + (dimension / s) ** 2 + (4e-16 * s) / dimension);
      }
    }
  });

  it("approaches r = c/|cos Theta| as d grows", () => {
    const error = (dimension: number, r: number): number => {
      const c = dimension / 2 / heavyTailedFrequency(dimension, Math.sqrt(dimension));
      return Math.abs(radiusOf({ dimension }).cdf(r) - (2 / Math.PI) * Math.acos(c / r));
    };
    for (const r of [0.6, 1, 2.5]) expect(error(1000, r)).toBeLessThanOrEqual(1 / 500);
  });

  it("samples its distribution, table and tail alike", () => {
    const radius = radiusOf({ dimension: 50 });
    const draws = new Float64Array(30_000);
    radius.sample(draws, range(draws.length), deriveKey(1, "radii"));
    expect(kolmogorovDistance(draws, radius.cdf)).toBeLessThanOrEqual(kolmogorovLimit);
    const end = 500 / heavyTailedFrequency(50, Math.sqrt(50));
    const mass = 1 - radius.cdf(end);
    const far = draws.filter((r) => r > end);
    expect(Math.abs(far.length - mass * draws.length)).toBeLessThanOrEqual(4 * Math.sqrt(mass * draws.length));
    expect(far.length).toBeGreaterThan(500);
    expect(kolmogorovDistance(far, (r) => 1 - (1 - radius.cdf(r)) / mass)).toBeLessThanOrEqual(kolmogorovLimit);
  });

  it("conditioned on a cutoff, samples and averages r <= Rc alone", () => {
    const radius = radiusOf({ dimension: 10, radiusCutoff: 3 });
    const whole = radiusOf({ dimension: 10 });
    const mass = whole.cdf(3);
    const moments = new Float64Array(6);
    for (const r of [0.2, 0.7, 1, 2.9]) {
      radius.moments(r, moments, 0);
      whole.moments(r, moments, 3);
      for (let power = 0; power < 3; power += 1) {
        expect(Math.abs(moments[power] - moments[3 + power] / mass)).toBeLessThanOrEqual(1e-14);
      }
    }
    radius.moments(Infinity, moments, 0);
    expect([...moments.subarray(0, 3)]).toEqual([1, radius.mean, radius.secondMoment]);
    expect(radius.upper).toBe(3);
    expect(radius.cdf(4)).toBe(1);
    expect(radius.pdf(4)).toBe(0);
    const draws = new Float64Array(20_000);
    radius.sample(draws, range(draws.length), deriveKey(2, "radii"));
    expect(Math.max(...draws)).toBeLessThanOrEqual(3);
    expect(kolmogorovDistance(draws, radius.cdf)).toBeLessThanOrEqual(kolmogorovLimit);
    expect(Math.abs(zScore(draws, radius.mean))).toBeLessThanOrEqual(4);
    expect(
      Math.abs(
        zScore(
          draws.map((r) => r * r),
          radius.secondMoment,
        ),
      ),
    ).toBeLessThanOrEqual(4);
  });

  it("keeps its accuracy under a cutoff inside the void that leaves a millionth of the mass", () => {
    const whole = radiusOf({ dimension: 60 });
    const radiusCutoff = whole.quantile(3e-6);
    const radius = radiusOf({ dimension: 60, radiusCutoff });
    const mass = integrate(whole.pdf, 0, radiusCutoff, 40);
    const mean = integrate((r) => r * whole.pdf(r), 0, radiusCutoff, 40) / mass;
    expect(Math.abs(radius.mean / mean - 1)).toBeLessThanOrEqual(1e-9);
    expect(
      Math.abs(radius.cdf(0.9 * radiusCutoff) - integrate(radius.pdf, 0, 0.9 * radiusCutoff, 40)),
    ).toBeLessThanOrEqual(1e-9);
  });

  it("works at the ends of its ranges", () => {
    for (const options of [
      { dimension: 2, scale: 1e6, radiusCutoff: 1e6 },
      { dimension: 2000, scale: 1e-3, radiusCutoff: 1e6 },
      { dimension: 3, scale: 1e-6 },
    ]) {
      const radius = radiusOf(options);
      for (const p of [0, 1e-3, 0.5, 0.99, 0.9999999]) {
        expect(Math.abs(radius.cdf(radius.quantile(p)) - p)).toBeLessThanOrEqual(1e-12);
      }
    }
    expect(() => radiusOf({ dimension: 2, scale: 1e6, radiusCutoff: 1e6 }).rule([], 4)).toThrow(
      /radiusCutoff: expected at most 200000 oscillations .* take a smaller radiusCutoff or scale/,
    );
  });

  it("takes a cutoff beyond its table", () => {
    const radius = radiusOf({ dimension: 4, radiusCutoff: 500 });
    const whole = radiusOf({ dimension: 4 });
    for (const p of [0.1, 0.9, 0.999, 0.99999]) {
      expect(Math.abs(radius.cdf(radius.quantile(p)) - p)).toBeLessThanOrEqual(1e-12);
      expect(Math.abs(radius.quantile(p) - whole.quantile(p * whole.cdf(500)))).toBeLessThanOrEqual(1e-8);
    }
    expect(radius.mean).toBeLessThan(500);
  });

  it("refuses what it cannot be, with the range in the message", () => {
    const of = (options: object) => () => heavyTailed(options as HeavyTailedOptions);
    expect(of({ dimension: 1 })).toThrow("dimension: expected an integer in [2, 2000], got 1");
    expect(of({ dimension: 2001 })).toThrow("dimension: expected");
    expect(of({ dimension: 4.5 })).toThrow("dimension: expected");
    expect(of({})).toThrow("dimension: expected an integer in [2, 2000], got undefined");
    expect(of({ dimension: 10, scale: 0 })).toThrow("scale: expected a number in (0, 1000000], got 0");
    expect(of({ dimension: 10, scale: Number.NaN })).toThrow("scale: expected");
    expect(of({ dimension: 10, radiusCutoff: -3 })).toThrow(
      "radiusCutoff: expected a number in (0, 1000000] or null, got -3",
    );
    expect(of({ dimension: 10, radiusCutoff: Number.NaN })).toThrow("radiusCutoff: expected");
    expect(() => buildLaw(heavyTailed({ dimension: 100, radiusCutoff: 0.05 }))).toThrow(
      "radiusCutoff: expected a radius within which the law has a mass of at least 0.000001, got 0.05",
    );
    expect(() => radiusOf({ dimension: 10 }).rule([1], 8)).toThrow(
      /radiusCutoff: expected a number for a Gauss rule .* take radiusCutoff = 3/,
    );
    expect(() => radiusOf({ dimension: 10 }).rule([1], 8)).toThrow(
      expect.objectContaining({ code: "unsupported-combination" }),
    );
    expect(() => radiusOf({ dimension: 10 }).quantile(1.5)).toThrow(
      "probability: expected a number in [0, 1], got 1.5",
    );
    expect(() => radiusOf({ dimension: 10 }).cdf(Number.NaN)).toThrow("radius: expected a number, got NaN");
  });

  it("is frozen plain data with its defaults filled in", () => {
    const spec = heavyTailed({ dimension: 9 });
    expect(spec).toEqual({ kind: "heavy-tailed", dimension: 9, scale: 3, radiusCutoff: null });
    expect(Object.isFrozen(spec)).toBe(true);
  });
});
