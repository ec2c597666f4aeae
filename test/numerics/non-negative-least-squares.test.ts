import { describe, expect, it } from "vitest";
import { deriveKey, fillNormal, nonNegativeLeastSquares } from "../../src/numerics/index.ts";

const normals = (count: number, seed: number) => {
  const out = new Float64Array(count);
  fillNormal(out, 0, count, 0, deriveKey(seed, "nnls"), 0, 0, 0);
  return out;
};

const sumOfSquares = (matrix: Float64Array, target: Float64Array, x: ArrayLike<number>) =>
  target.reduce((sum, entry, row) => {
    let left = entry;
    for (let column = 0; column < x.length; column += 1) left -= matrix[row * x.length + column] * x[column];
    return sum + left * left;
  }, 0);

/** Unconstrained least squares on some columns by Gauss-Jordan on the normal equations. */
function plain(matrix: Float64Array, target: Float64Array, columns: number, chosen: readonly number[]): number[] {
  const size = chosen.length;
  const table = chosen.map((left) => [
    ...chosen.map((right) =>
      target.reduce((sum, _, row) => sum + matrix[row * columns + left] * matrix[row * columns + right], 0),
    ),
    target.reduce((sum, entry, row) => sum + matrix[row * columns + left] * entry, 0),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue;
      const factor = table[row][pivot] / table[pivot][pivot];
      for (let column = pivot; column <= size; column += 1) table[row][column] -= factor * table[pivot][column];
    }
  }
  const out = new Array<number>(columns).fill(0);
  chosen.forEach((column, at) => {
    out[column] = table[at][size] / table[at][at];
  });
  return out;
}

describe("non-negative least squares", () => {
  it("finds what trying out all sets of columns finds", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const [rows, columns] = [9, 5];
      const matrix = normals(rows * columns, seed);
      const target = normals(rows, 100 + seed);
      let best = sumOfSquares(matrix, target, new Array(columns).fill(0));
      for (let set = 1; set < 1 << columns; set += 1) {
        const chosen = Array.from({ length: columns }, (_, column) => column).filter((column) => (set >> column) & 1);
        const x = plain(matrix, target, columns, chosen);
        if (x.every((entry) => entry >= 0)) best = Math.min(best, sumOfSquares(matrix, target, x));
      }
      const found = nonNegativeLeastSquares(matrix, target, columns);
      expect(found.solution.every((entry) => entry >= 0)).toBe(true);
      expect(Math.abs(found.sumOfSquares - best)).toBeLessThan(1e-11 * best);
      expect(sumOfSquares(matrix, target, found.solution)).toBeCloseTo(found.sumOfSquares, 12);
    }
  });

  it("satisfies the conditions of Kuhn and Tucker on 40 powers of the cosine, as badly conditioned as columns get", () => {
    const [rows, columns] = [100, 41];
    const matrix = Float64Array.from(
      { length: rows * columns },
      (_, at) => Math.cos((Math.PI * Math.floor(at / columns)) / 99) ** (at % columns),
    );
    const target = Float64Array.from({ length: rows }, (_, row) => Math.exp(-2 * Math.sin((Math.PI * row) / 198)));
    const { solution } = nonNegativeLeastSquares(matrix, target, columns);
    for (let column = 0; column < columns; column += 1) {
      let gradient = 0;
      for (let row = 0; row < rows; row += 1) {
        let left = target[row];
        for (let other = 0; other < columns; other += 1) left -= matrix[row * columns + other] * solution[other];
        gradient += matrix[row * columns + column] * left;
      }
      expect(gradient).toBeLessThan(1e-11);
      if (solution[column] > 0) expect(Math.abs(gradient)).toBeLessThan(1e-11);
    }
    expect(solution.filter((entry) => entry > 0).length).toBeGreaterThan(4);
  });

  it("is 0 where every column points away, and exact where the target is a non-negative combination", () => {
    const matrix = Float64Array.of(1, 0, 0, 1, 0, 0);
    expect(nonNegativeLeastSquares(matrix, Float64Array.of(-1, -2, 3), 2).solution).toEqual(new Float64Array(2));
    const { solution, sumOfSquares: left } = nonNegativeLeastSquares(matrix, Float64Array.of(2, 5, 0), 2);
    expect(Array.from(solution, (entry) => Math.abs(entry))).toEqual([2, 5]);
    expect(left).toBe(0);
  });

  it("refuses what does not fit together", () => {
    expect(() => nonNegativeLeastSquares(new Float64Array(5), new Float64Array(3), 2)).toThrow(
      "matrix: expected 6 numbers, got 5",
    );
    expect(() => nonNegativeLeastSquares(new Float64Array(12), new Float64Array(3), 4)).toThrow(
      "columns: expected an integer in [1, 3]",
    );
    expect(() => nonNegativeLeastSquares(Float64Array.of(1, Number.NaN), new Float64Array(2), 1)).toThrow(
      "matrix[1]: expected a finite number",
    );
  });
});
