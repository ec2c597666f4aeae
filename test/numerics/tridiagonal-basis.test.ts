import { describe, expect, it } from "vitest";
import { deriveKey, fillNormal } from "../../src/numerics/index.ts";
import { tridiagonalBasis } from "../../src/numerics/tridiagonal-basis.ts";

function normals(length: number, label: string): Float64Array {
  const out = new Float64Array(length);
  fillNormal(out, 0, length, 0, deriveKey("tridiagonal-basis", label), 0, 0, 0);
  return out;
}

const [size, count] = [40, 3];
const matrices = {
  random: { diagonal: normals(size, "diagonal"), couplings: normals(size, "couplings") },
  "of three blocks": {
    diagonal: normals(size, "diagonal"),
    couplings: normals(size, "couplings").map((value, at) => (at === 7 || at === 23 ? 0 : value)),
  },
  "with a hollow diagonal": { diagonal: new Float64Array(size), couplings: normals(size, "couplings") },
};

describe.each(Object.entries(matrices))("the basis of a tridiagonal matrix, %s,", (_name, { diagonal, couplings }) => {
  // Room for one sweep's rotations, for some, and for all.
  it.each([1, 150, 1 << 20])("takes vectors there and back with %i rotations held", (held) => {
    const basis = tridiagonalBasis(diagonal, couplings, held);
    const start = normals(size * count, "columns");
    const columns = start.slice();
    basis.toEigenvectors(columns, count);
    const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    expect(squares(columns) / squares(start)).toBeCloseTo(1, 13);
    expect(columns).not.toEqual(start);
    // W diag(lambda) W^T b is T b.
    columns.forEach((value, at) => {
      columns[at] = value * basis.eigenvalues[Math.floor(at / count)];
    });
    basis.fromEigenvectors(columns, count);
    for (let i = 0; i < size; i += 1) {
      for (let k = 0; k < count; k += 1) {
        const entry = (row: number) => (row < 0 || row >= size ? 0 : start[row * count + k]);
        const before = i === 0 ? 0 : couplings[i - 1] * entry(i - 1);
        const behind = i === size - 1 ? 0 : couplings[i] * entry(i + 1);
        expect(columns[i * count + k]).toBeCloseTo(before + diagonal[i] * entry(i) + behind, 12);
      }
    }
  });

  it("has the same bits for any number of rotations held", () => {
    const turned = [1, 150, 1 << 20].map((held) => {
      const columns = normals(size, "columns");
      const basis = tridiagonalBasis(diagonal, couplings, held);
      basis.toEigenvectors(columns, 1);
      return [...basis.eigenvalues, ...columns];
    });
    expect(turned[1]).toEqual(turned[0]);
    expect(turned[2]).toEqual(turned[0]);
  });
});

it("the basis of one number is 1, and entries that are not finite end with an error", () => {
  const basis = tridiagonalBasis(Float64Array.of(3), new Float64Array(1));
  const column = Float64Array.of(5);
  basis.toEigenvectors(column, 1);
  expect([...basis.eigenvalues, ...column]).toEqual([3, 5]);
  expect(() => tridiagonalBasis(Float64Array.of(1, Number.NaN), Float64Array.of(1, 0))).toThrow("no convergence");
});
