import { neuralKernels } from "meanfield";

/** Which kernel, in the words of `neuralKernels.kernelMatrix`. */
export type KernelChoice = Pick<neuralKernels.KernelMatrixOptions, "kernel" | "of" | "normalization">;

/** Inputs to learn from, and what is to be learned. */
export interface TrainingData {
  /** n x dimension */
  readonly inputs: Float64Array;
  readonly dimension: number;
  /** n x outputs */
  readonly targets: Float64Array;
  readonly outputs: number;
}

/** Functions sum_s k(., x_s) alpha_s, one for each ridge and output. */
export interface KernelFunctions {
  readonly choice: KernelChoice;
  readonly data: TrainingData;
  readonly ridges: readonly number[];
  /** alpha, n x (ridges * outputs). */
  readonly coefficients: Float64Array;
}

/** Kernel ridge regression, (K + ridge I) alpha = y, with each ridge. */
export async function fitRidges(
  choice: KernelChoice,
  data: TrainingData,
  ridges: readonly number[],
): Promise<KernelFunctions> {
  const { inputs, dimension, targets, outputs } = data;
  const matrix = await neuralKernels.kernelMatrix({ ...choice, points: inputs, dimension });
  const fits = await neuralKernels.kernelRegression({ matrix, targets, outputs, ridges });
  const parts = fits.map((fit) => fit.coefficients);
  return { choice, data, ridges, coefficients: beside(parts, outputs) };
}

/** The functions of some of the ridges, by their places. */
export function withRidges(functions: KernelFunctions, places: readonly number[]): KernelFunctions {
  const { data, coefficients, ridges } = functions;
  const width = ridges.length * data.outputs;
  const parts = places.map((place) =>
    coefficients.filter((_, at) => Math.floor((at % width) / data.outputs) === place),
  );
  return { ...functions, ridges: places.map((place) => ridges[place]), coefficients: beside(parts, data.outputs) };
}

/** Matrices of `width` columns, side by side. */
function beside(parts: readonly Float64Array[], width: number): Float64Array {
  const rows = parts[0].length / width;
  const out = new Float64Array(rows * width * parts.length);
  parts.forEach((part, place) => {
    for (let row = 0; row < rows; row += 1) {
      out.set(part.subarray(row * width, (row + 1) * width), (row * parts.length + place) * width);
    }
  });
  return out;
}

/** Rows of the kernel that are held at a time. */
const blockRows = 1000;

/**
 * Gives `look` the values at all points, a block of rows at a time: `values` is rows x (ridges * outputs), and its first row is that of point `first`.
 */
export async function valuesInBlocks(
  functions: KernelFunctions,
  points: Float64Array,
  look: (values: Float64Array, first: number, rows: number) => void,
): Promise<void> {
  const { choice, data, coefficients, ridges } = functions;
  const { inputs, dimension, outputs } = data;
  const count = points.length / dimension;
  for (let first = 0; first < count; first += blockRows) {
    const rows = Math.min(blockRows, count - first);
    const block = points.subarray(first * dimension, (first + rows) * dimension);
    const cross = await neuralKernels.kernelMatrix({ ...choice, points: block, others: inputs, dimension });
    look(neuralKernels.predict(cross, coefficients, ridges.length * outputs), first, rows);
  }
}
