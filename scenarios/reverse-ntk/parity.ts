import { neuralKernels, numerics } from "meanfield";
import { deepRelu } from "./targets.ts";

/** Regression with one kernel on one split. */
export interface ParityFit {
  /** Share of the test points with the right sign. */
  readonly accuracy: number;
  readonly meanSquaredError: number;
  /** Share of the right signs among test points x whose antipode -x is in the training set, and among the others. */
  readonly antipodesRight: number;
  readonly othersRight: number;
  /** Quantiles 0, 1/100, ..., 1 of prediction times label over the test points. */
  readonly margins: readonly number[];
}

export interface ParitySplit {
  /** Share of the test points whose antipode is in the training set. */
  readonly antipodes: number;
  readonly sine: ParityFit;
  readonly relu: ParityFit;
}

export const sineNetwork = neuralKernels.fullyConnected({
  activation: neuralKernels.sine({ amplitude: 0.5, frequency: 6 }),
  hiddenLayers: 1,
});

/** Exact regression without a ridge with the NTKs of both networks, on a random half of all points of {-1, 1}^bits. */
export async function paritySplit(bits: number, seed: numerics.RootSeed, split: number): Promise<ParitySplit> {
  const { training, test } = halves(bits, seed, split);
  const isTraining = new Set(training);
  const hasAntipode = test.map((point) => isTraining.has(antipode(point, bits)));
  const shared = { bits, test, hasAntipode };
  // The sine's kernel is odd, so k(., -x) = -k(., x), and so is the parity of an odd number of bits: the second of two antipodes says nothing new, and makes
  // the matrix singular. Without it the least-norm interpolant, K_* K^+ y of the whole training set, is an ordinary solution.
  const distinct = training.filter((point) => !(isTraining.has(antipode(point, bits)) && point >= 2 ** (bits - 1)));
  return {
    antipodes: hasAntipode.filter(Boolean).length / test.length,
    sine: await regress(sineNetwork, distinct, shared),
    relu: await regress(deepRelu, training, shared),
  };
}

/** Points as whole numbers whose binary digits are the bits, in a random order, cut in half. */
export function halves(bits: number, seed: numerics.RootSeed, split: number) {
  const count = 2 ** bits;
  const keys = new Float64Array(count);
  numerics.fillUniform(keys, 0, count, 0, numerics.deriveKey(seed, "reverse-ntk", "parity-split"), 0, split, 0);
  const order = Array.from(keys, (_, point) => point).sort((a, b) => keys[a] - keys[b] || a - b);
  return { training: order.slice(0, count / 2), test: order.slice(count / 2) };
}

/** The point with every bit flipped. */
function antipode(point: number, bits: number): number {
  return 2 ** bits - 1 - point;
}

/** Coordinates in {-1, 1}, row by row: |x|^2 = bits. */
export function coordinates(points: readonly number[], bits: number): Float64Array {
  return Float64Array.from(points.flatMap((point) => Array.from({ length: bits }, (_, bit) => signOf(point, bit))));
}

/** Products of the coordinates. */
export function parities(points: readonly number[], bits: number): Float64Array {
  return Float64Array.from(points, (point) => {
    let product = 1;
    for (let bit = 0; bit < bits; bit += 1) product *= signOf(point, bit);
    return product;
  });
}

function signOf(point: number, bit: number): number {
  return Math.floor(point / 2 ** bit) % 2 === 1 ? 1 : -1;
}

async function regress(
  kernel: neuralKernels.FullyConnectedKernel,
  training: readonly number[],
  { bits, test, hasAntipode }: { bits: number; test: readonly number[]; hasAntipode: readonly boolean[] },
): Promise<ParityFit> {
  const points = coordinates(training, bits);
  const matrix = await neuralKernels.kernelMatrix({ kernel, points, dimension: bits });
  const [{ coefficients }] = await neuralKernels.kernelRegression({
    matrix,
    targets: parities(training, bits),
    ridges: [0],
  });
  const cross = await neuralKernels.kernelMatrix({
    kernel,
    points: coordinates(test, bits),
    others: points,
    dimension: bits,
  });
  const labels = parities(test, bits);
  const margins = neuralKernels.predict(cross, coefficients).map((value, index) => value * labels[index]);
  const right = (wanted: boolean) => {
    const chosen = margins.filter((_, index) => hasAntipode[index] === wanted);
    return chosen.filter((margin) => margin > 0).length / chosen.length;
  };
  const sorted = margins.toSorted();
  return {
    accuracy: margins.filter((margin) => margin > 0).length / test.length,
    meanSquaredError: numerics.mean(margins.map((margin) => (margin - 1) ** 2)),
    antipodesRight: right(true),
    othersRight: right(false),
    margins: Array.from({ length: 101 }, (_, index) => sorted[Math.round((index / 100) * (sorted.length - 1))]),
  };
}
