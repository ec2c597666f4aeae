import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPositiveSorter } from "../../src/numerics/index.ts";

function sorted(values: readonly number[]): number[] {
  const order = new Uint32Array(values.length + 3).fill(77);
  createPositiveSorter(values.length).sort(Float64Array.from(values), values.length, order);
  expect([...order.subarray(values.length)]).toEqual([77, 77, 77]);
  return [...order.subarray(0, values.length)];
}

/** The same order by a stable comparison sort. */
function expected(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((left, right) => values[left] - values[right] || left - right);
}

const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });

describe("the order of positive numbers", () => {
  it("is that of a stable comparison sort, over the whole range of doubles", () => {
    fc.assert(
      fc.property(fc.array(positive, { maxLength: 200 }), (values) => {
        expect(sorted(values)).toEqual(expected(values));
      }),
      { numRuns: 200 },
    );
  });

  it("is right where numbers differ only in their last bits, which the radix passes do not see", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 60 }), positive, (ulps, base) => {
        const values = ulps.map(
          (ulp) => Math.min(Number.MAX_VALUE, base * (1 + ulp * Number.EPSILON)) || Number.MIN_VALUE,
        );
        expect(sorted(values)).toEqual(expected(values));
      }),
      { numRuns: 200 },
    );
  });

  it("keeps equal numbers in the order of their indices, so that it is unique", () => {
    expect(sorted([2, 1, 2, 1, 2])).toEqual([1, 3, 0, 2, 4]);
  });

  it("takes zeros, denormals and infinities, which kinks can become by rounding", () => {
    expect(sorted([Infinity, 1, 0, Number.MIN_VALUE, Infinity, 1e300])).toEqual([2, 3, 1, 5, 0, 4]);
  });

  it("can be asked again for fewer numbers, and leaves nothing behind", () => {
    const sorter = createPositiveSorter(4);
    const order = new Uint32Array(4);
    sorter.sort(Float64Array.of(4, 3, 2, 1), 4, order);
    sorter.sort(Float64Array.of(9, 8), 2, order);
    expect([...order.subarray(0, 2)]).toEqual([1, 0]);
    sorter.sort(new Float64Array(), 0, order);
    expect([...order.subarray(0, 2)]).toEqual([1, 0]);
  });
});
