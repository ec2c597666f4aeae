import { packedLength } from "../../engines/index.ts";
import { allocateMatrix, kernelsOf, tileRows } from "./matrix-memory.ts";

/** Sizes of a product of a rows x inner matrix with an inner x columns one. */
export interface ProductSizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/**
 * The product of two dense matrices, row by row, by the engine: a strip of 64 rows of the first at a time, so that beside the result there are the second
 * matrix, twice, and the strip. The order of summation is the engine's (docs/theory/kernel-matrices.md).
 *
 * @param left rows x inner
 * @param right inner x columns
 * @returns rows x columns
 */
export function product(left: Float64Array, right: Float64Array, { rows, inner, columns }: ProductSizes): Float64Array {
  const strip = Math.min(rows, tileRows);
  const packed = packedLength(strip, inner) + packedLength(columns, inner);
  const memory = allocateMatrix({ rows: strip, columns, packed, inputs: (strip + columns) * inner, parts: 1 });
  const kernels = kernelsOf(memory, 0);
  const [someRows, transposed] = split(memory.inputs, strip * inner);
  const [packedRows, packedColumns] = split(memory.packed, packedLength(strip, inner));
  for (let column = 0; column < columns; column += 1) {
    for (let k = 0; k < inner; k += 1) transposed[column * inner + k] = right[k * columns + column];
  }
  kernels.pack({ rows: transposed, stride: inner, count: columns, inner, packed: packedColumns });
  const out = new Float64Array(rows * columns);
  for (let first = 0; first < rows; first += strip) {
    const count = Math.min(strip, rows - first);
    someRows.set(left.subarray(first * inner, (first + count) * inner));
    kernels.pack({ rows: someRows, stride: inner, count, inner, packed: packedRows });
    kernels.multiply({
      left: packedRows,
      right: packedColumns,
      inner,
      rows: count,
      columns,
      out: memory.matrix,
      stride: columns,
      mode: "write",
    });
    out.set(memory.matrix.subarray(0, count * columns), first * columns);
  }
  return out;
}

function split(values: Float64Array, at: number): readonly [Float64Array, Float64Array] {
  return [values.subarray(0, at), values.subarray(at)];
}
