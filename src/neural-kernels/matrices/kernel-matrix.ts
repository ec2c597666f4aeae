import { invalidValue, MeanfieldError } from "../../errors.ts";
import { runMatrixWork } from "./crew.ts";
import { inputLengths, putInputs } from "./fill-share.ts";
import { duplicateRows, inputRows } from "./input-rows.ts";
import { allocateMatrix, type MatrixMemory, squareShape } from "./matrix-memory.ts";
import { checkedThreads, type KernelChoice, resolveKernel } from "./resolve-kernel.ts";

/** A matrix of kernel values. */
export interface KernelMatrix {
  readonly rows: number;
  readonly columns: number;
  /**
   * rows x columns numbers, row by row, in memory that threads share. Work on a square matrix is done in place: while a factorisation is in use, diagonal
   * and lower triangle hold its factor; the strict upper triangle always holds the matrix.
   */
  readonly values: Float64Array;
}

export interface KernelMatrixOptions extends KernelChoice {
  /** The rows' inputs, n x dimension, row by row. */
  readonly points: Float64Array;
  readonly dimension: number;
  /** The columns' inputs, q x dimension. @default the rows' */
  readonly others?: Float64Array;
}

/** A matrix's memory, with what is known of it. */
export interface MatrixState {
  readonly memory: MatrixMemory;
  /** Rows of equal inputs, asked for when a symmetric matrix turns out to be singular; null for a matrix between two sets of inputs. */
  readonly duplicates: (() => readonly (readonly [number, number])[]) | null;
  /** Counts what was done in place, so that an old factor is found out. */
  uses: number;
}

const states = new WeakMap<KernelMatrix, MatrixState>();

/** The state behind a matrix that one of the functions below has made. */
export function stateOf(matrix: KernelMatrix): MatrixState {
  const state = states.get(matrix);
  if (state !== undefined) return state;
  throw invalidValue(
    "matrix",
    "a matrix made by kernelMatrix, matrixOf or empiricalKernel",
    "another object",
    "numbers of your own become one with matrixOf",
  );
}

/** The state of a symmetric matrix, on which one can work in place. */
export type SymmetricState = MatrixState & { readonly duplicates: NonNullable<MatrixState["duplicates"]> };

/** The same of a symmetric matrix. */
export function symmetricStateOf(matrix: KernelMatrix): SymmetricState {
  const state = stateOf(matrix);
  const { duplicates } = state;
  if (duplicates !== null) return state as SymmetricState;
  const got = `one of ${matrix.rows} x ${matrix.columns} between two sets of inputs`;
  throw invalidValue("matrix", "a symmetric matrix", got, "leave out `others`");
}

/** A matrix on a memory that is filled. */
export function matrixOn(memory: MatrixMemory, duplicates: MatrixState["duplicates"] = null): KernelMatrix {
  const { rows, columns } = memory.shape;
  const matrix: KernelMatrix = Object.freeze({ rows, columns, values: memory.matrix });
  states.set(matrix, { memory, duplicates, uses: 0 });
  return matrix;
}

/**
 * The matrix of a kernel between inputs, K_st = k(x_s, x_t): of infinitely wide networks, or of any function of the angle. Tile by tile, inner products by the
 * engine and then the kernel; for ReLU and leaky ReLU both by the engine. Symmetric matrices are computed once and mirrored; equal inputs give equal rows exactly.
 *
 * Absolute error below 2e-13 of the diagonal for kernels in closed form and dot-product kernels with nothing sharper than a root of 1 - u at u = 1
 * (test/neural-kernels/matrices); nearly parallel inputs, whose cosine has no digits left, are
 * done by the length of their difference.
 *
 * Memory: 8 n q bytes and the inputs twice; `kernelMatrixToFile` needs a strip of it only.
 *
 * @throws MeanfieldError `invalid-value` on sizes that do not fit, inputs of length 0, or off the sphere where the kernel is one on the unit sphere;
 * `not-finite` with the row of the first number that is not; `out-of-memory` with what is needed; `unsupported-combination` for the NTK of an
 * activation without derivative, or threads for a kernel or activation of one's own, whose functions stay in their thread; `unknown-kind`
 */
export async function kernelMatrix(options: KernelMatrixOptions): Promise<KernelMatrix> {
  const { points, dimension, others } = options;
  const { scale, entries, threads } = resolveKernel(options);
  const rows = inputRows(scale, points, dimension, "points");
  const columns = others === undefined ? null : inputRows(scale, others, dimension, "others");
  const counts = columns === null ? [rows.count] : [rows.count, columns.count];
  const { inputs, packed } = inputLengths(counts, dimension);
  const memory = allocateMatrix(
    columns === null
      ? squareShape(rows.count, dimension, inputs, threads)
      : { rows: rows.count, columns: columns.count, packed, inputs, parts: threads },
  );
  putInputs(memory, rows, columns);
  const isSymmetric = columns === null;
  await runMatrixWork(memory, { kind: "fill", ...entries, dimension, isSymmetric });
  if (columns !== null) return matrixOn(memory);
  return matrixOn(memory, () => duplicateRows(rows.rows, dimension));
}

/**
 * A symmetric matrix of one's own, copied to memory on which the functions of this room work; the array given stays as it is.
 *
 * @param values size x size, row by row
 * @throws MeanfieldError `invalid-value` on a wrong length or entries that differ from those across the diagonal by more than 1e-10 of the largest;
 * `not-finite` with the place of the first entry that is not
 */
export function matrixOf(
  values: Float64Array,
  size: number,
  { threads = 1 }: { readonly threads?: number } = {},
): KernelMatrix {
  if (!(Number.isInteger(size) && size >= 1)) throw invalidValue("size", "a positive integer", size);
  if (values.length !== size * size) throw invalidValue("values", `${size * size} numbers`, `${values.length} numbers`);
  let largest = 0;
  let [gap, gapRow, gapColumn] = [0, 0, 0];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const [value, across] = [values[row * size + column], values[column * size + row]];
      const wrong = Number.isFinite(value) ? across : value;
      if (!Number.isFinite(wrong)) {
        const place = wrong === value ? `${row}, ${column}` : `${column}, ${row}`;
        throw new MeanfieldError(
          "not-finite",
          `values[${place}]: expected a finite number, got ${wrong}; check what the matrix was computed from`,
          { path: "values" },
        );
      }
      largest = Math.max(largest, Math.abs(value));
      if (Math.abs(value - across) > gap) [gap, gapRow, gapColumn] = [Math.abs(value - across), row, column];
    }
  }
  if (gap > 1e-10 * largest) {
    const got = `entries that differ by ${gap} at ${gapRow}, ${gapColumn} and across`;
    throw invalidValue("values", "a symmetric matrix", got);
  }
  const memory = allocateMatrix(squareShape(size, 1, 0, checkedThreads(threads)));
  memory.matrix.set(values);
  return matrixOn(memory, () => duplicateRows(values, size));
}
