import { describe, expect, test } from "vitest";
import { tridiagonalEigen } from "../../src/numerics/tridiagonal.ts";

describe("tridiagonalEigen", () => {
  test("gives the closed form of the second difference matrix: eigenvalues and first components", () => {
    const size = 60;
    const diagonal = new Float64Array(size).fill(2);
    const first = new Float64Array(size);
    tridiagonalEigen(diagonal, new Float64Array(size).fill(-1), first);
    for (let index = 0; index < size; index += 1) {
      const angle = ((index + 1) * Math.PI) / (size + 1);
      expect(Math.abs(diagonal[index] - 4 * Math.sin(angle / 2) ** 2)).toBeLessThan(2e-14);
      expect(Math.abs(Math.abs(first[index]) - Math.sqrt(2 / (size + 1)) * Math.sin(angle))).toBeLessThan(2e-14);
    }
  });

  test("sorts a diagonal matrix and knows whose first component is 1", () => {
    const diagonal = Float64Array.of(3, -1, 2);
    const first = new Float64Array(3);
    tridiagonalEigen(diagonal, new Float64Array(3), first);
    expect([...diagonal]).toEqual([-1, 2, 3]);
    expect([...first]).toEqual([0, 0, 1]);
  });

  test("handles a matrix that splits and one that is all zero but for its couplings", () => {
    const split = Float64Array.of(1, 1, 5, 5);
    tridiagonalEigen(split, Float64Array.of(1, 0, 2, 0), new Float64Array(4));
    [0, 2, 3, 7].forEach((value, index) => {
      expect(split[index]).toBeCloseTo(value, 13);
    });
    const hollow = new Float64Array(3);
    tridiagonalEigen(hollow, Float64Array.of(3, 4, 0), new Float64Array(3));
    [-5, 0, 5].forEach((value, index) => {
      expect(hollow[index]).toBeCloseTo(value, 13);
    });
  });

  test("ends on NaN with an error", () => {
    expect(() =>
      tridiagonalEigen(Float64Array.of(1, Number.NaN, 1), Float64Array.of(1, 1, 0), new Float64Array(3)),
    ).toThrow(expect.objectContaining({ code: "no-convergence" }));
  });
});
