import { activations, MeanfieldError, neuralKernels } from "meanfield";

/** The tangent kernel as the paper has it: inputs as they are, variance kept by each layer, K(x, x) = L |x|^2. No biases, relu'(0) = 0. */
export function reluKernel(weightLayers: number): neuralKernels.FullyConnectedKernel {
  return neuralKernels.fullyConnected({
    activation: activations.relu(),
    weightLayers,
    normalization: "squared-norm",
  });
}

/** A smallest eigenvalue within bounds. */
export interface Smallest {
  /** 0 where the matrix is not positive definite beyond rounding errors; `high` is then the upper bound of the refusal. */
  readonly value: number;
  readonly high: number;
  /** Width of the enclosure; null where the matrix was refused. */
  readonly width: number | null;
  /** The matrix was refused as not positive definite. */
  readonly isSingular: boolean;
}

/** The smallest eigenvalue of a Gram matrix, which singular ones may have too; anything else that goes wrong is thrown on. */
export async function smallestOf(matrix: neuralKernels.KernelMatrix): Promise<Smallest> {
  try {
    const { value, low, high } = await neuralKernels.smallestEigenvalue(matrix);
    return { value, high, width: high - low, isSingular: false };
  } catch (error) {
    if (!(error instanceof MeanfieldError && error.code === "not-positive-definite")) throw error;
    const { upperBound } = error.details;
    if (upperBound === undefined) throw error;
    return { value: 0, high: Math.max(0, upperBound), width: null, isSingular: true };
  }
}

/** The smallest eigenvalue of the infinitely wide network's tangent kernel. */
export async function infiniteWidth(weightLayers: number, points: Float64Array, dimension: number): Promise<Smallest> {
  return smallestOf(await neuralKernels.kernelMatrix({ kernel: reluKernel(weightLayers), points, dimension }));
}
