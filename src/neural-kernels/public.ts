/** What users see as `neuralKernels`. */

export { fitKernelCoefficients, type KernelFit, type KernelFitOptions } from "./activation-design/fit-kernel.ts";
export { fitMimic, type MimicFit, type MimicFitOptions, mimicSumOfSquares } from "./activation-design/fit-mimic.ts";
export { activationForKernel, type KernelToActivationOptions } from "./activation-design/kernel-to-activation.ts";
export {
  type MimicParameters,
  mimicActivation,
  mimicKernel,
  mimicStart,
  publishedMimic,
} from "./activation-design/mimic-kernel.ts";
export { type AverageKernel, type AverageKernelOptions, averageKernel } from "./finite-width/average-kernel.ts";
export { type EmpiricalKernelOptions, empiricalKernel } from "./finite-width/empirical-kernel.ts";
export type { LayerParameters } from "./finite-width/finite-parameters.ts";
export {
  createFiniteTraining,
  type FiniteTraining,
  type FiniteTrainingOptions,
} from "./finite-width/finite-training.ts";
export { type FiniteFit, type FiniteFitOptions, trainFiniteNetwork } from "./finite-width/train-finite-network.ts";
export { conversionFactor } from "./infinite-width/conversion.ts";
export {
  type FullyConnectedKernel,
  type FullyConnectedOptions,
  fullyConnected,
  hiddenLayerCount,
  type KernelDepth,
} from "./infinite-width/fully-connected.ts";
export {
  activation,
  type HermiteActivation,
  hermite,
  type KernelActivationSpec,
  type OwnActivation,
  type SineActivation,
  sign,
  sine,
  step,
} from "./infinite-width/kernel-activation.ts";
export { type KernelEvaluator, type KernelValues, kernelEvaluator } from "./infinite-width/kernel-evaluator.ts";
export type { KernelLayer, KernelNormalization } from "./infinite-width/normalization.ts";
export { type KernelPowerSeries, kernelPowerSeries } from "./infinite-width/power-series.ts";
export { type KernelDescent, type KernelDescentOptions, kernelDescent } from "./kernel-descent.ts";
export {
  type CholeskyFactor,
  factorize,
} from "./matrices/factorize.ts";
export type { KernelOf } from "./matrices/fill-share.ts";
export { type KernelMatrix, type KernelMatrixOptions, kernelMatrix, matrixOf } from "./matrices/kernel-matrix.ts";
export { type KernelFileOptions, kernelMatrixToFile } from "./matrices/to-file.ts";
export {
  type KernelRegressionOptions,
  kernelRegression,
  predict,
  type RidgeFit,
} from "./regression/kernel-regression.ts";
export {
  type SmallestEigenvalue,
  type SmallestEigenvalueOptions,
  smallestEigenvalue,
} from "./smallest-eigenvalue/smallest-eigenvalue.ts";
export { type DecayExponents, type DecayOptions, decayExponents } from "./spectra/decay-exponents.ts";
export {
  type DotProductKernel,
  dotProductKernel,
  gammaExponentialKernel,
  laplaceKernel,
  nngpKernel,
  ntkKernel,
} from "./spectra/dot-product-kernel.ts";
export { type EndpointExpansion, endpointExpansion, expectedEigenvalue } from "./spectra/endpoint-expansion.ts";
export { powerEigenvalue } from "./spectra/power-eigenvalue.ts";
export { type SpectrumOptions, type SphereSpectrum, sphereSpectrum } from "./spectra/sphere-spectrum.ts";
export {
  type SpectralDecomposition,
  spectralDecomposition,
} from "./spectral-decomposition/spectral-decomposition.ts";
