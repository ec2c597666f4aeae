import { neuralKernels, type RunContext } from "meanfield";
import { type Depth, depths, examplesOf, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Test error of kernel regression, by depth and label. */
export type KernelMember = Readonly<Record<`depth${Depth}`, Readonly<Record<Label, number>>>>;

/** Test inputs whose kernel rows are in memory at once. */
const testBlock = 1024;

/**
 * The tangent kernel of infinitely wide networks with He weights and biases that start at 0 and learn: from C = T - 1 = x.x'/d, layer by layer, C = sqrt(q q') k_1 and T <- T k_0 + C + 1.
 */
export function tangentKernel(hiddenLayers: number): neuralKernels.FullyConnectedKernel {
  return neuralKernels.fullyConnected({
    activation: { kind: "relu" },
    hiddenLayers,
    normalization: "squared-norm",
    biasTangent: 1,
    biases: "all-layers",
  });
}

/** Regression of labels +1 and -1 without a ridge, each depth, both labels from one factorisation. */
export async function regress(
  context: Pick<RunContext<Values>, "pause" | "progress">,
  seed: string,
  count: number,
  values: Values,
): Promise<KernelMember> {
  const { dimension } = values;
  const testCount = Math.min(values.kernelTestExamples, values.testExamples);
  // Both labels have the same inputs.
  const training = labels.map((label) => examplesOf(label, "training", count, seed, values));
  const test = labels.map((label) => examplesOf(label, "test", testCount, seed, values));
  const points = scaled(training[0].inputs, dimension);
  const testPoints = scaled(test[0].inputs, dimension);
  const signs = new Float64Array(count * labels.length);
  for (const [column, examples] of training.entries()) {
    for (let row = 0; row < count; row += 1) signs[row * labels.length + column] = examples.labels[row] === 0 ? 1 : -1;
  }
  const result: Partial<Record<`depth${Depth}`, Record<Label, number>>> = {};
  for (const [number, depth] of depths.entries()) {
    const kernel = tangentKernel(depth);
    await context.pause();
    const matrix = await neuralKernels.kernelMatrix({ kernel, points, dimension });
    await context.pause();
    const [{ coefficients }] = await neuralKernels.kernelRegression({
      matrix,
      targets: signs,
      outputs: labels.length,
      ridges: [0],
    });
    context.progress((number + 0.7) / depths.length);
    const mistakes = labels.map(() => 0);
    for (let first = 0; first < testCount; first += testBlock) {
      await context.pause();
      const block = testPoints.subarray(first * dimension, Math.min(testCount, first + testBlock) * dimension);
      const cross = await neuralKernels.kernelMatrix({ kernel, points: block, others: points, dimension });
      const predicted = neuralKernels.predict(cross, coefficients, labels.length);
      for (let at = 0; at < predicted.length; at += 1) {
        const [row, column] = [first + Math.floor(at / labels.length), at % labels.length];
        if ((predicted[at] >= 0 ? 0 : 1) !== test[column].labels[row]) mistakes[column] += 1;
      }
    }
    const [local, global] = mistakes.map((each) => each / testCount);
    result[`depth${depth}`] = { local, global };
    context.progress((number + 1) / depths.length);
  }
  return result as KernelMember;
}

/** x/sqrt(d), since the kernel's first variance is the squared norm of what it is given. */
const scaled = (inputs: Float64Array, dimension: number): Float64Array =>
  inputs.map((coordinate) => coordinate / Math.sqrt(dimension));
