import { describe, expect, test } from "vitest";
import { orthonormalizeRows } from "../../src/numerics/orthonormal-frames.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";

function gaussianRows(count: number, label: number): Float64Array {
  const rows = new Float64Array(count);
  fillNormal(rows, 0, count, 0, deriveKey(5, "frames", label), 0, 0, 0);
  return rows;
}

function largestDeparture(matrix: Float64Array, offset: number, rows: number, dimension: number): number {
  let worst = 0;
  for (let left = 0; left < rows; left += 1) {
    for (let right = 0; right <= left; right += 1) {
      let product = left === right ? -1 : 0;
      for (let column = 0; column < dimension; column += 1) {
        product += matrix[offset + left * dimension + column] * matrix[offset + right * dimension + column];
      }
      worst = Math.max(worst, Math.abs(product));
    }
  }
  return worst;
}

describe("orthonormalizeRows", () => {
  test("gives orthonormal rows to 1e-14 in dimensions 1 to 300 and leaves the rest of the array alone", () => {
    for (const [rows, dimension] of [
      [1, 1],
      [2, 2],
      [3, 10],
      [10, 10],
      [300, 300],
    ]) {
      const matrix = gaussianRows(rows * dimension + 7, rows);
      const copy = matrix.slice();
      orthonormalizeRows(matrix, 3, rows, dimension);
      expect(largestDeparture(matrix, 3, rows, dimension)).toBeLessThan(1e-14);
      expect(matrix.slice(0, 3)).toEqual(copy.slice(0, 3));
      expect(matrix.slice(3 + rows * dimension)).toEqual(copy.slice(3 + rows * dimension));
    }
  });

  test("gives the bits of Gram-Schmidt row after row, each row projected twice, for any number of rows", () => {
    for (const [rows, dimension] of [
      [1, 3],
      [4, 4],
      [5, 7],
      [6, 6],
      [8, 20],
      [33, 33],
    ]) {
      const matrix = gaussianRows(rows * dimension, 50 + rows);
      const expected = matrix.slice();
      const rowOf = (row: number) => expected.subarray(row * dimension, (row + 1) * dimension);
      const productOf = (left: Float64Array, right: Float64Array) =>
        left.reduce((sum, entry, column) => sum + entry * right[column], 0);
      for (let row = 0; row < rows; row += 1) {
        const own = rowOf(row);
        for (const earlier of [...Array(row).keys(), ...Array(row).keys()].map(rowOf)) {
          const product = productOf(own, earlier);
          for (let column = 0; column < dimension; column += 1) own[column] -= product * earlier[column];
        }
        const scale = 1 / Math.sqrt(productOf(own, own));
        for (let column = 0; column < dimension; column += 1) own[column] *= scale;
      }
      orthonormalizeRows(matrix, 0, rows, dimension);
      expect(matrix).toEqual(expected);
    }
  });

  test("stays orthonormal to 1e-14 for rows that are dependent up to 1e-9", () => {
    const matrix = gaussianRows(25, 1);
    for (let at = 5; at < 25; at += 1) matrix[at] = matrix[at % 5] + 1e-9 * matrix[at];
    orthonormalizeRows(matrix, 0, 5, 5);
    expect(largestDeparture(matrix, 0, 5, 5)).toBeLessThan(1e-14);
  });

  test("keeps the span of the first rows, with a positive product of each row with its Gaussian", () => {
    const before = gaussianRows(12, 2);
    const after = before.slice();
    orthonormalizeRows(after, 0, 3, 4);
    const product = (left: number, right: number): number =>
      [0, 1, 2, 3].reduce((sum, column) => sum + before[left * 4 + column] * after[right * 4 + column], 0);
    for (let row = 0; row < 3; row += 1) {
      expect(product(row, row)).toBeGreaterThan(0);
      for (let later = row + 1; later < 3; later += 1) expect(Math.abs(product(row, later))).toBeLessThan(1e-14);
    }
  });

  test("gives Haar frames: entries have mean 0, second moment 1/d, and last rows the fourth moment 3/(d(d+2))", () => {
    const dimension = 4;
    const draws = 20_000;
    let sum = 0;
    let squares = 0;
    let fourths = 0;
    let traces = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const matrix = gaussianRows(dimension * dimension, 100 + draw);
      orthonormalizeRows(matrix, 0, dimension, dimension);
      const entry = matrix[dimension * dimension - 1];
      sum += entry;
      squares += entry ** 2;
      fourths += entry ** 4;
      let trace = 0;
      for (let row = 0; row < dimension; row += 1) trace += matrix[row * dimension + row];
      traces += trace ** 2;
    }
    // Moments of one coordinate of the sphere in d = 4: E u^2 = 1/4, E u^4 = 1/8, E u^6 = 5/64, E u^8 = 7/128.
    expect(Math.abs(sum / draws) / Math.sqrt(1 / 4 / draws)).toBeLessThan(4);
    expect(Math.abs(squares / draws - 1 / 4) / Math.sqrt((1 / 8 - 1 / 16) / draws)).toBeLessThan(4);
    expect(Math.abs(fourths / draws - 1 / 8) / Math.sqrt((7 / 128 - 1 / 64) / draws)).toBeLessThan(4);
    // Under Haar measure on O(4), E (trace)^2 = 1 and E (trace)^4 = 3 (Diaconis, Shahshahani 1994).
    expect(Math.abs(traces / draws - 1) / Math.sqrt(2 / draws)).toBeLessThan(4);
  });

  test("refuses more rows than dimensions, short arrays, dependent rows and NaN", () => {
    expect(() => orthonormalizeRows(new Float64Array(6), 0, 3, 2)).toThrow(
      "rows: expected an integer in [1, 2], got 3",
    );
    expect(() => orthonormalizeRows(new Float64Array(5), 2, 2, 2)).toThrow(
      "offset: expected room for 2 rows of 2 numbers",
    );
    expect(() => orthonormalizeRows(Float64Array.of(1, 2, 2, 4), 0, 2, 2)).toThrow("linearly independent");
    expect(() => orthonormalizeRows(Float64Array.of(0.1, 0.7, 0.3, 2.1), 0, 2, 2)).toThrow("linearly independent");
    expect(() => orthonormalizeRows(Float64Array.of(1, Number.NaN), 0, 1, 2)).toThrow("row 0");
  });
});
