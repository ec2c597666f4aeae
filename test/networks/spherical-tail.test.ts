import { describe, expect, test } from "vitest";
import { createSphericalMean } from "../../src/networks/spherical-mean.ts";
import { createSphericalSums } from "../../src/networks/spherical-sums.ts";
import { sphericalTail } from "../../src/networks/spherical-tail.ts";
import reference from "../reference/spherical-mean.json" with { type: "json" };

/** (A, T) at a threshold in [0, 1], through the loops that use the tail: one neuron with norm 1 and the offset -t at radius 1. */
function meanAndTail(dimension: number, threshold: number): readonly [number, number] {
  const sums = createSphericalSums(dimension, Float64Array.of(1), 1);
  const byScale = new Float64Array(1);
  const byOffset = new Float64Array(1);
  sums.add(Float64Array.of(1), Float64Array.of(1), Float64Array.of(-threshold), new Float64Array(1));
  sums.integrate(Float64Array.of(1), byScale, byOffset);
  return [byScale[0], byOffset[0]];
}

describe("A and T without a table", () => {
  test("agree with 40-digit values to 2e-15 and 1e-15 + 1e-17 d, in dimensions 2 to 100000", () => {
    for (const [dimension, threshold, byScale, byOffset] of reference.values) {
      const [mean, tail] = meanAndTail(dimension, Math.abs(threshold));
      // For t < 0 the probability is that of the other side.
      const expected = threshold < 0 ? 1 - byOffset : byOffset;
      const rounding = threshold < 0 ? 1e-16 : 0;
      expect(Math.abs(mean - byScale)).toBeLessThan(2e-15);
      expect(Math.abs(tail - expected)).toBeLessThan(1e-15 + rounding + 1e-17 * dimension);
    }
  });

  test.each([2, 3, 4, 9, 10, 17, 32, 100, 500])("agree with the table everywhere, d = %i", (dimension) => {
    const phi = createSphericalMean(dimension);
    const out = new Float64Array(3);
    for (let index = 0; index <= 200; index += 1) {
      const threshold = Math.tanh((index / 50) * Math.min(2, 6 / Math.sqrt(dimension)));
      const [mean, tail] = meanAndTail(dimension, threshold);
      phi.evaluate(1, -threshold, out);
      expect(Math.abs(mean - out[1])).toBeLessThan(2e-14);
      expect(Math.abs(tail - out[2])).toBeLessThan(2e-14);
    }
  });

  test("are 0 from threshold 1 on, and 1/2 of the mass lies beyond 0", () => {
    for (const dimension of [2, 3, 10, 101]) {
      expect(meanAndTail(dimension, 1)).toEqual([0, 0]);
      expect(meanAndTail(dimension, 7)).toEqual([0, 0]);
      expect(Math.abs(meanAndTail(dimension, 0)[1] - 0.5)).toBeLessThan(2e-15);
    }
  });

  test("need a polynomial of at most 36 coefficients, a multiple of 4, 24 of them in ten dimensions", () => {
    expect(sphericalTail(10).coefficients.length).toBe(24);
    for (const dimension of [2, 3, 5, 30, 300, 3000, 30_000]) {
      const { length } = sphericalTail(dimension).coefficients;
      expect(length % 4).toBe(0);
      expect(length).toBeLessThanOrEqual(36);
    }
  });
});
