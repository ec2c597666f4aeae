import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invertIncreasing } from "../../src/laws/invert.ts";

describe("invertIncreasing", () => {
  it("finds the argument of any value, from any guess, also where the slope vanishes", () => {
    // Flat at 1 to third order: Newton alone would crawl.
    const flat = (x: number) => (x - 1) ** 3;
    const slope = (x: number) => 3 * (x - 1) ** 2;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (x, guess) => {
          const found = invertIncreasing(flat, slope, flat(x), 0, 5, guess);
          // flat(x) is known to 1e-16 of its size and so (x - 1) to a third of that; near 1 to the cube root of the smallest step.
          expect(Math.abs(found - x)).toBeLessThanOrEqual(2e-15 * Math.max(1, x));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it("gives the ends for values at or beyond them", () => {
    const identity = (x: number) => x;
    const one = () => 1;
    expect(Math.abs(invertIncreasing(identity, one, 3, 1, 2, 1.5) - 2)).toBeLessThanOrEqual(1e-15);
    expect(Math.abs(invertIncreasing(identity, one, 0, 1, 2, 1.5) - 1)).toBeLessThanOrEqual(1e-15);
  });
});
