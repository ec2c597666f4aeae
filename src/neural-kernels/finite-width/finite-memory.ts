import { packedLength } from "../../engines/index.ts";
import { allocateMatrix, type MatrixMemory, squareShape } from "../matrices/matrix-memory.ts";

/** Rows of W that are at hand at a time. */
export const weightRows = 256;

/** Arrays for the features and signals of one network at `count` inputs, in the memory of the kernel matrix. */
export interface FiniteMemory {
  readonly memory: MatrixMemory;
  /** h^0 = x, h^1, ..., h^(L-1), each count x n. */
  readonly features: readonly Float64Array[];
  /** sigma'(z^1), ..., sigma'(z^(L-1)), one behind the other; index 0 is empty. */
  readonly slopes: readonly Float64Array[];
  /** What comes back from the output: the derivatives by z^l and by z^(l-1). */
  readonly signals: readonly [Float64Array, Float64Array];
  /** A few rows of W, and the same transposed. */
  readonly weights: Float64Array;
  readonly transposed: Float64Array;
  readonly packed: readonly [Float64Array, Float64Array];
}

/**
 * Memory for a network of these sizes: inputs, widths, 1.
 *
 * @throws MeanfieldError `out-of-memory`
 */
export function allocateFinite(count: number, sizes: readonly number[]): FiniteMemory {
  const widest = Math.max(...sizes);
  const inner = sizes.slice(0, -1);
  const lengths = [
    ...inner.map((size) => count * size),
    ...inner.map((size, layer) => (layer === 0 ? 0 : count * size)),
    count * widest,
    count * widest,
    weightRows * widest,
    weightRows * widest,
    packedLength(count, Math.max(widest, weightRows)),
    Math.max(packedLength(count, widest), packedLength(weightRows, widest), packedLength(widest, weightRows)),
  ].map((length) => 8 * Math.ceil(length / 8));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const memory = allocateMatrix(squareShape(count, 1, total, 1));
  let end = 0;
  const views = lengths.map((length) => {
    end += length;
    return memory.inputs.subarray(end - length, end);
  });
  const rest = views.slice(2 * inner.length);
  return {
    memory,
    features: views.slice(0, inner.length),
    slopes: views.slice(inner.length, 2 * inner.length),
    signals: [rest[0], rest[1]],
    weights: rest[2],
    transposed: rest[3],
    packed: [rest[4], rest[5]],
  };
}
