import { describe, expect, it } from "vitest";
import { buildLaw, heavyTailed } from "../../src/laws/index.ts";

describe("the heavy-tailed law", () => {
  // P(r <= 1), M1(1), M2(1), E f*, E f*^2, median: the table of docs/theory, scale sqrt(d), no cutoff, four digits
  it.each([
    [5, 0.8325, 0.3183, 0.1453, 0.5142, 0.3413, 0.375],
    [10, 0.8269, 0.3497, 0.1744, 0.4773, 0.3019, 0.387],
    [50, 0.7972, 0.3639, 0.1887, 0.4333, 0.258, 0.433],
  ])("has the moments of the table at d = %d", (dimension, mass, first, second, mean, meanSquare, median) => {
    const radius = buildLaw(heavyTailed({ dimension })).radius;
    if (radius === null) throw new Error("radial");
    const moments = new Float64Array(3);
    radius.moments(1, moments, 0);
    expect(Math.abs(moments[0] - mass)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[1] - first)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[2] - second)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[0] - moments[1] - mean)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(moments[0] - 2 * moments[1] + moments[2] - meanSquare)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(radius.quantile(0.5) - median)).toBeLessThanOrEqual(5.1e-4);
  });
});
