import { describe, expect, it } from "vitest";
import { buildLaw, gaussian, heavyTailed, type MixtureOptions, mixture } from "../../src/laws/index.ts";
import type { RadialDistribution } from "../../src/laws/law.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import { integrate, kolmogorovDistance, kolmogorovLimit, zScore } from "./check-samples.ts";

function radiusOf(options: MixtureOptions): RadialDistribution {
  const { radius } = buildLaw(mixture(options));
  if (radius === null) throw new Error("the mixture is radial");
  return radius;
}

describe("the mixture of the heavy-tailed and the Gaussian law", () => {
  it("averages the moments and densities of its halves", () => {
    const halves = [
      buildLaw(heavyTailed({ dimension: 8, scale: 2 })).radius,
      buildLaw(gaussian({ dimension: 8 })).radius,
    ];
    const radius = radiusOf({ dimension: 8, scale: 2 });
    const [own, one, other] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
    for (const r of [0.2, 1, 3, 40]) {
      radius.moments(r, own, 0);
      halves[0]?.moments(r, one, 0);
      halves[1]?.moments(r, other, 0);
      for (let k = 0; k < 3; k += 1) expect(own[k]).toBe(0.5 * one[k] + 0.5 * other[k]);
      expect(radius.pdf(r)).toBe(0.5 * (halves[0]?.pdf(r) ?? 0) + 0.5 * (halves[1]?.pdf(r) ?? 0));
    }
    radius.moments(Infinity, own, 0);
    expect([...own]).toEqual([1, Infinity, Infinity]);
    expect(radius.mean).toBe(Infinity);
  });

  it("conditions the mixture, not its halves, on a cutoff", () => {
    const radius = radiusOf({ dimension: 5, radiusCutoff: 1.2 });
    const whole = radiusOf({ dimension: 5 });
    const mass = whole.cdf(1.2);
    for (const r of [0.3, 0.8, 1.19]) expect(Math.abs(radius.cdf(r) - whole.cdf(r) / mass)).toBeLessThanOrEqual(2e-15);
    expect(Math.abs(integrate(radius.pdf, 0, 1.2, 60) - 1)).toBeLessThanOrEqual(1e-13);
    expect(Math.abs(integrate((r) => r * radius.pdf(r), 0, 1.2, 60) - radius.mean)).toBeLessThanOrEqual(1e-13);
    expect(radius.upper).toBe(1.2);
  });

  it("leaves out a half without mass inside the cutoff", () => {
    // At d = 500 the Gaussian half has P(r <= 0.5) < 1e-50; at scale 0.01 the heavy-tailed half is out of reach.
    const noGaussian = radiusOf({ dimension: 500, radiusCutoff: 0.5 });
    expect(noGaussian.mean).toBe(buildLaw(heavyTailed({ dimension: 500, radiusCutoff: 0.5 })).radius?.mean);
    const noHeavy = radiusOf({ dimension: 500, scale: 0.1, radiusCutoff: 2 });
    expect(noHeavy.mean).toBe(buildLaw(gaussian({ dimension: 500, radiusCutoff: 2 })).radius?.mean);
  });

  it("samples its distribution with and without a cutoff", () => {
    const draws = new Float64Array(10_000);
    const range = { first: 0, count: draws.length, step: 0, replica: 0 };
    const whole = radiusOf({ dimension: 3 });
    whole.sample(draws, range, deriveKey(8, "radii"));
    expect(kolmogorovDistance(draws, whole.cdf)).toBeLessThanOrEqual(kolmogorovLimit);
    const radius = radiusOf({ dimension: 3, radiusCutoff: 1.5 });
    radius.sample(draws, range, deriveKey(9, "radii"));
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

  it("refuses a rule without a cutoff, and a cutoff that keeps nothing", () => {
    expect(() => radiusOf({ dimension: 6 }).rule([], 4)).toThrow(/under the mixture law/);
    expect(() => radiusOf({ dimension: 100, radiusCutoff: 0.05 })).toThrow(
      "radiusCutoff: expected a radius within which",
    );
    expect(() => mixture({ dimension: 2001 })).toThrow("dimension: expected an integer in [2, 2000], got 2001");
    expect(mixture({ dimension: 4 })).toEqual({ kind: "mixture", dimension: 4, scale: 2, radiusCutoff: null });
  });
});
