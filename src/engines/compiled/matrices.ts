import type { FailedPivot, MatrixKernels } from "../matrices.ts";

/** The numbers of `MatrixTask` in kernels/matrices.h. */
const tasks = {
  pack: 0,
  multiply: 1,
  solveRows: 2,
  factorDiagonal: 3,
  forwardSolve: 4,
  backwardSolve: 5,
  symmetricProduct: 6,
  arcCosineLayers: 7,
  lowerProduct: 8,
} as const;

/** So far to the right that no element is left out. */
const everywhere = 2 ** 30;
const modes = { write: 0, add: 1, subtract: -1 } as const;

/**
 * The compiled matrix kernels; records are those of kernels/matrix-product.h, cholesky.h and arc-cosine-layers.h.
 *
 * @param run runs the work whose record stands at a byte of the memory
 * @param record `matrixRecordLength` numbers in that memory, of the calling thread alone
 */
export function compiledMatrices(run: (job: number) => void, record: Float64Array): MatrixKernels {
  const call = (task: number, ...fields: readonly (number | Float64Array)[]): void => {
    record[0] = task;
    fields.forEach((field, index) => {
      record[1 + index] = typeof field === "number" ? field : field.byteOffset;
    });
    run(record.byteOffset);
  };
  return {
    pack: ({ rows, stride, count, inner, packed }) => call(tasks.pack, rows, stride, count, inner, packed),
    multiply({ left, right, inner, rows, columns, out, stride, mode, diagonal = everywhere }) {
      call(tasks.multiply, left, right, inner, rows, columns, out, stride, modes[mode], diagonal);
    },
    solveRows({ factor, order, rows, stride, count, scratch }) {
      call(tasks.solveRows, factor, order, rows, stride, count, scratch);
    },
    factorDiagonal({ matrix, stride, order, packed, scratch }): FailedPivot | null {
      call(tasks.factorDiagonal, matrix, stride, order, packed, scratch);
      const [index, pivot] = record.subarray(6, 8);
      return index < 0 ? null : { index, pivot };
    },
    forwardSolve: ({ size, matrix, stride, vector }) => call(tasks.forwardSolve, size, matrix, stride, 0, vector),
    backwardSolve: ({ size, matrix, stride, vector }) => call(tasks.backwardSolve, size, matrix, stride, 0, vector),
    symmetricProduct({ size, matrix, stride, diagonal, vector, out, scratch }) {
      call(tasks.symmetricProduct, size, matrix, stride, diagonal, vector, out, scratch);
    },
    lowerProduct({ size, matrix, stride, vector, out, scratch }) {
      call(tasks.lowerProduct, size, matrix, stride, 0, vector, out, scratch);
    },
    arcCosineLayers(job) {
      const { values, rows, columns, stride, isTangent, layers, maps, negativeSlope } = job;
      call(
        tasks.arcCosineLayers,
        values,
        rows,
        columns,
        stride,
        isTangent ? 1 : 0,
        layers,
        maps,
        (1 - negativeSlope) ** 2 / 2,
        negativeSlope,
        job.rowRoots,
        job.rowInverses,
        job.columnRoots,
        job.columnInverses,
        job.coefficients,
      );
    },
  };
}
