import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleDirections } from "../../src/laws/index.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";
import { regularizedIncompleteBeta } from "../../src/numerics/special-functions.ts";
import { kolmogorovDistance, kolmogorovLimit } from "./check-samples.ts";

const key = deriveKey(4, "directions");

describe("sampleDirections", () => {
  it("gives unit vectors whose coordinates have the law of the sphere", () => {
    const count = 3000;
    for (const dimension of [2, 7]) {
      const out = new Float64Array(count * dimension);
      sampleDirections(out, { first: 0, count, step: 0, replica: 0 }, dimension, key);
      const last = new Float64Array(count);
      for (let row = 0; row < count; row += 1) {
        const norm = Math.hypot(...out.subarray(row * dimension, (row + 1) * dimension));
        expect(Math.abs(norm - 1)).toBeLessThanOrEqual(1e-15);
        last[row] = out[(row + 1) * dimension - 1];
      }
      const shape = (dimension - 1) / 2;
      expect(kolmogorovDistance(last, (t) => regularizedIncompleteBeta(shape, shape, (1 + t) / 2))).toBeLessThanOrEqual(
        kolmogorovLimit,
      );
    }
  });

  it("takes coordinate k of sample s from the normal at position s d + k", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 100_000 }), (dimension, sample) => {
        const row = new Float64Array(dimension);
        sampleDirections(row, { first: sample, count: 1, step: 9, replica: 4 }, dimension, key);
        const normals = new Float64Array(dimension);
        fillNormal(normals, 0, dimension, sample * dimension, key, 0, 9, 4);
        const norm = Math.hypot(...normals);
        for (let k = 0; k < dimension; k += 1) expect(Math.abs(row[k] - normals[k] / norm)).toBeLessThanOrEqual(1e-15);
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it("refuses ranges outside the stream and arrays that are too short", () => {
    const sample =
      (range: object, length = 10) =>
      () =>
        sampleDirections(new Float64Array(length), { first: 0, count: 2, step: 0, replica: 0, ...range }, 5, key);
    expect(sample({})).not.toThrow();
    expect(sample({ first: -1 })).toThrow("first: expected an integer >= 0, got -1");
    expect(sample({ count: 1.5 })).toThrow("count: expected an integer in [0, 1717986918], got 1.5");
    expect(sample({ first: 2 ** 33 })).toThrow(
      "count: expected an integer in [0, 0], got 2; take a new step or replica instead",
    );
    expect(sample({ step: -1 })).toThrow("step: expected an integer in [0, 4294967295], got -1");
    expect(sample({ replica: Number.NaN })).toThrow("replica: expected");
    expect(sample({}, 9)).toThrow("out: expected an array of at least 10 numbers, got 9");
  });
});
