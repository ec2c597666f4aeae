import { neuralKernels, type RunContext } from "meanfield";
import { factor, solve } from "./cholesky.ts";
import { type Depth, depths, examplesOf, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Test error of kernel regression, by depth and label. */
export type KernelMember = Readonly<Record<`depth${Depth}`, Readonly<Record<Label, number>>>>;

/**
 * The tangent kernel of infinitely wide networks with He weights and biases that start at 0 and learn: from C = T - 1 = x.x'/d, layer by layer, C = sqrt(q q') k_1 and T <- T k_0 + C + 1.
 */
export function tangentKernel(hiddenLayers: number): neuralKernels.KernelEvaluator {
  return neuralKernels.kernelEvaluator(
    neuralKernels.fullyConnected({
      activation: { kind: "relu" },
      hiddenLayers,
      normalization: "squared-norm",
      biasTangent: 1,
      biases: "all-layers",
    }),
  );
}

/** Regression of labels +1 and -1 without a ridge, each depth, both labels from one factorisation. */
export async function regress(context: RunContext<Values>, seed: string, count: number): Promise<KernelMember> {
  const values = context.parameters;
  const testCount = Math.min(values.kernelTestExamples, values.testExamples);
  const training = labels.map((label) => examplesOf(label, "training", count, seed, values));
  const test = labels.map((label) => examplesOf(label, "test", testCount, seed, values));
  const rows = unitRows(training[0].inputs, values.dimension);
  const testRows = unitRows(test[0].inputs, values.dimension);
  const result: Partial<Record<`depth${Depth}`, Record<Label, number>>> = {};
  for (const [number, depth] of depths.entries()) {
    const kernel = tangentKernel(depth);
    const matrix: Float64Array[] = [];
    for (let row = 0; row < count; row += 1) {
      if (row % 64 === 0) await context.pause();
      matrix.push(kernelRow(kernel, rows, row, rows, row + 1));
    }
    context.progress((number + 0.3) / depths.length);
    await factor(matrix, () => context.pause());
    const solutions = training.map(({ labels: classes }) =>
      solve(
        matrix,
        Float64Array.from(classes, (label) => (label === 0 ? 1 : -1)),
      ),
    );
    const mistakes = labels.map(() => 0);
    for (let row = 0; row < testCount; row += 1) {
      if (row % 64 === 0) await context.pause();
      const entries = kernelRow(kernel, testRows, row, rows, count);
      for (const [index, solution] of solutions.entries()) {
        let value = 0;
        for (let other = 0; other < count; other += 1) value += entries[other] * solution[other];
        if ((value >= 0 ? 0 : 1) !== test[index].labels[row]) mistakes[index] += 1;
      }
    }
    const [local, global] = mistakes.map((each) => each / testCount);
    result[`depth${depth}`] = { local, global };
    context.progress((number + 1) / depths.length);
  }
  return result as KernelMember;
}

interface UnitRows {
  readonly dimension: number;
  /** x/|x| */
  readonly directions: Float64Array;
  /** |x|^2/d */
  readonly variances: Float64Array;
}

function unitRows(inputs: Float64Array, dimension: number): UnitRows {
  const count = inputs.length / dimension;
  const directions = Float64Array.from(inputs);
  const variances = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    let square = 0;
    for (let k = 0; k < dimension; k += 1) square += inputs[row * dimension + k] ** 2;
    variances[row] = square / dimension;
    for (let k = 0; k < dimension; k += 1) directions[row * dimension + k] /= Math.sqrt(square);
  }
  return { dimension, directions, variances };
}

/** The kernel of row `row` with the first `count` of the others. */
function kernelRow(
  kernel: neuralKernels.KernelEvaluator,
  from: UnitRows,
  row: number,
  others: UnitRows,
  count: number,
): Float64Array {
  const { dimension } = from;
  const entries = new Float64Array(count);
  for (let other = 0; other < count; other += 1) {
    let cosine = 0;
    for (let k = 0; k < dimension; k += 1) {
      cosine += from.directions[row * dimension + k] * others.directions[other * dimension + k];
    }
    entries[other] = Math.min(1, Math.max(-1, cosine));
  }
  if (from === others && row < count) entries[row] = 1;
  kernel.fill(from.variances[row], others.variances.subarray(0, count), entries, null, entries);
  return entries;
}
