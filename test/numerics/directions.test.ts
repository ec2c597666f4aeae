import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arrangedDirections,
  createDirectionScratch,
  type DirectionArrangement,
  defaultArrangement,
  deriveKey,
  directionArrangements,
  fillDirectionGroup,
  groupSize,
  mean,
  standardError,
} from "../../src/numerics/index.ts";

const key = deriveKey(1, "directions test");

function dot(matrix: Float64Array, left: number, right: number, dimension: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k += 1) sum += matrix[left * dimension + k] * matrix[right * dimension + k];
  return sum;
}

describe("arranged directions", () => {
  it.each(directionArrangements)("are unit vectors, whatever their number and dimension (%s)", (arrangement) => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 40 }), fc.nat(1000), (d, count, step) => {
        const rows = arrangedDirections(count, arrangement, d, key, step);
        expect(rows).toHaveLength(count * d);
        for (let row = 0; row < count; row += 1) expect(Math.abs(dot(rows, row, row, d) - 1)).toBeLessThan(1e-14);
      }),
      { numRuns: 40 },
    );
  });

  it.each<[DirectionArrangement, number, number]>([
    ["independent", 5, 1],
    ["antithetic-pairs", 5, 2],
    ["frames", 5, 5],
    ["antithetic-frames", 5, 10],
  ])("come in groups (%s in R^%i: %i)", (arrangement, dimension, size) => {
    expect(groupSize(arrangement, dimension)).toBe(size);
  });

  it.each(["antithetic-pairs", "antithetic-frames"] as const)(
    "%s: every second row is minus the row before, to the bit",
    (arrangement) => {
      const d = 4;
      const rows = arrangedDirections(23, arrangement, d, key);
      for (let row = 0; row + 1 < 23; row += 2) {
        for (let k = 0; k < d; k += 1) expect(rows[(row + 1) * d + k]).toBe(-rows[row * d + k]);
      }
    },
  );

  it.each([2, 3, 7, 16])("frames in R^%i are orthonormal to 1e-14, group by group", (d) => {
    const rows = arrangedDirections(3 * d, "frames", d, key);
    for (let group = 0; group < 3; group += 1) {
      for (let i = 0; i < d; i += 1) {
        for (let j = 0; j < i; j += 1) {
          expect(Math.abs(dot(rows, group * d + i, group * d + j, d))).toBeLessThan(1e-14);
        }
      }
    }
  });

  it.each(directionArrangements)("of a truncated set are the first of a longer one (%s)", (arrangement) => {
    const d = 3;
    const long = arrangedDirections(30, arrangement, d, key, 5, 2);
    for (const count of [1, 2, 4, 7, 13]) {
      expect([...arrangedDirections(count, arrangement, d, key, 5, 2)]).toEqual([...long.subarray(0, count * d)]);
    }
  });

  it("depend on key, group, step and replica, and on nothing else", () => {
    const d = 3;
    const scratch = createDirectionScratch(d).fill(NaN);
    const draw = (group: number, step: number, replica: number, from = key) => {
      const out = new Float64Array(2 * d + 1);
      fillDirectionGroup(out, 1, 2, group, "frames", d, from, step, replica, scratch);
      return [...out.subarray(1)];
    };
    expect(draw(4, 5, 6)).toEqual(draw(4, 5, 6));
    const others = [draw(3, 5, 6), draw(4, 4, 6), draw(4, 5, 7), draw(4, 5, 6, deriveKey(2, "directions test"))];
    for (const other of others) expect(other).not.toEqual(draw(4, 5, 6));
  });

  it.each<[DirectionArrangement, number]>([
    ["independent", 4],
    ["antithetic-pairs", 4],
    ["frames", 4],
    ["antithetic-frames", 4],
    ["frames", 2],
    ["frames", 9],
  ])("are uniform one by one: every row of a %s group in R^%i has the sphere's moments", (arrangement, d) => {
    // Haar means that each row, not only the first, is uniform: E u_1 = 0, E u_1^2 = 1/d, E u_1^4 = 3/(d (d+2)), E u_1 u_2 = 0.
    const size = groupSize(arrangement, d);
    const groups = 4000;
    const rows = arrangedDirections(groups * size, arrangement, d, key, 1);
    for (const member of [0, size - 1]) {
      const at = (group: number, k: number) => rows[(group * size + member) * d + k];
      const samples = (value: (group: number) => number) => Float64Array.from({ length: groups }, (_, g) => value(g));
      const moments: [number, Float64Array][] = [
        [0, samples((g) => at(g, 0))],
        [1 / d, samples((g) => at(g, d - 1) ** 2)],
        [3 / (d * (d + 2)), samples((g) => at(g, 0) ** 4)],
        [0, samples((g) => at(g, 0) * at(g, 1))],
      ];
      for (const [expected, values] of moments) {
        expect(Math.abs(mean(values) - expected) / standardError(values)).toBeLessThan(4);
      }
    }
  });

  it("have the entry of a Haar matrix in distribution: in R^3 it is uniform on [-1, 1]", () => {
    // Archimedes. Kolmogorov-Smirnov at 1e-4: 2.23/sqrt(n). The last row's sign is where a QR without sign correction fails.
    const groups = 3000;
    const rows = arrangedDirections(groups * 3, "frames", 3, key, 7);
    for (const entry of [0, 4, 8]) {
      const values = Float64Array.from({ length: groups }, (_, group) => rows[group * 9 + entry]).sort();
      let distance = 0;
      for (let index = 0; index < groups; index += 1) {
        const cdf = (values[index] + 1) / 2;
        distance = Math.max(distance, Math.abs(cdf - index / groups), Math.abs(cdf - (index + 1) / groups));
      }
      expect(distance).toBeLessThan(2.23 / Math.sqrt(groups));
    }
  });

  it("have determinants of either sign equally often: frames are Haar on O(d), not on SO(d)", () => {
    const groups = 2000;
    const rows = arrangedDirections(2 * groups, "frames", 2, key, 9);
    let positive = 0;
    for (let at = 0; at < rows.length; at += 4)
      if (rows[at] * rows[at + 3] - rows[at + 1] * rows[at + 2] > 0) positive += 1;
    expect(Math.abs(positive - groups / 2) / Math.sqrt(groups / 4)).toBeLessThan(4);
  });

  it("in antithetic frames integrate polynomials of degree 3 exactly", () => {
    const d = 5;
    const rows = arrangedDirections(10, "antithetic-frames", d, key, 3);
    let quadratic = 0;
    let product = 0;
    let cubic = 0;
    for (let row = 0; row < 10; row += 1) {
      const at = row * d;
      quadratic += rows[at] ** 2 / 10;
      product += (rows[at] * rows[at + 3]) / 10;
      cubic += (rows[at] ** 2 * rows[at + 1]) / 10;
    }
    expect(Math.abs(quadratic - 1 / d)).toBeLessThan(1e-15);
    expect(Math.abs(product)).toBeLessThan(1e-15);
    expect(cubic).toBe(0);
  });
});

describe("the default arrangement", () => {
  it("is antithetic frames while a frame is cheap, antithetic pairs beyond", () => {
    expect([2, 128, 129, 2000].map(defaultArrangement)).toEqual([
      "antithetic-frames",
      "antithetic-frames",
      "antithetic-pairs",
      "antithetic-pairs",
    ]);
  });
});
