import { activations, neuralKernels } from "meanfield";

/** A function of the cosine. */
type Kernel = (cosine: number) => number;

/** One of the seven kernels whose activations the paper prints. */
export interface Target {
  /** Lower case: part of a claim's id. */
  readonly name: string;
  readonly label: string;
  readonly kernel: Kernel;
  /** The printed Hermite coefficients b_0 ... b_5. */
  readonly printed: readonly number[];
  /** Printed coefficients up to this size are what the authors' interior-point solver left of zeros, and are not compared. */
  readonly noise: number;
}

const deepOptions = { hiddenLayers: 4, weightVariance: 2, biasVariance: 0.01 } as const;

/** Four hidden layers of ReLU with sigma_w^2 = 2 and sigma_b = 0.1: the kernel to be had with one. */
export const deepRelu = neuralKernels.fullyConnected({ activation: activations.relu(), ...deepOptions });
/** One hidden layer of ReLU with the same variances. */
export const shallowRelu = neuralKernels.fullyConnected({
  activation: activations.relu(),
  ...deepOptions,
  hiddenLayers: 1,
});
const deepErf = neuralKernels.fullyConnected({ activation: activations.erf(), ...deepOptions });

/** The tangent kernel as a function of the cosine, inputs with |x|^2 = d. */
export function tangentKernel(network: neuralKernels.FullyConnectedKernel): Kernel {
  const evaluator = neuralKernels.kernelEvaluator(network);
  return (cosine) => evaluator.pair(cosine).ntk ?? Number.NaN;
}

function covariance(network: neuralKernels.FullyConnectedKernel): Kernel {
  const evaluator = neuralKernels.kernelEvaluator(network);
  return (cosine) => evaluator.pair(cosine).nngp;
}

/** Signs of b_0 ... b_5 in the notebooks; kernels of infinite width do not know them. */
export const signs = [1, 1, -1, -1, 1, 1] as const;

/** The seven kernels with the printed coefficients of the activations whose one-hidden-layer NTK they are. */
export function targets(): readonly Target[] {
  return [
    {
      name: "a",
      label: "NNGP of four hidden layers of ReLU",
      kernel: covariance(deepRelu),
      printed: [0.837, 0.271, -0.151, -0.05, 0.101, 0.084],
      noise: 0,
    },
    {
      name: "b",
      label: "NTK of four hidden layers of ReLU",
      kernel: tangentKernel(deepRelu),
      printed: [1.23, 0.639, 0, 0, 0.539, 0.426],
      noise: 0,
    },
    {
      name: "c",
      label: "NTK of four hidden layers of erf",
      kernel: tangentKernel(deepErf),
      printed: [0.153, 0.826, -0.004, -0.005, 0.219, 0.577],
      noise: 0.1,
    },
    { name: "d", label: "c^3", kernel: (c) => c ** 3, printed: [0.001, 0.01, 0, -0.5, 0, 0.009], noise: 0.1 },
    {
      name: "e",
      label: "c^4 + c",
      kernel: (c) => c ** 4 + c,
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: as printed
      printed: [0, 0.707, -0.004, -0.003, 0.447, 0],
      noise: 0.1,
    },
    {
      name: "f",
      label: "sinh 2c",
      kernel: (c) => Math.sinh(2 * c),
      printed: [0, 1.001, 0, -0.572, 0.004, 0.229],
      noise: 0,
    },
    {
      name: "g",
      label: "cosh 2c",
      kernel: (c) => Math.cosh(2 * c),
      printed: [1.002, 0, -0.805, 0, 0.404, 0.011],
      noise: 0,
    },
  ];
}
