import { describe, expect, it } from "vitest";
import { ball, buildLaw } from "../../src/laws/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import { integrate, kolmogorovDistance, kolmogorovLimit } from "./check-samples.ts";

describe("the uniform law in a ball", () => {
  it.each([
    [2, 1],
    [3, 2.5],
    [40, 0.7],
  ])("has the moments that its density integrates to (d = %d, R = %d)", (dimension, ballRadius) => {
    const radius = buildLaw(ball({ dimension, ballRadius })).radius;
    const moments = new Float64Array(3);
    for (const share of [0.3, 0.9, 1]) {
      radius?.moments(share * ballRadius, moments, 0);
      for (let power = 0; power < 3; power += 1) {
        const integral = integrate((r) => r ** power * (radius?.pdf(r) ?? 0), 0, share * ballRadius, 20);
        expect(Math.abs(moments[power] - integral)).toBeLessThanOrEqual(1e-14 * Math.max(1, ballRadius ** power));
      }
    }
    radius?.moments(Infinity, moments, 0);
    expect([...moments]).toEqual([1, radius?.mean, radius?.secondMoment]);
  });

  it("fills the ball uniformly: |x|^d is uniform, and half of the first coordinates are negative", () => {
    const law = buildLaw(ball({ dimension: 3, ballRadius: 2 }));
    const count = 4000;
    const points = new Float64Array(3 * count);
    law.sample(
      points,
      { first: 10, count, step: 0, replica: 0 },
      { directions: deriveKey(1, "u"), radii: deriveKey(1, "r") },
    );
    const volumes = new Float64Array(count).map(
      (_, row) => (Math.hypot(...points.subarray(3 * row, 3 * row + 3)) / 2) ** 3,
    );
    expect(kolmogorovDistance(volumes, (v) => Math.min(1, v))).toBeLessThanOrEqual(kolmogorovLimit);
    // The density of a coordinate of the 3-ball is (3/4)(1 - t^2): its cdf is (2 + 3 t - t^3)/4.
    const coordinates = new Float64Array(count).map((_, row) => points[3 * row] / 2);
    expect(kolmogorovDistance(coordinates, (t) => (2 + 3 * t - t ** 3) / 4)).toBeLessThanOrEqual(kolmogorovLimit);
  });

  it("refuses a radius that is not positive", () => {
    expect(() => ball({ dimension: 3, ballRadius: 0 })).toThrow("ballRadius: expected a number in (0, 1000000], got 0");
    expect(() => ball({ dimension: 0 })).toThrow("dimension: expected an integer in [2, 100000], got 0");
    expect(ball({ dimension: 3 })).toEqual({ kind: "ball", dimension: 3, ballRadius: 1 });
  });
});
