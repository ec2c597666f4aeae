import { createRequire } from "node:module";
import { invalidValue, MeanfieldError } from "../errors.ts";

export interface NonNegativeSolution {
  readonly solution: Float64Array;
  /** |A x - y|^2. */
  readonly sumOfSquares: number;
}

/**
 * argmin |A x - y|^2 over x >= 0, by the active sets of Lawson and Hanson (1974, chapter 23): columns enter where the gradient asks for it, the unconstrained problem on
 * them is solved by Householder QR (ml-matrix, not by normal equations, whose condition would be squared), and columns that turn negative leave. The result satisfies
 * the conditions of Kuhn and Tucker, A_j.(y - A x) <= 0, with equality where x_j > 0, to rounding.
 *
 * @param matrix A, rows x columns, row by row
 * @param target y, as many numbers as there are rows
 * @param columns columns of A, at most as many as rows
 * @throws MeanfieldError `invalid-value` on lengths; `not-finite`; `no-convergence` after 10 columns rounds
 */
export function nonNegativeLeastSquares(
  matrix: Float64Array,
  target: Float64Array,
  columns: number,
): NonNegativeSolution {
  const rows = target.length;
  if (!(Number.isInteger(columns) && columns >= 1 && columns <= rows)) {
    throw invalidValue("columns", `an integer in [1, ${rows}], the number of rows`, columns);
  }
  if (matrix.length !== rows * columns) throw invalidValue("matrix", `${rows * columns} numbers`, matrix.length);
  for (const [path, numbers] of Object.entries({ matrix, target })) {
    const wrong = numbers.findIndex((entry) => !Number.isFinite(entry));
    if (wrong < 0) continue;
    throw new MeanfieldError("not-finite", `${path}[${wrong}]: expected a finite number, got ${numbers[wrong]}`, {
      path,
    });
  }
  const lengths = Float64Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += matrix[row * columns + column] ** 2;
    return Math.sqrt(sum);
  });
  const size = Math.sqrt(target.reduce((sum, entry) => sum + entry * entry, 0));
  const passive = new Set<number>();
  let solution: Float64Array = new Float64Array(columns);
  let barred = new Set<number>();
  for (let round = 0; round < 10 * columns; round += 1) {
    const residual = residualOf(matrix, solution, target);
    const entering = steepest(matrix, residual, lengths, size, (column) => passive.has(column) || barred.has(column));
    if (entering < 0) {
      return Object.freeze({ solution, sumOfSquares: residual.reduce((sum, entry) => sum + entry * entry, 0) });
    }
    passive.add(entering);
    const found = feasible(matrix, target, columns, passive, solution);
    // A column that leaves at once has entered on rounding alone; it may come back once another has moved.
    barred = passive.has(entering) ? new Set() : new Set([...barred, entering]);
    solution = found;
  }
  throw new MeanfieldError("no-convergence", `nonNegativeLeastSquares: no end after ${10 * columns} rounds`);
}

/** The column whose share of the residual is largest, relative to its length; -1 where none is above rounding. */
function steepest(
  matrix: Float64Array,
  residual: Float64Array,
  lengths: Float64Array,
  size: number,
  isOut: (column: number) => boolean,
): number {
  const columns = lengths.length;
  let best = -1;
  let largest = 1e-14 * size;
  for (let column = 0; column < columns; column += 1) {
    if (isOut(column) || lengths[column] === 0) continue;
    let sum = 0;
    for (let row = 0; row < residual.length; row += 1) sum += matrix[row * columns + column] * residual[row];
    const share = sum / lengths[column];
    if (share <= largest) continue;
    largest = share;
    best = column;
  }
  return best;
}

/** From a feasible point to the least squares on the passive columns, as far as signs allow; columns that stop it leave. */
function feasible(
  matrix: Float64Array,
  target: Float64Array,
  columns: number,
  passive: Set<number>,
  start: Float64Array,
): Float64Array {
  let here = start;
  while (passive.size > 0) {
    const wanted = leastSquares(matrix, target, columns, [...passive]);
    let stretch = 1;
    for (const column of passive) {
      if (wanted[column] <= 0) stretch = Math.min(stretch, here[column] / (here[column] - wanted[column]));
    }
    if (stretch === 1 && [...passive].every((column) => wanted[column] > 0)) return wanted;
    here = here.map((entry, column) => entry + (Number.isFinite(stretch) ? stretch : 0) * (wanted[column] - entry));
    for (const column of [...passive]) {
      if (wanted[column] <= 0 && here[column] <= 1e-15 * Math.abs(wanted[column])) {
        here[column] = 0;
        passive.delete(column);
      }
    }
  }
  return here.fill(0);
}

function leastSquares(
  matrix: Float64Array,
  target: Float64Array,
  columns: number,
  chosen: readonly number[],
): Float64Array {
  const { Matrix, QrDecomposition } = createRequire(import.meta.url)("ml-matrix") as typeof import("ml-matrix");
  const rows = target.length;
  const part = new Matrix(rows, chosen.length);
  for (let row = 0; row < rows; row += 1) {
    chosen.forEach((column, at) => {
      part.set(row, at, matrix[row * columns + column]);
    });
  }
  const found = new QrDecomposition(part).solve(Matrix.columnVector(target));
  const out = new Float64Array(columns);
  chosen.forEach((column, at) => {
    out[column] = found.get(at, 0);
  });
  return out;
}

function residualOf(matrix: Float64Array, solution: Float64Array, target: Float64Array): Float64Array {
  const columns = solution.length;
  return target.map((entry, row) => {
    let left = entry;
    for (let column = 0; column < columns; column += 1) left -= matrix[row * columns + column] * solution[column];
    return left;
  });
}
