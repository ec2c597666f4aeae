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

/** What kernel ridge regression gives: functions sum_s k(., x_s) alpha_s, each with `outputs` values. */
export interface KernelFunctions {
  readonly choice: KernelChoice;
  readonly data: TrainingData;
  readonly count: number;
  /** alpha, n x (count * outputs); 0 at inputs behind the training set of a function. */
  readonly coefficients: Float64Array;
}

/**
 * Kernel ridge regression, (K + size lambda I) alpha = y, with the first inputs of the data.
 *
 * @param sizes how many inputs; the last is all
 * @returns a function for each size and lambda; those of the first size come first
 */
export async function fitFunctions(
  choice: KernelChoice,
  data: TrainingData,
  sizes: readonly number[],
  lambdas: readonly number[],
): Promise<KernelFunctions> {
  const { inputs, dimension, targets, outputs } = data;
  const parts: Float64Array[] = [];
  for (const size of sizes) {
    const fits = await neuralKernels.kernelRegression({
      matrix: await neuralKernels.kernelMatrix({ ...choice, points: inputs.subarray(0, size * dimension), dimension }),
      targets: targets.subarray(0, size * outputs),
      outputs,
      ridges: lambdas.map((lambda) => size * lambda),
    });
    parts.push(...fits.map(({ coefficients }) => coefficients));
  }
  const coefficients = new Float64Array(targets.length * parts.length);
  parts.forEach((part, place) => {
    for (let at = 0; at < part.length; at += 1) {
      const row = Math.floor(at / outputs);
      coefficients[(row * parts.length + place) * outputs + (at % outputs)] = part[at];
    }
  });
  return { choice, data, count: parts.length, coefficients };
}

/** Some of the functions, by their places. */
export function chosenFunctions(functions: KernelFunctions, places: readonly number[]): KernelFunctions {
  const { data, coefficients, count } = functions;
  const width = places.length * data.outputs;
  const chosen = Float64Array.from({ length: data.targets.length * places.length }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    const place = places[Math.floor(column / data.outputs)];
    return coefficients[(row * count + place) * data.outputs + (column % data.outputs)];
  });
  return { ...functions, count: places.length, coefficients: chosen };
}

/** Rows of the kernel that are held at a time. */
const blockRows = 1000;

/** Gives `look` the values at all points, a block of rows at a time: rows x (count * outputs), the first row that of point `first`. */
export async function valuesInBlocks(
  { choice, data, count, coefficients }: KernelFunctions,
  points: Float64Array,
  look: (values: Float64Array, first: number, rows: number) => void,
): Promise<void> {
  const { inputs, dimension, outputs } = data;
  for (let first = 0; first * dimension < points.length; first += blockRows) {
    const block = points.subarray(first * dimension, (first + blockRows) * dimension);
    const cross = await neuralKernels.kernelMatrix({ ...choice, points: block, others: inputs, dimension });
    look(neuralKernels.predict(cross, coefficients, count * outputs), first, cross.rows);
  }
}
