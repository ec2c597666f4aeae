import { describe, expect, test } from "vitest";
import { symmetricEigen } from "../../src/numerics/decompositions.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";

describe("symmetricEigen", () => {
  test("gives the closed-form eigenvalues of the second difference matrix", () => {
    const size = 30;
    const matrix = new Float64Array(size * size);
    for (let row = 0; row < size; row += 1) {
      matrix[row * size + row] = 2;
      if (row > 0) matrix[row * size + row - 1] = -1;
    }
    const { values } = symmetricEigen(matrix, size);
    values.forEach((value, index) => {
      expect(Math.abs(value - 4 * Math.sin(((index + 1) * Math.PI) / (2 * size + 2)) ** 2)).toBeLessThan(4e-14);
    });
  });

  test("gives vectors that are orthonormal and turn into their multiples", () => {
    const size = 12;
    const draws = new Float64Array(size * size);
    fillNormal(draws, 0, draws.length, 0, deriveKey(1, "symmetric"), 0, 0, 0);
    const at = (row: number, column: number): number => draws[Math.max(row, column) * size + Math.min(row, column)];
    const { values, vectors } = symmetricEigen(draws, size);
    for (let k = 0; k < size; k += 1) {
      if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
      for (let row = 0; row < size; row += 1) {
        let product = 0;
        let overlap = 0;
        for (let column = 0; column < size; column += 1) {
          product += at(row, column) * vectors[k * size + column];
          overlap += vectors[k * size + column] * vectors[row * size + column];
        }
        expect(Math.abs(product - values[k] * vectors[k * size + row])).toBeLessThan(1e-13);
        expect(Math.abs(overlap - (row === k ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });

  test("refuses NaN and wrong lengths instead of failing inside the library", () => {
    expect(() => symmetricEigen(Float64Array.of(1, 0, Number.NaN, 1), 2)).toThrow(
      "matrix[1, 0]: expected a finite number, got NaN",
    );
    expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow("matrix: expected 4 numbers, got 3");
    expect(() => symmetricEigen(new Float64Array(0), 0)).toThrow("size: expected a positive integer, got 0");
  });
});
