import { innerBlock, type MatrixKernels, packedRows } from "../matrices.ts";
import { arcCosineLayers } from "./arc-cosine-layers.ts";

/** The matrix kernels in TypeScript, with the bits of the compiled ones in plain arithmetic. Packed rows are rows. */
export const referenceMatrices: MatrixKernels = Object.freeze({
  pack({ rows, stride, count, inner, packed }) {
    for (let row = 0; row < count; row += 1) {
      packed.set(rows.subarray(row * stride, row * stride + inner), row * inner);
    }
    packed.fill(0, count * inner, packedRows * Math.ceil(count / packedRows) * inner);
  },
  multiply({ left, right, inner, rows, columns, out, stride, mode, diagonal = Infinity }) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns && column <= row + diagonal; column += 1) {
        const at = row * stride + column;
        let value = mode === "write" ? 0 : out[at];
        for (let first = 0; first < inner; first += innerBlock) {
          const last = Math.min(inner, first + innerBlock);
          const sum = blockSum(left, row * inner, right, column * inner, first, last);
          value = mode === "subtract" ? value - sum : mode === "write" && first === 0 ? sum : value + sum;
        }
        out[at] = value;
      }
    }
  },
  solveRows({ factor, order, rows, stride, count }) {
    for (let row = 0; row < count; row += 1) {
      for (let j = 0; j < order; j += 1) {
        rows[row * stride + j] = restOf(rows, row * stride, factor, j * order, j) / factor[j * order + j];
      }
    }
  },
  factorDiagonal({ matrix, stride, order, packed }) {
    for (let i = 0; i < order; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const pivot = matrix[j * stride + j];
        matrix[i * stride + j] = restOf(matrix, i * stride, matrix, j * stride, j) / pivot;
      }
      const square = restOf(matrix, i * stride, matrix, i * stride, i);
      if (!(square > 0 && square < Infinity)) return { index: i, pivot: square };
      matrix[i * stride + i] = Math.sqrt(square);
    }
    this.pack({ rows: matrix, stride, count: order, inner: order, packed });
    return null;
  },
  forwardSolve({ size, matrix, stride, vector }) {
    for (let i = 0; i < size; i += 1) {
      vector[i] = (vector[i] - innerProduct(matrix, i * stride, vector, 0, i)) / matrix[i * stride + i];
    }
  },
  backwardSolve({ size, matrix, stride, vector }) {
    for (let i = size - 1; i >= 0; i -= 1) {
      vector[i] /= matrix[i * stride + i];
      for (let k = 0; k < i; k += 1) vector[k] += -vector[i] * matrix[i * stride + k];
    }
  },
  symmetricProduct({ size, matrix, stride, diagonal, vector, out, scratch }) {
    for (let i = 0; i < size; i += 1) out[i] = diagonal[i] * vector[i];
    for (let first = 0; first < size; first += innerBlock) {
      scratch.fill(0, first, size);
      for (let i = first; i < Math.min(size, first + innerBlock); i += 1) {
        const row = i * stride + i + 1;
        out[i] += innerProduct(matrix, row, vector, i + 1, size - i - 1);
        for (let k = i + 1; k < size; k += 1) scratch[k] += vector[i] * matrix[i * stride + k];
      }
      for (let j = first; j < size; j += 1) out[j] += scratch[j];
    }
  },
  lowerProduct({ size, matrix, stride, vector, out, scratch }) {
    for (let first = 0; first < size; first += innerBlock) {
      const last = Math.min(size, first + innerBlock);
      scratch.fill(0, 0, last);
      for (let i = first; i < last; i += 1) {
        out[i] = innerProduct(matrix, i * stride, vector, 0, i + 1);
        for (let k = 0; k < i; k += 1) scratch[k] += vector[i] * matrix[i * stride + k];
      }
      for (let j = 0; j < last; j += 1) out[j] += scratch[j];
    }
  },
  arcCosineLayers,
} satisfies MatrixKernels);

/** sum over k in [first, last) of a_k b_k, in order. */
function blockSum(a: Float64Array, atA: number, b: Float64Array, atB: number, first: number, last: number): number {
  let sum = 0;
  for (let k = first; k < last; k += 1) sum += a[atA + k] * b[atB + k];
  return sum;
}

/** x_j - sum_(k < j) x_k l_k, whole blocks first, then what is left. */
function restOf(x: Float64Array, atX: number, l: Float64Array, atL: number, j: number): number {
  let value = x[atX + j];
  for (let first = 0; first <= j; first += innerBlock) {
    value -= blockSum(x, atX, l, atL, first, Math.min(j, first + innerBlock));
  }
  return value;
}

const span = 512;
const lanes = 8;

/** Inner product in spans of 512, each in eight lanes that are added as the compiled kernels add them. */
function innerProduct(a: Float64Array, atA: number, b: Float64Array, atB: number, count: number): number {
  let total = 0;
  const sums = new Float64Array(lanes);
  for (let first = 0; first < count; first += span) {
    const end = Math.min(count, first + span);
    sums.fill(0);
    let k = first;
    for (; k + lanes <= end; k += lanes) {
      for (let lane = 0; lane < lanes; lane += 1) sums[lane] += a[atA + k + lane] * b[atB + k + lane];
    }
    const [s0, s1, s2, s3, s4, s5, s6, s7] = sums;
    let sum = s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
    for (; k < end; k += 1) sum += a[atA + k] * b[atB + k];
    total += sum;
  }
  return total;
}
