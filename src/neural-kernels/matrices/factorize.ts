import { invalidValue, MeanfieldError } from "../../errors.ts";
import { runMatrixWork } from "./crew.ts";
import { type KernelMatrix, type MatrixState, type SymmetricState, symmetricStateOf } from "./kernel-matrix.ts";
import { kernelsOf, type MatrixMemory } from "./matrix-memory.ts";
import { rayleighQuotient } from "./rayleigh-quotient.ts";

/** A Cholesky factorisation A + ridge I = L L^T, standing in the lower triangle of its matrix. */
export interface CholeskyFactor {
  readonly size: number;
  readonly ridge: number;
  /** log det(A + ridge I) = 2 sum_i log l_ii. */
  readonly logDeterminant: number;
  /**
   * (A + ridge I)^-1 b for each of the `count` columns of b.
   *
   * @param right size x count, row by row; not changed
   * @param count @default 1
   * @returns size x count numbers
   * @throws MeanfieldError `invalid-value` on a wrong length, or after another factorisation of the matrix
   */
  solve(right: Float64Array, count?: number): Float64Array;
  /** L^-1 b, of which the squares' sum is b^T (A + ridge I)^-1 b. */
  solveLower(right: Float64Array): Float64Array;
}

/**
 * Factors a symmetric positive definite matrix in place, by blocks of 256 columns, on the matrix's threads: n^3/3 multiply-adds, no memory beside the
 * matrix but a strip of n x 256 numbers. The factor is exact for a matrix that differs from A + ridge I by at most (70 + n/64) 2^-53 trace(A + ridge I) in norm.
 *
 * A second call with another ridge begins from the upper triangle and the diagonal, which stay; the factor of the first can then not be used any more.
 *
 * @param options.ridge added to the diagonal, >= 0. @default 0
 * @throws MeanfieldError `not-positive-definite` where a pivot is below the rounding error: with the row, an upper bound of the smallest eigenvalue and, if
 * there are, rows of equal or parallel inputs; `invalid-value`
 */
export async function factorize(
  matrix: KernelMatrix,
  { ridge = 0 }: { readonly ridge?: number } = {},
): Promise<CholeskyFactor> {
  const state = symmetricStateOf(matrix);
  if (!(ridge >= 0 && ridge < Infinity)) throw invalidValue("ridge", "a finite number >= 0", ridge);
  await factorShifted(state, ridge);
  const failed = failedPivot(state.memory);
  if (failed !== null) throw notPositiveDefinite(state, ridge, failed);
  return factorOf(state, ridge);
}

/** Factors A + shift I from the upper triangle and the diagonal; `failure` of the memory tells whether it went through. */
export async function factorShifted(state: MatrixState, shift: number): Promise<void> {
  const { memory } = state;
  restoreLower(state);
  state.uses += 1;
  const { rows: size } = memory.shape;
  for (let i = 0; i < size; i += 1) memory.matrix[i * size + i] = memory.diagonal[i] + shift;
  await runMatrixWork(memory, { kind: "factor" });
}

/** The lower triangle and the diagonal as they were before anything was done in place. */
export function restoreLower({ memory, uses }: MatrixState): void {
  const { matrix, diagonal } = memory;
  const { rows: size } = memory.shape;
  if (uses === 0) {
    for (let i = 0; i < size; i += 1) diagonal[i] = matrix[i * size + i];
    return;
  }
  // By squares, so that what is written lies in few lines.
  const side = 32;
  for (let first = 0; first < size; first += side) {
    for (let other = 0; other <= first; other += side) {
      for (let i = first; i < Math.min(size, first + side); i += 1) {
        for (let j = other; j < Math.min(i, other + side); j += 1) matrix[i * size + j] = matrix[j * size + i];
      }
    }
  }
  for (let i = 0; i < size; i += 1) matrix[i * size + i] = diagonal[i];
}

/** What rounding makes of a pivot, relative to the diagonal entry: below it a pivot says nothing. */
const pivotNoise = (size: number): number => (70 + size / 64) * 2 ** -53;

/** Index and value of the first pivot that is not positive beyond rounding; null if all are. */
export function failedPivot({
  failure,
  matrix,
  diagonal,
  shape,
}: MatrixMemory): { index: number; pivot: number } | null {
  if (failure[0] >= 0) return { index: failure[0], pivot: failure[1] };
  const size = shape.rows;
  for (let index = 0; index < size; index += 1) {
    const pivot = matrix[index * size + index] ** 2;
    if (!(pivot > pivotNoise(size) * diagonal[index])) return { index, pivot };
  }
  return null;
}

