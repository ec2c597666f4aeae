import { laws, neuralKernels, numerics } from "meanfield";

/** Inputs lie on S^3, as in the experiment of the paper. */
const dimension = 4;

/** Ridges n lambda, with lambda = 2^-30, 2^-27 ... 2^3. */
const ridgeExponents = Array.from({ length: 12 }, (_, index) => 3 - 3 * index);

/** The networks that are compared, shallow and deep ones; the widths of their hidden layers follow from sqrt(n). */
export const featureNetworks = [
  { id: "two-layers", name: "L = 2: sqrt n", widths: (root: number) => [root] },
  { id: "three-layers", name: "L = 3: sqrt n, sqrt n", widths: (root: number) => [root, root] },
  { id: "narrow-first", name: "L = 3: 10, sqrt n", widths: (root: number) => [10, root] },
  { id: "narrow-last", name: "L = 3: sqrt n, 10", widths: (root: number) => [root, 10] },
] as const;

/** What the random features of one network reach in one repetition. */
export interface FeatureErrors {
  /** Mean square errors on the test inputs, one a training size, and the exponents of 2 of the lambdas that were chosen. */
  readonly errors: readonly number[];
  readonly exponents: readonly number[];
}

export interface FeatureOptions {
  readonly seed: string | number;
  readonly repeat: number;
  readonly sizes: readonly number[];
  /** Inputs for validation, and as many for the test. */
  readonly points: number;
  /** Called after each size. */
  readonly onProgress: (fraction: number) => Promise<void>;
}

/**
 * Ridge regression on the last hidden layer of ReLU networks with Gaussian weights, w = (F^T F + n lambda I)^-1 F^T y, of the even function
 * exp(-(1 - c)^(3/2)) + exp(-(1 + c)^(3/2)), c the cosine with a direction.
 *
 * @returns one entry a network, in the order of `featureNetworks`
 */
export async function regressFeatures(options: FeatureOptions): Promise<readonly FeatureErrors[]> {
  const { sizes, points, onProgress } = options;
  const draw = (what: string, count: number): Float64Array => {
    const out = new Float64Array(count * dimension);
    laws.sampleDirections(out, { first: 0, count, step: 0, replica: options.repeat }, dimension, keyOf(options, what));
    return out;
  };
  const direction = draw("direction", 1);
  const [training, validation, test] = [
    draw("training", sizes[sizes.length - 1]),
    draw("validation", points),
    draw("test", points),
  ];
  const [trainingTargets, validationTargets, testTargets] = [training, validation, test].map((inputs) =>
    evenTargets(inputs, direction),
  );
  const found = featureNetworks.map(() => ({ errors: [] as number[], exponents: [] as number[] }));
  for (const [at, size] of sizes.entries()) {
    for (const [place, { id, widths }] of featureNetworks.entries()) {
      const weights = drawWeights(options, id, widths(Math.round(Math.sqrt(size))), size);
      const features = (inputs: Float64Array) => featuresOf(inputs, weights);
      const functions = await fitFeatures(
        features(training.subarray(0, size * dimension)),
        trainingTargets.subarray(0, size),
      );
      const chosenBy = squaredErrors(features(validation), validationTargets, functions);
      const best = chosenBy.indexOf(Math.min(...chosenBy));
      const [error] = squaredErrors(features(test), testTargets, [functions[best]]);
      found[place].errors.push(error);
      found[place].exponents.push(ridgeExponents[best]);
    }
    await onProgress((at + 1) / sizes.length);
  }
  return found;
}

function keyOf({ seed }: FeatureOptions, what: string): numerics.StreamKey {
  return numerics.deriveKey(seed, "deep-equals-shallow", "random-features", what);
}

/** exp(-(1 - c)^(3/2)) + exp(-(1 + c)^(3/2)), as smooth at the ends of [-1, 1] as the random-feature kernel of ReLU. */
function evenTargets(inputs: Float64Array, direction: Float64Array): Float64Array {
  return Float64Array.from({ length: inputs.length / dimension }, (_, row) => {
    let cosine = 0;
    for (let k = 0; k < dimension; k += 1) cosine += inputs[row * dimension + k] * direction[k];
    const c = Math.min(1, Math.max(-1, cosine));
    return Math.exp(-((1 - c) ** 1.5)) + Math.exp(-((1 + c) ** 1.5));
  });
}

/** Weights of one layer, N(0, 1), width x inputs. */
interface Layer {
  readonly width: number;
  readonly weights: Float64Array;
}

function drawWeights(options: FeatureOptions, id: string, widths: readonly number[], size: number): readonly Layer[] {
  return widths.map((width, layer) => {
    const weights = new Float64Array(width * (layer === 0 ? dimension : widths[layer - 1]));
    const key = keyOf(options, `${id} layer ${layer + 1}`);
    numerics.fillNormal(weights, 0, weights.length, 0, key, 0, size, options.repeat);
    return { width, weights };
  });
}

/** Rows of features. */
interface Features {
  readonly width: number;
  readonly values: Float64Array;
}

/** relu(W h)/sqrt(width), layer by layer. */
function featuresOf(inputs: Float64Array, layers: readonly Layer[]): Features {
  let before: Features = { width: dimension, values: inputs };
  for (const { width, weights } of layers) {
    const inner = before.width;
    const rows = before.values.length / inner;
    const values = new Float64Array(rows * width);
    const scale = 1 / Math.sqrt(width);
    for (let row = 0; row < rows; row += 1) {
      for (let unit = 0; unit < width; unit += 1) {
        let sum = 0;
        for (let k = 0; k < inner; k += 1) sum += weights[unit * inner + k] * before.values[row * inner + k];
        values[row * width + unit] = sum > 0 ? scale * sum : 0;
      }
    }
    before = { width, values };
  }
  return before;
}

/** The weights of each ridge's function. */
async function fitFeatures({ width, values }: Features, targets: Float64Array): Promise<readonly Float64Array[]> {
  const size = targets.length;
  const gram = new Float64Array(width * width);
  const products = new Float64Array(width);
  for (let row = 0; row < size; row += 1) {
    for (let i = 0; i < width; i += 1) {
      const value = values[row * width + i];
      products[i] += value * targets[row];
      for (let j = 0; j <= i; j += 1) gram[i * width + j] += value * values[row * width + j];
    }
  }
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j < i; j += 1) gram[j * width + i] = gram[i * width + j];
  }
  const fits = await neuralKernels.kernelRegression({
    matrix: neuralKernels.matrixOf(gram, width),
    targets: products,
    ridges: ridgeExponents.map((exponent) => size * 2 ** exponent),
  });
  return fits.map(({ coefficients }) => coefficients);
}

/** Mean square error of each function. */
function squaredErrors(
  { width, values }: Features,
  targets: Float64Array,
  functions: readonly Float64Array[],
): readonly number[] {
  return functions.map((weights) => {
    let sum = 0;
    for (let row = 0; row < targets.length; row += 1) {
      let value = -targets[row];
      for (let unit = 0; unit < width; unit += 1) value += values[row * width + unit] * weights[unit];
      sum += value * value;
    }
    return sum / targets.length;
  });
}
