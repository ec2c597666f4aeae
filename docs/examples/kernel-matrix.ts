/** The tangent kernel of a deep ReLU network between inputs on a sphere: its smallest eigenvalue with bounds, a regression, and a finite network's beside it. */
import { activations, neuralKernels, numerics } from "meanfield";

const dimension = 20;
const count = 100;
const points = new Float64Array(count * dimension);
numerics.fillNormal(points, 0, points.length, 0, numerics.deriveKey(1, "inputs"), 0, 0, 0);

// Three layers of weights; K(x, x) = 3 |x|^2.
const kernel = neuralKernels.fullyConnected({
  activation: activations.relu(),
  weightLayers: 3,
  normalization: "squared-norm",
});
const matrix = await neuralKernels.kernelMatrix({ kernel, points, dimension });
const { low, high } = await neuralKernels.smallestEigenvalue(matrix);
console.log(`smallest eigenvalue / d: ${(low / dimension).toFixed(6)} ... ${(high / dimension).toFixed(6)}`);

const finite = neuralKernels.empiricalKernel({ kernel, widths: [2000, 2000], points, dimension, seed: 1 });
const { value } = await neuralKernels.smallestEigenvalue(finite);
console.log(`of a network of width 2000: ${(value / dimension).toFixed(3)}`);

const targets = Float64Array.from({ length: count }, (_, s) => Math.sign(points[s * dimension]));
for (const { ridge, quadraticForms } of await neuralKernels.kernelRegression({ matrix, targets, ridges: [0, 1, 10] })) {
  console.log(`ridge ${ridge}: y^T (K + ridge)^-1 y = ${quadraticForms[0].toFixed(4)}`);
}
