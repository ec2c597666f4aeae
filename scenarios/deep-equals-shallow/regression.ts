import { activations, laws, neuralKernels, numerics } from "meanfield";

/** Inputs lie on S^3, as in the experiment of the paper. */
const dimension = 4;

/** The target is 1 on the cap w.x >= capHeight, else 0. */
const capHeight = 0.7;

/** What ridges go down to: lambda = 10^-2, 10^-3 ... 10^-4 or 10^-8, with K + n lambda I. */
export const floors = { tight: -4, loose: -8 } as const;
export type Floor = keyof typeof floors;

export type Family = "nngp" | "ntk" | "laplace";

/** Values of a kernel between rows of inputs on the sphere, rows x others. */
type Fill = (rows: Float64Array, others: Float64Array) => Promise<Float64Array>;

/** One of the kernels that are compared. */
interface ComparedKernel {
  readonly name: string;
  readonly family: Family;
  /** Layers of weights; null for Laplace. */
  readonly weightLayers: number | null;
  readonly fill: Fill;
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
  for (const { name, family, weightLayers, fill } of kernels) {
    const errors: Record<Floor, number[]> = { tight: [], loose: [] };
    const exponents: Record<Floor, number[]> = { tight: [], loose: [] };
    for (const size of sizes) {
      const inputs = training.subarray(0, size * dimension);
      const path = await ridgePath(fill, inputs, trainingTargets.subarray(0, size));
      const [chosenBy, reported] = [
        await squaredErrors(fill, validation, validationTargets, inputs, path),
        await squaredErrors(fill, test, testTargets, inputs, path),
      ];
      for (const floor of ["tight", "loose"] as const) {
        const allowed = chosenBy.slice(0, ridgeExponents.filter((exponent) => exponent >= floors[floor]).length);
        const best = allowed.indexOf(Math.min(...allowed));
        errors[floor].push(reported[best]);
        exponents[floor].push(ridgeExponents[best]);
      }
    }
    found.push({ name, family, weightLayers, errors, exponents });
    await onProgress(found.length / kernels.length);
  }
  return found;
}

const ridgeExponents = [-2, -3, -4, -5, -6, -7, -8] as const;

/** The coefficients of every ridge, size x ridges. */
async function ridgePath(fill: Fill, inputs: Float64Array, targets: Float64Array): Promise<Float64Array> {
  const size = targets.length;
  const fits = await neuralKernels.kernelRegression({
    matrix: neuralKernels.matrixOf(await fill(inputs, inputs), size),
    targets,
    ridges: ridgeExponents.map((exponent) => size * 10 ** exponent),
  });
  const path = new Float64Array(size * fits.length);
  for (const [place, { coefficients }] of fits.entries()) {
    for (let s = 0; s < size; s += 1) path[s * fits.length + place] = coefficients[s];
  }
  return path;
}

/** Rows of the kernel that are held at a time. */
const blockRows = 1000;

/** Mean square error of each ridge's function. */
async function squaredErrors(
  fill: Fill,
  inputs: Float64Array,
  targets: Float64Array,
  training: Float64Array,
  path: Float64Array,
): Promise<readonly number[]> {
  const size = training.length / dimension;
  const ridges = path.length / size;
  const sums = new Float64Array(ridges);
  const values = new Float64Array(ridges);
  for (let first = 0; first < targets.length; first += blockRows) {
    const count = Math.min(blockRows, targets.length - first);
    const block = await fill(inputs.subarray(first * dimension, (first + count) * dimension), training);
    for (let row = 0; row < count; row += 1) {
      values.fill(0);
      for (let s = 0; s < size; s += 1) {
        const entry = block[row * size + s];
        for (let ridge = 0; ridge < ridges; ridge += 1) values[ridge] += entry * path[s * ridges + ridge];
      }
      for (let ridge = 0; ridge < ridges; ridge += 1) sums[ridge] += (values[ridge] - targets[first + row]) ** 2;
    }
  }
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
  return Float64Array.from({ length: inputs.length / dimension }, (_, row) =>
    cosine(inputs, row, direction, 0) >= capHeight ? 1 : 0,
  );
}

function cosine(left: Float64Array, row: number, right: Float64Array, column: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k += 1) sum += left[row * dimension + k] * right[column * dimension + k];
  return sum;
}

/**
 * The seven kernels of the paper's code: for one hidden layer those with a bias, (1 + u) k_1(u) and (1 + u) k_0(u) + k_1(u), since without one their odd
 * eigenvalues vanish; tangent kernels over L; Laplace exp(-sqrt(1 - u)).
 */
function comparedKernels(): readonly ComparedKernel[] {
  const network = (weightLayers: number, isBiased: boolean) =>
    neuralKernels.fullyConnected({
      activation: activations.relu(),
      weightLayers,
      normalization: "unit-sphere",
      ...(isBiased ? { biasTangent: 1, biases: "first-layer" } : {}),
    });
  const filled =
    (of: "nngp" | "ntk", weightLayers: number, isBiased: boolean): Fill =>
    async (points, others) => {
      const kernel = network(weightLayers, isBiased);
      const { values } = await neuralKernels.kernelMatrix({ kernel, of, points, dimension, others });
      // Tangent kernels are L on the diagonal.
      return of === "nngp" ? values : values.map((value) => value / weightLayers);
    };
  const withBias: Fill = async (points, others) => {
    const values = await filled("nngp", 2, false)(points, others);
    return mapPairs(points, others, (square, at) => (2 - square / 2) * values[at]);
  };
  const deep = [3, 4] as const;
  return [
    {
      name: "RF, L = 2 with bias",
      family: "nngp",
      weightLayers: 2,
      fill: withBias,
    },
    ...deep.map((weightLayers) => ({
      name: `RF, L = ${weightLayers}`,
      family: "nngp" as const,
      weightLayers,
      fill: filled("nngp", weightLayers, false),
    })),
    {
      name: "NTK, L = 2 with bias",
      family: "ntk",
      weightLayers: 2,
      fill: filled("ntk", 2, true),
    },
    ...deep.map((weightLayers) => ({
      name: `NTK, L = ${weightLayers}`,
      family: "ntk" as const,
      weightLayers,
      fill: filled("ntk", weightLayers, false),
    })),
    {
      name: "Laplace",
      family: "laplace",
      weightLayers: null,
      fill: async (points, others) => mapPairs(points, others, (square) => Math.exp(-Math.sqrt(square / 2))),
    },
  ];
}

/** value(|x - y|^2, place) of each pair; 1 - x.y = |x - y|^2/2 keeps its digits where inputs are close. */
function mapPairs(
  points: Float64Array,
  others: Float64Array,
  value: (square: number, at: number) => number,
): Float64Array {
  const rows = points.length / dimension;
  const columns = others.length / dimension;
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let square = 0;
      for (let k = 0; k < dimension; k += 1) {
        const difference = points[row * dimension + k] - others[column * dimension + k];
        square += difference * difference;
      }
      const at = row * columns + column;
      out[at] = value(square, at);
    }
  }
  return out;
}