function factorOf(state: MatrixState, ridge: number): CholeskyFactor {
  const { memory, uses } = state;
  const { matrix } = memory;
  const size = memory.shape.rows;
  const kernels = kernelsOf(memory, 0);
  const [vector] = memory.vectors;
  const requireFresh = (): void => {
    if (state.uses !== uses) {
      throw invalidValue("factor", "the last factorisation of its matrix", "an earlier one", "factor the matrix again");
    }
  };
  let logDeterminant = 0;
  for (let i = 0; i < size; i += 1) logDeterminant += 2 * Math.log(matrix[i * size + i]);
  return Object.freeze({
    size,
    ridge,
    logDeterminant,
    solve(right: Float64Array, count = 1) {
      requireFresh();
      if (right.length !== size * count)
        throw invalidValue("right", `${size * count} numbers`, `${right.length} numbers`);
      const out = new Float64Array(size * count);
      for (let column = 0; column < count; column += 1) {
        for (let i = 0; i < size; i += 1) vector[i] = right[i * count + column];
        kernels.forwardSolve({ size, matrix, stride: size, vector });
        kernels.backwardSolve({ size, matrix, stride: size, vector });
        for (let i = 0; i < size; i += 1) out[i * count + column] = vector[i];
      }
      return out;
    },
    solveLower(right: Float64Array) {
      requireFresh();
      if (right.length !== size) throw invalidValue("right", `${size} numbers`, `${right.length} numbers`);
      vector.set(right);
      kernels.forwardSolve({ size, matrix, stride: size, vector });
      return vector.slice(0, size);
    },
  });
}

/**
 * The refusal of a matrix, with a bound: for the vector x = (-L^-T l, 1, 0) of the rows before a failed pivot, x^T A x is the pivot, so that the
 * smallest eigenvalue is at most their quotient, which is computed from the upper triangle.
 */
export function notPositiveDefinite(
  state: SymmetricState,
  shift: number,
  { index, pivot }: { readonly index: number; readonly pivot: number },
): MeanfieldError {
  const { memory } = state;
  const { matrix, vectors } = memory;
  const size = memory.shape.rows;
  const [vector] = vectors;
  vector.fill(0);
  for (let k = 0; k < index; k += 1) vector[k] = -matrix[index * size + k];
  // Where a row is not finite nothing can be said but that.
  if (vector.every(Number.isFinite) && Number.isFinite(pivot)) {
    kernelsOf(memory, 0).backwardSolve({ size: index, matrix, stride: size, vector });
    vector[index] = 1;
  } else {
    vector.fill(0);
    vector[index] = 1;
  }
  const bound = rayleighQuotient(memory, vector).high + shift;
  const ridged = shift === 0 ? "" : ` with ${shift} on its diagonal`;
  const because = culprits(state, index);
  const suggestion = because?.suggestion ?? "add a ridge, or take fewer or more distinct inputs";
  const reason = because === null ? "" : `; ${because.reason}`;
  return new MeanfieldError(
    "not-positive-definite",
    `matrix: expected a positive definite matrix, got one${ridged} whose smallest eigenvalue is at most ${bound.toPrecision(3)} (pivot ${pivot.toPrecision(3)} in row ${index})${reason}; ${suggestion}`,
    {
      path: "matrix",
      expected: "a positive definite matrix",
      got: `a pivot of ${pivot} in row ${index}`,
      suggestion,
      upperBound: bound,
    },
  );
}

/** Rows that make a matrix singular, and what to do about them. */
export interface Culprits {
  /** A clause, such as "rows 0 and 39 are equal". */
  readonly reason: string;
  readonly suggestion: string;
}

/** Equal inputs, zeros on the diagonal, or parallel rows of the matrix; null where none of these is the reason. */
export function culprits({ memory, duplicates }: SymmetricState, index: number): Culprits | null {
  const leaveOne = "leave one of them out, or add a ridge";
  const equal = duplicates();
  if (equal.length > 0) {
    const reason = `rows ${listed(equal.map(([earlier, later]) => `${earlier} and ${later}`))} are equal`;
    return { reason, suggestion: leaveOne };
  }
  const { matrix, diagonal, shape } = memory;
  const zeros = Array.from({ length: shape.rows }, (_, row) => row).filter((row) => diagonal[row] === 0);
  if (zeros.length > 0) {
    // A finite ReLU network with all units of a layer off at an input, for instance.
    const reason = `the diagonal is 0 in ${zeros.length === 1 ? "row" : "rows"} ${listed(zeros)}`;
    return { reason, suggestion: "leave out these inputs, or add a ridge" };
  }
  for (let row = 0; row < index; row += 1) {
    const entry = matrix[row * shape.rows + index];
    if (Math.abs(entry * entry - diagonal[row] * diagonal[index]) <= 1e-13 * entry * entry)
      return { reason: `rows ${row} and ${index} are parallel`, suggestion: leaveOne };
  }
  return null;
}

function listed(items: readonly (string | number)[]): string {
  return `${items.slice(0, 4).join(", ")}${items.length > 4 ? " and more" : ""}`;
}
