import { invalidValue } from "../../errors.ts";
import { tridiagonalBasis } from "../../numerics/tridiagonal-basis.ts";
import { restoreLower } from "../matrices/factorize.ts";
import { type KernelMatrix, symmetricStateOf } from "../matrices/kernel-matrix.ts";
import { applyBasis, applyTransposed, tridiagonalize } from "./tridiagonalize.ts";

/** All eigenvalues of a symmetric matrix, and functions of the matrix. */
export interface SpectralDecomposition {
  readonly size: number;
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  /**
   * V^T b, of each eigenvector the part of the columns of b along it; eigenvectors are determined up to sign, and in eigenspaces up to rotation.
   *
   * @param right size x count, row by row; not changed
   * @param count @default 1
   * @returns size x count numbers, rows in the order of the eigenvalues
   * @throws MeanfieldError `invalid-value` on a wrong length, or after other work on the matrix
   */
  toEigenvectors(right: Float64Array, count?: number): Float64Array;
  /** V c, back from the parts along eigenvectors; throws as `toEigenvectors`. */
  fromEigenvectors(parts: Float64Array, count?: number): Float64Array;
  /** f(A) b = V f(lambda) V^T b; throws as `toEigenvectors`. */
  apply(f: (eigenvalue: number) => number, right: Float64Array, count?: number): Float64Array;
}

/**
 * A = V diag(lambda) V^T of a symmetric matrix, positive or not, without making V: A = Q T Q^T in place by Householder's reflections, T = W diag(lambda) W^T by
 * rotations, both kept as they are and applied to vectors, 2.7 n^2 multiply-adds for each. 2/3 n^3 multiply-adds, on one thread; no memory beside the
 * matrix but at most 64 MB (docs/theory/kernel-matrices.md).
 *
 * Error of an eigenvalue: a few times 1e-16 sqrt(n) of the norm, so that small ones have few digits; `smallestEigenvalue` has bounds for the last one.
 *
 * The matrix holds the reflections afterwards, its strict upper triangle stays; a later factorisation makes the decomposition useless.
 *
 * @throws MeanfieldError `invalid-value` where the matrix is not square; `no-convergence` on entries that are not finite
 */
export function spectralDecomposition(matrix: KernelMatrix): SpectralDecomposition {
  const state = symmetricStateOf(matrix);
  const { memory } = state;
  restoreLower(state);
  state.uses += 1;
  const { uses } = state;
  const reduced = tridiagonalize(memory);
  const basis = tridiagonalBasis(reduced.diagonal, reduced.offDiagonal);
  const size = matrix.rows;
  const order = Uint32Array.from({ length: size }, (_, index) => index).sort(
    (one, other) => basis.eigenvalues[one] - basis.eigenvalues[other],
  );
  const eigenvalues = Float64Array.from(order, (index) => basis.eigenvalues[index]);
  const check = (columns: Float64Array, count: number, path: string): void => {
    if (state.uses !== uses) {
      throw invalidValue(
        "decomposition",
        "the last work on its matrix",
        "an earlier one",
        "decompose the matrix again",
      );
    }
    if (!(Number.isInteger(count) && count >= 1)) throw invalidValue("count", "a positive integer", count);
    if (columns.length !== size * count)
      throw invalidValue(path, `${size * count} numbers`, `${columns.length} numbers`);
  };
  const toEigenvectors = (right: Float64Array, count = 1): Float64Array => {
    check(right, count, "right");
    const columns = right.slice();
    applyTransposed(memory, reduced, columns, count);
    basis.toEigenvectors(columns, count);
    const out = new Float64Array(columns.length);
    order.forEach((from, row) => {
      out.set(columns.subarray(from * count, (from + 1) * count), row * count);
    });
    return out;
  };
  const fromEigenvectors = (parts: Float64Array, count = 1): Float64Array => {
    check(parts, count, "parts");
    const columns = new Float64Array(parts.length);
    order.forEach((to, row) => {
      columns.set(parts.subarray(row * count, (row + 1) * count), to * count);
    });
    basis.fromEigenvectors(columns, count);
    applyBasis(memory, reduced, columns, count);
    return columns;
  };
  return Object.freeze({
    size,
    eigenvalues,
    toEigenvectors,
    fromEigenvectors,
    apply(f: (eigenvalue: number) => number, right: Float64Array, count = 1) {
      const parts = toEigenvectors(right, count);
      eigenvalues.forEach((eigenvalue, row) => {
        const factor = f(eigenvalue);
        for (let column = 0; column < count; column += 1) parts[row * count + column] *= factor;
      });
      return fromEigenvectors(parts, count);
    },
  });
}
