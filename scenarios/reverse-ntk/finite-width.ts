import { neuralKernels, numerics, type RunContext } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import type { Values } from "./parameters.ts";

/** Networks that one member draws at each width. */
export const drawsOfMember = 8;

/** What one member measured of its draws. */
export interface FiniteDraws {
  /** Relative squared L2 distance to the exact kernel, one list of widths for each draw. */
  readonly errors: readonly (readonly number[])[];
  /** At the smallest width: the empirical kernel minus the exact one at each angle, for each draw. */
  readonly deviations: readonly (readonly number[])[];
}

/**
 * Empirical tangent kernels of finite mimic networks between one input and inputs at equal angles from it, |x|^2 = d. By rotation invariance of the weights the
 * curve has the same law in every d >= 2, so that d = 2 serves.
 */
export async function finiteDraws(context: RunContext<Values>, first: number): Promise<FiniteDraws> {
  const { widths, draws, angles } = context.parameters;
  const activation = neuralKernels.mimicActivation(neuralKernels.publishedMimic);
  const kernel = neuralKernels.fullyConnected({ activation, hiddenLayers: 1 });
  const exact = neuralKernels.mimicKernel(neuralKernels.publishedMimic);
  const grid = Array.from({ length: angles }, (_, index) => (Math.PI * index) / (angles - 1));
  const points = Float64Array.from(
    grid.flatMap((angle) => [Math.SQRT2 * Math.cos(angle), Math.SQRT2 * Math.sin(angle)]),
  );
  const wanted = grid.map((angle) => exact(Math.cos(angle)).ntk);
  const size = wanted.reduce((sum, value) => sum + value * value, 0);
  const last = Math.min(draws, first + drawsOfMember);
  const errors: number[][] = [];
  const deviations: number[][] = [];
  for (let draw = first; draw < last; draw += 1) {
    const ofDraw: number[] = [];
    for (const [index, width] of widths.entries()) {
      const { values } = neuralKernels.empiricalKernel({
        kernel,
        widths: [width],
        points,
        dimension: 2,
        seed: `${context.seed}-width-${width}`,
        draw,
      });
      const gaps = wanted.map((value, at) => values[at] - value);
      ofDraw.push(gaps.reduce((sum, gap) => sum + gap * gap, 0) / size);
      if (index === 0) deviations.push(gaps);
      await context.pause();
    }
    errors.push(ofDraw);
    context.progress((draw + 1 - first) / (last - first));
  }
  return { errors, deviations };
}

/** Root mean square errors over the draws, their slope against the width, and how far the mean kernel is from the exact one. */
export interface Convergence {
  readonly widths: readonly number[];
  /** 95 % intervals by the jackknife over draws. */
  readonly errors: readonly Interval[];
  readonly slope: Interval;
  /** sqrt(width) times the error, root mean square over all widths and draws. */
  readonly constant: Interval;
  /** At the smallest width, the largest |mean - exact| over the angles in standard errors. */
  readonly largestDeviation: number;
}

export function convergence(members: readonly FiniteDraws[], widths: readonly number[]): Convergence {
  const draws = members.flatMap(({ errors }) => errors);
  const rms = (rows: readonly (readonly number[])[], width: number) =>
    Math.sqrt(numerics.mean(rows.map((row) => row[width])));
  const slopeOf = (rows: readonly (readonly number[])[]) =>
    numerics.fitPowerLaw(
      widths,
      widths.map((_, width) => rms(rows, width)),
    ).slope.value;
  const scaled = (row: readonly number[]) => row.map((square, width) => square * widths[width]);
  const errors = widths.map((_, width) => jackknife(draws, (rows) => rms(rows, width)));
  const deviations = members.flatMap((member) => member.deviations);
  const scores = deviations[0].map((_, angle) => {
    const gaps = deviations.map((row) => row[angle]);
    return Math.abs(numerics.mean(gaps)) / numerics.standardError(gaps);
  });
  return {
    widths,
    errors,
    slope: jackknife(draws, slopeOf),
    constant: jackknife(draws, (rows) => Math.sqrt(numerics.mean(rows.flatMap(scaled)))),
    largestDeviation: Math.max(...scores),
  };
}

/** An estimate from independent rows with the 95 % interval of the delete-one jackknife. */
function jackknife<Row>(rows: readonly Row[], estimate: (rows: readonly Row[]) => number): Interval {
  const value = estimate(rows);
  const without = rows.map((_, left) => estimate(rows.filter((_row, index) => index !== left)));
  const count = rows.length;
  const variance = (numerics.sampleVariance(without) * (count - 1) ** 2) / count;
  const reach = numerics.studentQuantile(0.975, count - 1) * Math.sqrt(variance);
  return { value, low: value - reach, high: value + reach };
}
