import { describe, expect, it } from "vitest";
import { besselPair } from "../../src/numerics/bessel.ts";
import { besselOnGrid } from "../../src/numerics/bessel-grid.ts";

describe("besselOnGrid", () => {
  it.each([
    [0.5, 1 / 32, 3000],
    [1, 1 / 32, 3000],
    [5, 1 / 32, 8000],
    [16.5, 1 / 64, 4000],
    [100, 1 / 32, 30_000],
    [1000, 1 / 32, 70_000],
  ])("agrees with single values at order %d, step %d", (order, step, count) => {
    const values = new Float64Array(count);
    const slopes = new Float64Array(count);
    besselOnGrid(order, step, values, slopes);
    const pair = new Float64Array(2);
    for (let node = 1; node < count; node += 1 + Math.floor(count / 1500)) {
      const s = node * step;
      besselPair(order, s, pair);
      const slope = (order / s) * pair[0] - pair[1];
      // Below the turning point relative to J, beyond it to the envelope (2/pi)^(1/2) (s^2 - nu^2)^(-1/4), finite at s = nu.
      const size = s > order ? Math.abs(pair[0]) + 0.8 * (s * s - order * order + s) ** -0.25 : Math.abs(pair[0]);
      // Where J < 1e-290 single values underflow in their own way.
      expect(Math.abs(values[node] - pair[0])).toBeLessThanOrEqual(4e-14 * size + 1e-290);
      expect(Math.abs(slopes[node] - slope)).toBeLessThanOrEqual(4e-14 * size * Math.max(1, (2 * order) / s) + 1e-290);
    }
  });

  it("starts with the values at 0", () => {
    for (const [order, value, slope] of [
      [0.5, 0, Infinity],
      [1, 0, 0.5],
      [1.5, 0, 0],
      [7, 0, 0],
    ]) {
      const values = new Float64Array(1);
      const slopes = new Float64Array(1);
      besselOnGrid(order, 1 / 32, values, slopes);
      expect([values[0], slopes[0]]).toEqual([value, slope]);
    }
  });
});
