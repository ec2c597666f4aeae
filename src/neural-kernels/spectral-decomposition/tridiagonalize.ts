import { packedLength } from "../../engines/index.ts";
import { kernelsOf, type MatrixMemory } from "../matrices/matrix-memory.ts";

/** A = Q T Q^T with T tridiagonal; Q's reflections stand in the lower triangle of A's memory. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** offDiagonal[i] couples i and i + 1. */
  readonly offDiagonal: Float64Array;
  /** tau_i of H_i = I - tau_i v_i v_i^T, v_i the row i before its diagonal; Q = H_(n-1) ... H_1. */
  readonly scales: Float64Array;
}

/** Rows that are reduced before what is above them is brought up to date. */
const block = 16;

/**
 * Householder's reduction to tridiagonal form, in place in the lower triangle, from the last row up (Martin, Reinsch, Wilkinson, Numer. Math. 1968), in blocks of
 * 16 rows whose updates are one product (Dongarra, Sorensen, Hammarling, J. Comput. Appl. Math. 1989): 2/3 n^3 multiply-adds, half of them products
 * of the matrix with a vector, so that large matrices go at the speed of memory.
 */
export function tridiagonalize(memory: MatrixMemory): Tridiagonal {
  const { matrix, packed, vectors } = memory;
  const size = memory.shape.rows;
  const kernels = kernelsOf(memory, 0);
  const [product, scratch] = vectors;
  const inner = 2 * block;
  let end = 0;
  const take = (length: number): Float64Array => {
    end += 8 * Math.ceil(length / 8);
    return packed.subarray(end - 8 * Math.ceil(length / 8), end);
  };
  // w_i of the block's rows, row i of them at (i - start) * size.
  const seconds = take(block * size);
  const [left, right] = [take(inner * size), take(inner * size)];
  const [packedLeft, packedRight] = [take(packedLength(size, inner)), take(packedLength(size, inner))];
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const scales = new Float64Array(size);
  for (let last = size; last > 1; ) {
    const start = Math.max(1, last - block);
    for (let i = last - 1; i >= start; i -= 1) {
      const row = matrix.subarray(i * size, i * size + i + 1);
      for (let k = i + 1; k < last; k += 1) {
        const second = (k - start) * size;
        addPair(row, i + 1, matrix, k * size, -seconds[second + i], seconds, second, -matrix[k * size + i]);
      }
      diagonal[i] = row[i];
      const scale = reflect(row, i);
      offDiagonal[i - 1] = row[i];
      scales[i] = scale;
      const own = seconds.subarray((i - start) * size, (i - start) * size + i);
      if (scale === 0) {
        own.fill(0);
        continue;
      }
      kernels.lowerProduct({ size: i, matrix, stride: size, vector: row, out: product, scratch });
      for (let k = i + 1; k < last; k += 1) {
        const second = (k - start) * size;
        const [onFirst, onSecond] = [dot(matrix, k * size, row, i), dot(seconds, second, row, i)];
        addPair(product, i, matrix, k * size, -onSecond, seconds, second, -onFirst);
      }
      const half = (-scale * scale * dot(product, 0, row, i)) / 2;
      for (let j = 0; j < i; j += 1) own[j] = scale * product[j] + half * row[j];
    }
    // The last block may have fewer rows.
    if (last - start < block) {
      left.fill(0);
      right.fill(0);
    }
    // A -= V W^T + W V^T above the block, as one product of rows (v, w) and (w, v).
    for (let k = start; k < last; k += 1) {
      const [at, second] = [k - start, (k - start) * size];
      for (let j = 0; j < start; j += 1) {
        const [v, w] = [matrix[k * size + j], seconds[second + j]];
        left[j * inner + at] = v;
        right[j * inner + at] = w;
        left[j * inner + block + at] = w;
        right[j * inner + block + at] = v;
      }
    }
    kernels.pack({ rows: left, stride: inner, count: start, inner, packed: packedLeft });
    kernels.pack({ rows: right, stride: inner, count: start, inner, packed: packedRight });
    const shape = {
      inner,
      rows: start,
      columns: start,
      out: matrix,
      stride: size,
      mode: "subtract",
      diagonal: 0,
    } as const;
    kernels.multiply({ left: packedLeft, right: packedRight, ...shape });
    last = start;
  }
  diagonal[0] = matrix[0];
  return { diagonal, offDiagonal, scales };
}

/**
 * Makes the first `count` numbers of a row the vector v of the reflection that leaves only the last of them, v's last entry being 1; what is left is written
 * behind them. Returns tau; 0 where there is nothing to do.
 */
function reflect(row: Float64Array, count: number): number {
  const last = row[count - 1];
  let largest = 0;
  for (let j = 0; j < count - 1; j += 1) largest = Math.max(largest, Math.abs(row[j]));
  if (largest === 0) {
    row[count - 1] = 1;
    row[count] = last;
    return 0;
  }
  let squares = 0;
  for (let j = 0; j < count - 1; j += 1) squares += (row[j] / largest) ** 2;
  const length = Math.hypot(last, largest * Math.sqrt(squares));
  const left = last > 0 ? -length : length;
  for (let j = 0; j < count - 1; j += 1) row[j] /= last - left;
  row[count - 1] = 1;
  row[count] = left;
  return (left - last) / left;
}

/** out_j += a first_j + b second_j */
function addPair(
  out: Float64Array,
  count: number,
  first: Float64Array,
  firstAt: number,
  a: number,
  second: Float64Array,
  secondAt: number,
  b: number,
): void {
  for (let j = 0; j < count; j += 1) out[j] += a * first[firstAt + j] + b * second[secondAt + j];
}

/** In four sums, so that one addition need not wait for the other. */
function dot(x: Float64Array, at: number, y: Float64Array, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    a += x[at + j] * y[j];
    b += x[at + j + 1] * y[j + 1];
    c += x[at + j + 2] * y[j + 2];
    d += x[at + j + 3] * y[j + 3];
  }
  for (; j < count; j += 1) a += x[at + j] * y[j];
  return a + b + (c + d);
}

/** Columns <- Q^T columns, in place: size x count numbers, row by row. */
export function applyTransposed(
  memory: MatrixMemory,
  { scales }: Tridiagonal,
  columns: Float64Array,
  count: number,
): void {
  for (let i = scales.length - 1; i >= 1; i -= 1) applyReflection(memory, i, scales[i], columns, count);
}

/** Columns <- Q columns, in place. */
export function applyBasis(memory: MatrixMemory, { scales }: Tridiagonal, columns: Float64Array, count: number): void {
  for (let i = 1; i < scales.length; i += 1) applyReflection(memory, i, scales[i], columns, count);
}

function applyReflection(
  { matrix, shape }: MatrixMemory,
  i: number,
  scale: number,
  columns: Float64Array,
  count: number,
): void {
  if (scale === 0) return;
  const row = i * shape.rows;
  const sums = new Float64Array(count);
  for (let j = 0; j < i; j += 1) {
    const entry = matrix[row + j];
    for (let k = 0; k < count; k += 1) sums[k] += entry * columns[j * count + k];
  }
  for (let j = 0; j < i; j += 1) {
    const entry = scale * matrix[row + j];
    for (let k = 0; k < count; k += 1) columns[j * count + k] -= entry * sums[k];
  }
}
