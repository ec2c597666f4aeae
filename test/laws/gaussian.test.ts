import { describe, expect, it } from "vitest";
import { buildLaw, type GaussianOptions, gaussian } from "../../src/laws/index.ts";
import type { RadialDistribution } from "../../src/laws/law.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import { erf } from "../../src/numerics/special-functions.ts";
import { integrate, kolmogorovDistance, kolmogorovLimit, zScore } from "./check-samples.ts";

function radiusOf(options: GaussianOptions): RadialDistribution {
  const { radius } = buildLaw(gaussian(options));
  if (radius === null) throw new Error("the Gaussian law is radial");
  return radius;
}

/**
 * P(k, y), the regularised incomplete gamma function at integer and half-integer k, by the finite sum
 * P(k + 1, y) = P(k, y) - y^k e^-y / Gamma(k + 1) from P(1, y) = 1 - e^-y, P(1/2, y) = erf(sqrt y).
 */
function incompleteGamma(k: number, y: number): number {
  const isInteger = Number.isInteger(k);
  let value = isInteger ? -Math.expm1(-y) : erf(Math.sqrt(y));
  let term = isInteger ? y * Math.exp(-y) : (Math.sqrt(y) * Math.exp(-y) * 2) / Math.sqrt(Math.PI);
  for (let at = isInteger ? 1 : 0.5; at < k; at += 1) {
    value -= term;
    term *= y / (at + 1);
  }
  return value;
}

const range = (count: number) => ({ first: 0, count, step: 0, replica: 2 });

describe("the Gaussian law", () => {
  it.each([2, 3, 8, 15, 40])("has the moments of a chi variable at d = %d: incomplete gamma functions", (dimension) => {
    const radius = radiusOf({ dimension });
    const moments = new Float64Array(3);
    for (const r of [0.1, 0.5, 0.93, 1.2, 2.5]) {
      radius.moments(r, moments, 0);
      const y = (dimension * r * r) / 2;
      const expected = [
        incompleteGamma(dimension / 2, y),
        radius.mean * incompleteGamma((dimension + 1) / 2, y),
        incompleteGamma(dimension / 2 + 1, y),
      ];
      // Hermite interpolation of a density with |p^(5)| < 100 in s = sqrt(d) r at step 1/64: 64^-6 * 100/46080.
      for (let k = 0; k < 3; k += 1) expect(Math.abs(moments[k] - expected[k])).toBeLessThanOrEqual(3.2e-14);
    }
  });

  it("has E r = sqrt(2/d) Gamma((d+1)/2)/Gamma(d/2) and E r^2 = 1, both equal to the end of its table", () => {
    for (const [dimension, mean] of [
      [2, Math.sqrt(Math.PI) / 2],
      [3, Math.sqrt(8 / (3 * Math.PI))],
      [4, (3 / 8) * Math.sqrt(2 * Math.PI) * Math.SQRT1_2 * Math.SQRT2],
    ]) {
      const radius = radiusOf({ dimension });
      expect(Math.abs(radius.mean - mean)).toBeLessThanOrEqual(1e-15);
      const moments = new Float64Array(3);
      radius.moments(9, moments, 0);
      expect([...moments]).toEqual([1, radius.mean, 1]);
      radius.moments((Math.sqrt(dimension) + 9.4) / Math.sqrt(dimension), moments, 0);
      for (const [k, value] of [1, mean, 1].entries())
        expect(Math.abs(moments[k] - value)).toBeLessThanOrEqual(3.2e-14);
    }
  });

  it.each([2, 7, 2000, 100_000])(
    "has a density that integrates to 1 and to its distribution function at d = %d",
    (dimension) => {
      const radius = radiusOf({ dimension });
      const low = Math.max(0, 1 - 9.5 / Math.sqrt(dimension));
      const high = 1 + 9.5 / Math.sqrt(dimension);
      expect(Math.abs(integrate(radius.pdf, low, high, 40) - 1)).toBeLessThanOrEqual(2e-14);
      expect(Math.abs(integrate(radius.pdf, low, 0.99, 40) - radius.cdf(0.99))).toBeLessThanOrEqual(2e-14);
    },
  );

  it("samples N(0, I/d): every coordinate is normal with variance 1/d, and radii follow the law", () => {
    const law = buildLaw(gaussian({ dimension: 6 }));
    const count = 4000;
    const points = new Float64Array(6 * count);
    law.sample(points, range(count), { directions: deriveKey(5, "x"), radii: deriveKey(5, "r") });
    const normalCdf = (x: number) => 0.5 * (1 + erf((x * Math.sqrt(6)) / Math.SQRT2));
    expect(kolmogorovDistance(points, normalCdf)).toBeLessThanOrEqual(kolmogorovLimit);
    const radii = new Float64Array(count).map((_, row) => Math.hypot(...points.subarray(6 * row, 6 * row + 6)));
    expect(kolmogorovDistance(radii, radiusOf({ dimension: 6 }).cdf)).toBeLessThanOrEqual(kolmogorovLimit);
    radiusOf({ dimension: 6 }).sample(radii, range(count), deriveKey(5, "r"));
    expect(kolmogorovDistance(radii, radiusOf({ dimension: 6 }).cdf)).toBeLessThanOrEqual(kolmogorovLimit);
  });

  it("conditioned on a cutoff has smaller moments, and its samples have them", () => {
    const law = buildLaw(gaussian({ dimension: 3, radiusCutoff: 1 }));
    const radius = radiusOf({ dimension: 3, radiusCutoff: 1 });
    const mass = incompleteGamma(1.5, 1.5);
    expect(Math.abs(radius.secondMoment - incompleteGamma(2.5, 1.5) / mass)).toBeLessThanOrEqual(1e-13);
    const points = new Float64Array(3 * 5000);
    law.sample(points, range(5000), { directions: deriveKey(6, "x"), radii: deriveKey(6, "r") });
    const squares = new Float64Array(5000).map((_, row) => Math.hypot(...points.subarray(3 * row, 3 * row + 3)) ** 2);
    expect(Math.max(...squares)).toBeLessThanOrEqual(1 + 1e-15);
    expect(Math.abs(zScore(squares, radius.secondMoment))).toBeLessThanOrEqual(4);
  });

  it("refuses a dimension or cutoff outside its range", () => {
    expect(() => gaussian({ dimension: 1 })).toThrow("dimension: expected an integer in [2, 100000], got 1");
    expect(() => gaussian({ dimension: 3, radiusCutoff: 0 })).toThrow(
      "radiusCutoff: expected a number in (0, 1000000] or null, got 0",
    );
    expect(() => buildLaw(gaussian({ dimension: 200, radiusCutoff: 0.3 }))).toThrow(
      "radiusCutoff: expected a radius within which",
    );
    expect(gaussian({ dimension: 3 })).toEqual({ kind: "gaussian", dimension: 3, radiusCutoff: null });
  });
});
