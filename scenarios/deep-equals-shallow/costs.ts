import type { Values } from "./parameters.ts";

/** Processor seconds of the spectra of one sphere. */
export function sphereSeconds(degree: number): number {
  return 0.2 + degree ** 2 * 1e-5;
}

/** Of one repetition of the regression on the sphere, seven kernels with seven ridges: entries of the kernel, and factorisations. */
export function regressionSeconds({ trainingSizes, testInputs }: Values): number {
  return 7 * kernelSeconds(trainingSizes, 2 * testInputs, 4e-8, 7);
}

/** Of one repetition with random features: products of layers of sqrt n neurons. */
export function featureSeconds({ featureSizes, testInputs }: Values): number {
  return featureSizes.reduce((sum, size) => sum + 6e-9 * size * (size + 2 * testInputs), 0);
}

/** Of one repetition with digits, four ridges. */
export function digitSeconds({ digitSizes, digitLayers, validationImages, testImages }: Values): number {
  return 1 + (2 * digitLayers.length + 1) * kernelSeconds(digitSizes, validationImages + testImages, 1e-7, 4);
}

/** Of one kernel: its entries between the largest set and the points, those of each training set, and the factorisations. */
function kernelSeconds(sizes: readonly number[], points: number, entry: number, ridges: number): number {
  const largest = sizes[sizes.length - 1];
  return sizes.reduce(
    (sum, size) => sum + (size ** 2 * entry) / 2 + ridges * size ** 3 * 1.6e-11,
    entry * largest * points,
  );
}

/** Of the largest member: a kernel matrix, and for digits all images and the inputs made of them. */
export function largestBytes(values: Values): number {
  const matrix = (sizes: readonly number[]) => 8 * sizes[sizes.length - 1] * (sizes[sizes.length - 1] + 2000);
  const { digitSizes, validationImages, testImages } = values;
  const images = digitSizes[digitSizes.length - 1] + validationImages + testImages;
  const digits = values.digitRepeats === 0 ? 0 : 55e6 + 8 * 784 * images + matrix(digitSizes);
  return 100e6 + Math.max(digits, values.repeats === 0 ? 0 : matrix(values.trainingSizes));
}
