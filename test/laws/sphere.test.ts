import { describe, expect, it } from "vitest";
import { buildLaw, sphere } from "../../src/laws/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";

describe("the uniform law on a sphere", () => {
  const law = buildLaw(sphere({ dimension: 4, sphereRadius: 1.5 }));
  const { radius } = law;

  it("has steps for moments, closed on the right", () => {
    const moments = new Float64Array(3);
    radius?.moments(1.4999, moments, 0);
    expect([...moments]).toEqual([0, 0, 0]);
    for (const r of [1.5, 2, Infinity]) {
      radius?.moments(r, moments, 0);
      expect([...moments]).toEqual([1, 1.5, 2.25]);
    }
    expect([radius?.cdf(1.4999), radius?.cdf(1.5), radius?.cdf(2)]).toEqual([0, 1, 1]);
    expect([radius?.pdf(1), radius?.pdf(1.5), radius?.pdf(2)]).toEqual([0, Infinity, 0]);
    expect([radius?.quantile(0), radius?.quantile(1e-9), radius?.quantile(1)]).toEqual([0, 1.5, 1.5]);
  });

  it("puts every sample at its radius, and its rule is one node", () => {
    const points = new Float64Array(4 * 50);
    law.sample(
      points,
      { first: 0, count: 50, step: 0, replica: 0 },
      { directions: deriveKey(1, "u"), radii: deriveKey(1, "r") },
    );
    for (let row = 0; row < 50; row += 1) {
      expect(Math.abs(Math.hypot(...points.subarray(4 * row, 4 * row + 4)) - 1.5)).toBeLessThanOrEqual(1e-15);
    }
    expect(radius?.rule([1], 8)).toEqual({ nodes: Float64Array.of(1.5), weights: Float64Array.of(1) });
  });

  it("refuses a radius that is not positive", () => {
    expect(() => sphere({ dimension: 3, sphereRadius: -1 })).toThrow(
      "sphereRadius: expected a number in (0, 1000000], got -1",
    );
    expect(sphere({ dimension: 3 })).toEqual({ kind: "sphere", dimension: 3, sphereRadius: 1 });
  });
});
