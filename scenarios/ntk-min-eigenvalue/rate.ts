import { neuralKernels, numerics, type RunContext } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import { sphereInputs } from "./inputs.ts";
import { geometricMean, scaled, slopeOfMeans } from "./intervals.ts";
import type { Values } from "./parameters.ts";
import { reluKernel, smallestOf } from "./smallest.ts";

/** Draws of one member. */
export const drawsOfMember = 50;

/** One member: inputs on one unit sphere, for every N. */
export interface RateDraws {
  readonly dimension: number;
  readonly cells: readonly {
    readonly weightLayers: number;
    readonly inputs: number;
    readonly values: readonly number[];
    /** K(x, x) - K(x, y) of the pair for which it is least: by the vector (1, -1)/sqrt 2 an upper bound of the smallest eigenvalue. */
    readonly pairs: readonly number[];
  }[];
  /** Largest width of the enclosures over the kernel's diagonal L, 1 where there was none. */
  readonly width: number;
}

/** Smallest eigenvalues on the unit sphere of a low dimension, draws [first, first + 50). */
export async function rateDraws(context: RunContext<Values>, dimension: number, first: number): Promise<RateDraws> {
  const { rateInputs, rateLayers, rateDraws: draws } = context.parameters;
  const last = Math.min(draws, first + drawsOfMember);
  const cells = rateInputs.flatMap((inputs) =>
    rateLayers.map((weightLayers) => ({ weightLayers, inputs, values: [] as number[], pairs: [] as number[] })),
  );
  let widest = 0;
  for (let draw = first; draw < last; draw += 1) {
    for (const cell of cells) {
      // Each number of inputs and depth has inputs of its own: what the fits see is independent.
      const purpose = `rate-d${dimension}-l${cell.weightLayers}-n${cell.inputs}`;
      const points = sphereInputs({ seed: context.seed, purpose, draw, count: cell.inputs, dimension }, 1);
      const matrix = await neuralKernels.kernelMatrix({ kernel: reluKernel(cell.weightLayers), points, dimension });
      const { value, width } = await smallestOf(matrix);
      cell.values.push(value);
      cell.pairs.push(closestPair(matrix, cell.weightLayers));
      widest = Math.max(widest, width === null ? 1 : width / cell.weightLayers);
    }
    context.progress((draw + 1 - first) / (last - first));
    await context.pause();
  }
  return { dimension, cells, width: widest };
}

function closestPair({ values, rows }: neuralKernels.KernelMatrix, diagonal: number): number {
  let largest = -Infinity;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < i; j += 1) largest = Math.max(largest, values[i * rows + j]);
  }
  return diagonal - largest;
}

/** How the medians fall with N, for one sphere and depth. */
export interface Rate {
  readonly dimension: number;
  readonly weightLayers: number;
  readonly slope: Interval;
  readonly pairSlope: Interval;
  /** The slope that the closest pairs must have at these N: above its limit in size. */
  readonly expectedPairSlope: number;
  /** The closest pairs' medians over what they must be, geometric mean over N. */
  readonly pairsOverExpected: Interval;
  /** Share of the draws whose smallest eigenvalue is at most the closest pair's bound. */
  readonly bounded: number;
}

/** Medians over the draws at one N, with 95 % intervals. */
export interface RateMedian {
  readonly dimension: number;
  readonly weightLayers: number;
  readonly inputs: number;
  readonly smallest: Interval;
  readonly closestPair: Interval;
  /** What the closest pair's median must be. */
  readonly expectedPair: number;
}

export function ratesOf(members: readonly RateDraws[], { rateInputs, rateLayers, lowDimensions }: Values) {
  const rates: Rate[] = [];
  const all: RateMedian[] = [];
  for (const dimension of lowDimensions) {
    for (const weightLayers of rateLayers) {
      const cells = members
        .filter((member) => member.dimension === dimension)
        .flatMap((member) => member.cells.filter((cell) => cell.weightLayers === weightLayers));
      const medians = rateInputs.map((inputs): RateMedian => {
        const own = cells.filter((cell) => cell.inputs === inputs);
        return {
          dimension,
          weightLayers,
          inputs,
          smallest: median(own.flatMap(({ values }) => values)),
          closestPair: median(own.flatMap(({ pairs }) => pairs)),
          expectedPair: expectedPair(dimension, weightLayers, inputs),
        };
      });
      const bounded = cells.flatMap(({ values, pairs }) => values.map((value, index) => value <= pairs[index]));
      const overExpected = medians.map((each) => scaled(each.closestPair, 1 / each.expectedPair));
      rates.push({
        dimension,
        weightLayers,
        slope: slopeOfMeans(
          rateInputs,
          medians.map(({ smallest }) => smallest),
        ),
        pairSlope: slopeOfMeans(
          rateInputs,
          medians.map(({ closestPair }) => closestPair),
        ),
        expectedPairSlope: slopeOfMeans(
          rateInputs,
          medians.map(({ expectedPair: value }) => ({ value, low: value, high: value })),
        ).value,
        pairsOverExpected: geometricMean(overExpected),
        bounded: bounded.filter(Boolean).length / bounded.length,
      });
      all.push(...medians);
    }
  }
  return { rates, medians: all };
}

/** The median with the order statistics n/2 -+ 1.96 sqrt(n)/2 as its 95 % interval, whatever the law. */
export function median(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  const reach = 0.98 * Math.sqrt(count);
  const at = (rank: number) => sorted[Math.min(count - 1, Math.max(0, rank))];
  const [lower, upper] = [sorted[Math.floor((count - 1) / 2)], sorted[Math.ceil((count - 1) / 2)]];
  return {
    value: (lower + upper) / 2,
    low: at(Math.floor(count / 2 - reach)),
    high: at(Math.ceil(count / 2 + reach)),
  };
}

/**
 * The closest pair's bound. The number of pairs nearer than an angle is Poisson, for large N, with mean N (N - 1)/2 P(angle), P the share of the sphere in a cap; it is 0 with probability 1/2 where the
 * mean is log 2. Next to the diagonal the kernel on the unit sphere falls as L - (L (L - 1)/(2 pi)) |x - y|, but at these N the next order counts (for L = 2, 1 + pi |x - y|): the kernel itself is taken.
 */
export function expectedPair(dimension: number, weightLayers: number, inputs: number): number {
  const wanted = (2 * Math.LN2) / (inputs * (inputs - 1));
  const share = (angle: number) =>
    numerics.regularizedIncompleteBeta((dimension - 1) / 2, 0.5, Math.sin(angle) ** 2) / 2;
  let [from, to] = [0, Math.PI / 2];
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (share(middle) < wanted) from = middle;
    else to = middle;
  }
  const tangent = neuralKernels.kernelEvaluator(reluKernel(weightLayers)).pair(Math.cos(to)).ntk;
  return weightLayers - (tangent ?? Number.NaN);
}
