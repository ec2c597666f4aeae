import { invalidValue } from "../../errors.ts";
import { type KernelMatrix, matrixOf } from "../matrices/kernel-matrix.ts";
import { type EmpiricalKernelOptions, prepareEmpirical } from "./empirical-kernel.ts";

export interface AverageKernelOptions extends Omit<EmpiricalKernelOptions, "draw" | "parameters"> {
  /** Networks drawn, >= 2: those with draw 0, 1, ... of the seed. */
  readonly draws: number;
}

/** A mean over networks. */
export interface AverageKernel {
  readonly mean: KernelMatrix;
  /** Of each entry of the mean: standard deviation over networks by sqrt(draws), n x n. */
  readonly standardErrors: Float64Array;
  readonly draws: number;
}

/**
 * The mean of `empiricalKernel` over networks drawn independently, entry by entry with standard errors (Welford's recursion). At finite width its
 * expectation differs from the infinite-width kernel by a bias of order depth/width.
 *
 * @throws MeanfieldError as `empiricalKernel`; `invalid-value` on fewer than 2 draws
 */
export function averageKernel(options: AverageKernelOptions): AverageKernel {
  const { draws } = options;
  if (!(Number.isInteger(draws) && draws >= 2)) throw invalidValue("draws", "an integer >= 2", draws);
  const { memory, draw, rows } = prepareEmpirical(options);
  const { matrix } = memory;
  const mean = new Float64Array(matrix.length);
  const squares = new Float64Array(matrix.length);
  for (let index = 0; index < draws; index += 1) {
    draw(index);
    for (let at = 0; at < matrix.length; at += 1) {
      const gap = matrix[at] - mean[at];
      mean[at] += gap / (index + 1);
      squares[at] += gap * (matrix[at] - mean[at]);
    }
  }
  const standardErrors = squares.map((square) => Math.sqrt(square / (draws - 1) / draws));
  return Object.freeze({ mean: matrixOf(mean, rows.count), standardErrors, draws });
}
