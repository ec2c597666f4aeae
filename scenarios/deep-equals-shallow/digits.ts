import { activations, datasets, MeanfieldError, neuralKernels, numerics } from "meanfield";
import {
  chosenFunctions,
  fitFunctions,
  type KernelChoice,
  type KernelFunctions,
  type TrainingData,
  valuesInBlocks,
} from "./kernel-functions.ts";
import type { Family } from "./regression.ts";

/** Labels 0 ... 9, one output each. */
const labels = 10;

/** lambda, in (K + n lambda I) alpha = y. */
const lambdas = [1, 0.1, 0.01, 0.001] as const;

/** What one kernel reaches in one repetition. */
export interface DigitErrors {
  readonly family: Family;
  /** Layers of weights; null for Laplace. */
  readonly weightLayers: number | null;
  /** Shares of the test images that are taken for another digit, one a training size, and the lambdas that were chosen. */
  readonly errors: readonly number[];
  readonly lambdas: readonly number[];
}

/** One repetition; without the package that has the images, the sentence that says how to install it. */
export type DigitResult = { readonly kernels: readonly DigitErrors[] } | MissingImages;

export interface MissingImages {
  readonly code: "package-missing";
  readonly missing: string;
}

export interface DigitOptions {
  readonly seed: string | number;
  readonly repeat: number;
  /** Sizes of the training sets, ascending: each holds the ones before. */
  readonly sizes: readonly number[];
  /** Depths L in layers of weights. */
  readonly depths: readonly number[];
  readonly validationImages: number;
  readonly testImages: number;
  /** A folder of images in place of the package's; null for that. */
  readonly folder: string | null;
  /** Called after each kernel. */
  readonly onProgress: (fraction: number) => Promise<void>;
}

/**
 * Kernel ridge regression of the labels of MNIST, as one-hot vectors minus 0.1, with the random-feature and tangent kernels of ReLU networks and |x||y| times the Laplace
 * kernel of the cosine. Training and validation images are drawn from the training images, by which lambda is chosen; errors are those on the test images.
 */
export async function regressDigits(options: DigitOptions, load = datasets.mnist): Promise<DigitResult> {
  const { folder } = options;
  try {
    return { kernels: await compareKernels(load(folder === null ? {} : { folder }), options) };
  } catch (error) {
    if (!(error instanceof MeanfieldError && error.code === "package-missing")) throw error;
    return { code: error.code, missing: error.message };
  }
}

async function compareKernels(images: datasets.ImageSets, options: DigitOptions): Promise<readonly DigitErrors[]> {
  const { sizes, depths, validationImages, onProgress } = options;
  const largest = sizes[sizes.length - 1];
  const drawn = inputsOf(images.training, drawImages(options, images.training.count, largest + validationImages));
  const training = part(drawn, 0, largest);
  const validation = part(drawn, largest, largest + validationImages);
  const test = inputsOf(images.test, firstImages(options, images.test.count));
  const kernels = comparedKernels(depths);
  const found: DigitErrors[] = [];
  for (const { family, weightLayers, choice } of kernels) {
    const functions = await fitFunctions(choice, training, sizes, lambdas);
    const chosenBy = await errorShares(functions, validation);
    const places = sizes.map((_, at) => {
      const first = at * lambdas.length;
      const own = chosenBy.slice(first, first + lambdas.length);
      // The largest of equally good ones.
      return first + own.indexOf(Math.min(...own));
    });
    const errors = await errorShares(chosenFunctions(functions, places), test);
    found.push({ family, weightLayers, errors, lambdas: places.map((place) => lambdas[place % lambdas.length]) });
    await onProgress(found.length / kernels.length);
  }
  return found;
}

/** Images as inputs of kernels: pixels from 0 to 1. */
interface LabelledInputs extends TrainingData {
  readonly labels: Uint8Array;
}

function inputsOf({ pixels, labels: all, height, width }: datasets.LabelledImages, rows: Uint32Array): LabelledInputs {
  const dimension = height * width;
  const inputs = new Float64Array(rows.length * dimension);
  const targets = new Float64Array(rows.length * labels).fill(-0.1);
  rows.forEach((row, at) => {
    for (let k = 0; k < dimension; k += 1) inputs[at * dimension + k] = pixels[row * dimension + k] / 255;
    targets[at * labels + all[row]] += 1;
  });
  return { dimension, inputs, targets, outputs: labels, labels: Uint8Array.from(rows, (row) => all[row]) };
}

/** Rows from ... to. */
function part({ dimension, inputs, targets, labels: own }: LabelledInputs, from: number, to: number): LabelledInputs {
  return {
    dimension,
    inputs: inputs.subarray(from * dimension, to * dimension),
    targets: targets.subarray(from * labels, to * labels),
    outputs: labels,
    labels: own.subarray(from, to),
  };
}

/** `count` different images, in an order that seed and repetition say: the beginning of a shuffle of all. */
function drawImages({ seed, repeat }: DigitOptions, all: number, count: number): Uint32Array {
  if (count > all) {
    throw new MeanfieldError(
      "invalid-value",
      `digitSizes: expected at most ${all} images, got ${count} with those for validation`,
      {
        path: "digitSizes",
      },
    );
  }
  const order = Uint32Array.from({ length: all }, (_, row) => row);
  const draws = new Float64Array(count);
  numerics.fillUniform(draws, 0, count, 0, numerics.deriveKey(seed, "deep-equals-shallow", "digits"), 0, 0, repeat);
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(draws[at] * (all - at));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order.slice(0, count);
}

function firstImages({ testImages }: DigitOptions, all: number): Uint32Array {
  return Uint32Array.from({ length: Math.min(testImages, all) }, (_, row) => row);
}

/** The share of images at which the largest output is not the label's, for each function. */
async function errorShares(
  functions: KernelFunctions,
  { inputs, labels: own }: LabelledInputs,
): Promise<readonly number[]> {
  const wrong = new Float64Array(functions.count);
  await valuesInBlocks(functions, inputs, (values, first, rows) => {
    for (let at = 0; at < rows * wrong.length; at += 1) {
      let best = 0;
      for (let label = 1; label < labels; label += 1) {
        if (values[at * labels + label] > values[at * labels + best]) best = label;
      }
      if (best !== own[first + Math.floor(at / wrong.length)]) wrong[at % wrong.length] += 1;
    }
  });
  return Array.from(wrong, (count) => count / own.length);
}

interface ComparedKernel {
  readonly family: Family;
  readonly weightLayers: number | null;
  readonly choice: KernelChoice;
}

/** Kernels that are homogeneous: at inputs of lengths |x| and |y| they are |x||y| times their value on the sphere. */
function comparedKernels(depths: readonly number[]): readonly ComparedKernel[] {
  const ofNetworks = (of: neuralKernels.KernelOf) =>
    depths.map((weightLayers) => {
      const kernel = neuralKernels.fullyConnected({
        activation: activations.relu(),
        weightLayers,
        normalization: "squared-norm",
      });
      return { family: of, weightLayers, choice: { kernel, of } };
    });
  const laplace = { kernel: neuralKernels.laplaceKernel(), normalization: "squared-norm" } as const;
  return [...ofNetworks("nngp"), ...ofNetworks("ntk"), { family: "laplace", weightLayers: null, choice: laplace }];
}
