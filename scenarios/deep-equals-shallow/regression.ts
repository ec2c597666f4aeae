import { activations, laws, neuralKernels, numerics } from "meanfield";
import { chosenFunctions, fitFunctions, type KernelFunctions, valuesInBlocks } from "./kernel-functions.ts";

/** Inputs lie on S^3, as in the experiment of the paper. */
const dimension = 4;

/** The target is 1 on the cap w.x >= capHeight, else 0. */
const capHeight = 0.7;

/** What ridges go down to: lambda = 10^-2, 10^-3 ... 10^-4 or 10^-8, with K + n lambda I. */
export const floors = { tight: -4, loose: -8 } as const;
export type Floor = keyof typeof floors;

export type Family = "nngp" | "ntk" | "laplace";

/** One of the kernels that are compared. */
interface ComparedKernel {
  readonly name: string;
  readonly family: Family;
  /** Layers of weights; null for Laplace. */
  readonly weightLayers: number | null;
  readonly kernel: neuralKernels.DotProductKernel;
}

/** What one kernel reaches in one repetition. */
export interface KernelErrors {
  readonly name: string;
  readonly family: Family;
  readonly weightLayers: number | null;
  /** Mean square errors on the test inputs, one a training size, and the exponents of the lambdas that were chosen. */
  readonly errors: Readonly<Record<Floor, readonly number[]>>;
  readonly exponents: Readonly<Record<Floor, readonly number[]>>;
}

export interface RegressionOptions {
  readonly seed: string | number;
  readonly repeat: number;
  /** Sizes of the training sets, ascending: each holds the ones before. */
  readonly sizes: readonly number[];
  /** Inputs for validation, and as many for the test. */
  readonly points: number;
  /** Called after each kernel. */
  readonly onProgress: (fraction: number) => Promise<void>;
}

/** Kernel ridge regression of the indicator of a cap with each kernel: lambda is chosen on validation inputs, errors are those on test inputs. */
export async function regressCap(options: RegressionOptions): Promise<readonly KernelErrors[]> {
  const { sizes, onProgress } = options;
  const { direction, training, validation, test } = drawInputs(options);
  const [trainingTargets, validationTargets, testTargets] = [training, validation, test].map((inputs) =>
    capTargets(inputs, direction),
  );
  const kernels = comparedKernels();
  const found: KernelErrors[] = [];
  for (const { name, family, weightLayers, kernel } of kernels) {
    // The paper has tangent kernels over L, which is as much as lambda times L.
    const scale = family === "ntk" ? (weightLayers ?? 1) : 1;
    const functions = await fitFunctions(
      { kernel },
      { inputs: training, dimension, targets: trainingTargets, outputs: 1 },
      sizes,
      ridgeExponents.map((exponent) => scale * 10 ** exponent),
    );
    const chosenBy = await squaredErrors(functions, validation, validationTargets);
    const chosen = (floor: Floor): number[] =>
      sizes.map((_, at) => {
        const first = at * ridgeExponents.length;
        const allowed = ridgeExponents.filter((exponent) => exponent >= floors[floor]).length;
        const found = chosenBy.slice(first, first + allowed);
        return first + found.indexOf(Math.min(...found));
      });
    const places = { tight: chosen("tight"), loose: chosen("loose") };
    const all = [...places.tight, ...places.loose];
    const reported = await squaredErrors(chosenFunctions(functions, all), test, testTargets);
    const exponentsOf = (floor: Floor) => places[floor].map((place) => ridgeExponents[place % ridgeExponents.length]);
    found.push({
      name,
      family,
      weightLayers,
      errors: { tight: reported.slice(0, sizes.length), loose: reported.slice(sizes.length) },
      exponents: { tight: exponentsOf("tight"), loose: exponentsOf("loose") },
    });
    await onProgress(found.length / kernels.length);
  }
  return found;
}

const ridgeExponents = [-2, -3, -4, -5, -6, -7, -8] as const;

/** Mean square error of each function. */
async function squaredErrors(
  functions: KernelFunctions,
  inputs: Float64Array,
  targets: Float64Array,
): Promise<readonly number[]> {
  const sums = new Float64Array(functions.count);
  await valuesInBlocks(functions, inputs, (values, first, rows) => {
    for (let row = 0; row < rows; row += 1) {
      for (let place = 0; place < sums.length; place += 1) {
        sums[place] += (values[row * sums.length + place] - targets[first + row]) ** 2;
      }
    }
  });
  return Array.from(sums, (sum) => sum / targets.length);
}

function drawInputs({ seed, repeat, sizes, points }: RegressionOptions) {
  const draw = (what: string, count: number): Float64Array => {
    const out = new Float64Array(count * dimension);
    const key = numerics.deriveKey(seed, "deep-equals-shallow", what);
    laws.sampleDirections(out, { first: 0, count, step: 0, replica: repeat }, dimension, key);
    return out;
  };
  return {
    direction: draw("direction", 1),
    training: draw("training", sizes[sizes.length - 1]),
    validation: draw("validation", points),
    test: draw("test", points),
  };
}

function capTargets(inputs: Float64Array, direction: Float64Array): Float64Array {
  return Float64Array.from({ length: inputs.length / dimension }, (_, row) => {
    let cosine = 0;
    for (let k = 0; k < dimension; k += 1) cosine += inputs[row * dimension + k] * direction[k];
    return cosine >= capHeight ? 1 : 0;
  });
}

/**
 * The seven kernels of the paper's code: for one hidden layer those with a bias, (1 + u) k_1(u) and (1 + u) k_0(u) + k_1(u), since without one their odd
 * eigenvalues vanish; Laplace exp(-sqrt(1 - u)).
 */
function comparedKernels(): readonly ComparedKernel[] {
  const { dotProductKernel, fullyConnected, laplaceKernel, nngpKernel, ntkKernel } = neuralKernels;
  const onSphere = { activation: activations.relu(), normalization: "unit-sphere" } as const;
  const deep = [3, 4].map((weightLayers) => ({ weightLayers, network: fullyConnected({ ...onSphere, weightLayers }) }));
  const biased = fullyConnected({ ...onSphere, weightLayers: 2, biasTangent: 1, biases: "first-layer" });
  // pi k_1(u), in the angle.
  const arcCosine = (angle: number) => Math.sin(angle) + (Math.PI - angle) * Math.cos(angle);
  return [
    {
      name: "RF, L = 2 with bias",
      family: "nngp",
      weightLayers: 2,
      kernel: dotProductKernel((cosine, angle) => ((1 + cosine) * arcCosine(angle)) / Math.PI),
    },
    ...deep.map(({ weightLayers, network }) => ({
      name: `RF, L = ${weightLayers}`,
      family: "nngp" as const,
      weightLayers,
      kernel: nngpKernel(network),
    })),
    { name: "NTK, L = 2 with bias", family: "ntk", weightLayers: 2, kernel: ntkKernel(biased) },
    ...deep.map(({ weightLayers, network }) => ({
      name: `NTK, L = ${weightLayers}`,
      family: "ntk" as const,
      weightLayers,
      kernel: ntkKernel(network),
    })),
    { name: "Laplace", family: "laplace", weightLayers: null, kernel: laplaceKernel() },
  ];
}
