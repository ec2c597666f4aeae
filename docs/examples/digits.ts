/** Kernel regression of handwritten digits: does depth change what is learned from 1000 of them? */
import { activations, datasets, neuralKernels } from "meanfield";

const { training, test } = datasets.mnist();
const dimension = training.height * training.width;
const inputsOf = ({ pixels }: datasets.LabelledImages, count: number) =>
  Float64Array.from(pixels.subarray(0, count * dimension), (pixel) => pixel / 255);

const [count, testCount] = [1000, 1000];
const points = inputsOf(training, count);
// One output a digit: 0.9 for the label's, -0.1 for the others.
const targets = new Float64Array(10 * count).fill(-0.1);
for (let row = 0; row < count; row += 1) targets[10 * row + training.labels[row]] += 1;

for (const weightLayers of [2, 3, 5]) {
  const kernel = neuralKernels.fullyConnected({
    activation: activations.relu(),
    weightLayers,
    normalization: "squared-norm",
  });
  const matrix = await neuralKernels.kernelMatrix({ kernel, points, dimension });
  const ridges = [0.001 * count];
  const [{ coefficients }] = await neuralKernels.kernelRegression({ matrix, targets, outputs: 10, ridges });
  const cross = await neuralKernels.kernelMatrix({
    kernel,
    points: inputsOf(test, testCount),
    others: points,
    dimension,
  });
  const values = neuralKernels.predict(cross, coefficients, 10);
  const wrong = test.labels.subarray(0, testCount).filter((label, row) => {
    const outputs = values.subarray(10 * row, 10 * row + 10);
    return outputs.indexOf(Math.max(...outputs)) !== label;
  });
  console.log(`L = ${weightLayers}: ${((100 * wrong.length) / testCount).toFixed(1)} % wrong`);
}
