import { activations, neuralKernels, type numerics } from "meanfield";

/** The kernels that are compared. */
export type KernelName = "nngp" | "ntk" | "ntk-bias" | "step" | "laplace";

/** What claims are made of, for one kernel on one sphere. */
export interface MeasuredDecay {
  readonly kernel: KernelName;
  /** Layers of weights; null for Laplace. */
  readonly weightLayers: number | null;
  /** Exponents fitted from the first degree on; null where a parity is 0. */
  readonly even: number | null;
  readonly odd: number | null;
  /** Of the geometric mean of neighbours. */
  readonly pairs: number | null;
  /** Last even eigenvalue over what the constants at the ends say. */
  readonly ratio: number | null;
  /** sum_k N mu_k over kappa(1). */
  readonly traceShare: number;
  /** What quadrature leaves, over kappa(1). */
  readonly error: number;
  /** Largest |mu_k| of odd k >= 3 over the largest of even k >= 2. */
  readonly oddOverEven: number;
}

/** One kernel on one sphere, with what figures draw. */
export interface Decay extends MeasuredDecay {
  /** mu_1 ... mu_degree; null below the floor. */
  readonly eigenvalues: readonly (number | null)[];
}

/** What a member finds. */
export interface Sphere {
  readonly dimension: number;
  readonly decays: readonly Decay[];
}

/** What its summary keeps of it. */
export interface MeasuredSphere {
  readonly dimension: number;
  readonly decays: readonly MeasuredDecay[];
}

export interface SphereOptions {
  readonly dimension: number;
  readonly degree: number;
  readonly firstDegree: number;
  readonly weightLayers: readonly number[];
  readonly stepLayers: readonly number[];
}

/** All kernels on one sphere. */
export function decaysOn(options: SphereOptions): readonly Decay[] {
  const onSphere = { normalization: "unit-sphere" } as const;
  const relu = activations.relu();
  const network = (weightLayers: number) =>
    neuralKernels.fullyConnected({ ...onSphere, activation: relu, weightLayers });
  const biased = neuralKernels.fullyConnected({
    ...onSphere,
    activation: relu,
    weightLayers: 2,
    biasTangent: 1,
    biases: "first-layer",
  });
  const steps = (weightLayers: number) =>
    neuralKernels.fullyConnected({ ...onSphere, activation: neuralKernels.step(), weightLayers });
  return [
    ...options.weightLayers.map((layers) =>
      measure("nngp", layers, neuralKernels.nngpKernel(network(layers)), options),
    ),
    ...options.weightLayers.map((layers) => measure("ntk", layers, neuralKernels.ntkKernel(network(layers)), options)),
    measure("ntk-bias", 2, neuralKernels.ntkKernel(biased), options),
    ...options.stepLayers.map((layers) => measure("step", layers, neuralKernels.nngpKernel(steps(layers)), options)),
    measure("laplace", null, neuralKernels.laplaceKernel(), options),
  ];
}

/** The exponent that theory gives: 1 - d - 2 nu, nu the exponent of the kernel's singularity at its ends. */
export function theoreticalExponent(kernel: KernelName, weightLayers: number | null, dimension: number): number {
  if (kernel === "nngp") return -dimension - 2;
  if (kernel === "step") return 1 - dimension - 2 ** (2 - (weightLayers ?? 2));
  return -dimension;
}

function measure(
  kernel: KernelName,
  weightLayers: number | null,
  spec: neuralKernels.DotProductKernel,
  { dimension, degree, firstDegree }: SphereOptions,
): Decay {
  const spectrum = neuralKernels.sphereSpectrum({ kernel: spec, dimension, degree });
  const { even, odd, pairs } = neuralKernels.decayExponents(spectrum, { from: firstDegree });
  const last = degree - (degree % 2);
  const lastValue = spectrum.eigenvalues[last];
  const expected = neuralKernels.expectedEigenvalue(neuralKernels.endpointExpansion(spec), last, dimension);
  const largest = (parity: 0 | 1) =>
    spectrum.raw.reduce((top, value, k) => (k >= 2 && k % 2 === parity ? Math.max(top, Math.abs(value)) : top), 0);
  return {
    kernel,
    weightLayers,
    eigenvalues: spectrum.eigenvalues.slice(1),
    even: slopeOf(even),
    odd: slopeOf(odd),
    pairs: slopeOf(pairs),
    ratio: lastValue === null || expected === 0 ? null : lastValue / expected,
    traceShare: spectrum.trace / spectrum.diagonal,
    error: spectrum.error / spectrum.diagonal,
    oddOverEven: largest(1) / largest(0),
  };
}

function slopeOf(fit: numerics.LineFit | null): number | null {
  return fit === null ? null : fit.slope.value;
}
