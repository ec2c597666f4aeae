import { invalidValue } from "../errors.ts";
import { studentQuantile } from "../numerics/special-functions.ts";
import type { Estimate } from "../numerics/statistics.ts";

/** The parts of the trajectory gap that replicas tell apart; they add up to `gap` exactly. */
export interface ReplicaParts<Value> {
  /** 1/2 E(f - f_inf)^2, the mean over all runs. */
  readonly gap: Value;
  /** 1/2 (mean f - f_inf)^2: what all runs have in common, such as the mean effect of a finite width. */
  readonly bias: Value;
  /** 1/2 Var over starts of f's mean over samples: the particles' part. */
  readonly width: Value;
  /** 1/2 Var over samples of f's mean over starts. */
  readonly sampling: Value;
  /** 1/2 the rest: what neither start nor samples do alone. */
  readonly interaction: Value;
}

export type ReplicaSplit = ReplicaParts<Estimate>;

const partNames = ["gap", "bias", "width", "sampling", "interaction"] as const;

/**
 * Splits the trajectory gap by a grid of runs, every start with every stream of samples: with d_ps(x) = f_ps(x) - f_inf(x), p = 1...P, s = 1...S, a
 * two-way layout with random effects, d_ps = mu + A_p + B_s + C_ps, at every point x, averaged over the points (docs/theory/replicas.md):
 *
 *   width = (MS_A - MS_C)/(2S), sampling = (MS_B - MS_C)/(2P), interaction = MS_C/2, bias = mean^2/2 - width/P - sampling/S - interaction/(PS).
 *
 * The estimates have the right means whatever the distributions, and may be negative where the part is small; gap = bias + width + sampling +
 * interaction holds to rounding. Intervals: the delete-one jackknife over starts and that over streams, their variances added (conservative: the
 * interaction is counted in both), Student's t with Satterthwaite's degrees of freedom, rounded down. They hold for the given points.
 *
 * @param deviations P x S arrays, each d_ps at the same points
 * @param weights of the points, adding up to 1, one for each number of an array
 * @param level coverage of the intervals, in (0, 1). @default 0.95
 * @throws MeanfieldError `invalid-value` unless P, S >= 3 and the grid is complete
 */
export function splitReplicas(
  deviations: readonly (readonly Float64Array[])[],
  weights: Float64Array,
  level = 0.95,
): ReplicaSplit {
  checkGrid(deviations, weights);
  if (!(level > 0 && level < 1)) throw invalidValue("level", "a number in (0, 1)", level);
  const starts = deviations.length;
  const streams = deviations[0].length;
  const whole = partsOf(deviations, weights);
  const withoutStart = deviations.map((_, left) =>
    partsOf(
      deviations.filter((_row, start) => start !== left),
      weights,
    ),
  );
  const withoutStream = deviations[0].map((_, left) =>
    partsOf(
      deviations.map((row) => row.filter((_cell, stream) => stream !== left)),
      weights,
    ),
  );
  const estimate = (name: (typeof partNames)[number]): Estimate => {
    const byStart = jackknifeVariance(withoutStart.map((parts) => parts[name]));
    const byStream = jackknifeVariance(withoutStream.map((parts) => parts[name]));
    const variance = byStart + byStream;
    const degrees = Math.floor(variance ** 2 / (byStart ** 2 / (starts - 1) + byStream ** 2 / (streams - 1)));
    const value = whole[name];
    const reach = variance > 0 ? Math.sqrt(variance) * studentQuantile((1 + level) / 2, degrees) : 0;
    return Object.freeze({ value, error: Math.sqrt(variance), low: value - reach, high: value + reach });
  };
  return Object.freeze({
    gap: estimate("gap"),
    bias: estimate("bias"),
    width: estimate("width"),
    sampling: estimate("sampling"),
    interaction: estimate("interaction"),
  });
}

/** The parts without intervals, from the sums of squares of the two-way layout; P, S >= 2. */
function partsOf(deviations: readonly (readonly Float64Array[])[], weights: Float64Array): ReplicaParts<number> {
  const starts = deviations.length;
  const streams = deviations[0].length;
  const byStart = new Float64Array(starts);
  const byStream = new Float64Array(streams);
  let meanSquare = 0;
  let startSquares = 0;
  let streamSquares = 0;
  let restSquares = 0;
  for (let point = 0; point < weights.length; point += 1) {
    byStart.fill(0);
    byStream.fill(0);
    let mean = 0;
    for (let start = 0; start < starts; start += 1) {
      for (let stream = 0; stream < streams; stream += 1) {
        const value = deviations[start][stream][point];
        byStart[start] += value / streams;
        byStream[stream] += value / starts;
        mean += value / (starts * streams);
      }
    }
    const weight = weights[point];
    meanSquare += weight * mean * mean;
    for (let start = 0; start < starts; start += 1) startSquares += weight * (byStart[start] - mean) ** 2;
    for (let stream = 0; stream < streams; stream += 1) streamSquares += weight * (byStream[stream] - mean) ** 2;
    for (let start = 0; start < starts; start += 1) {
      for (let stream = 0; stream < streams; stream += 1) {
        restSquares += weight * (deviations[start][stream][point] - byStart[start] - byStream[stream] + mean) ** 2;
      }
    }
  }
  const interaction = restSquares / (2 * (starts - 1) * (streams - 1));
  const width = startSquares / (2 * (starts - 1)) - interaction / streams;
  const sampling = streamSquares / (2 * (streams - 1)) - interaction / starts;
  const bias = meanSquare / 2 - width / starts - sampling / streams - interaction / (starts * streams);
  const gap = (meanSquare + startSquares / starts + streamSquares / streams + restSquares / (starts * streams)) / 2;
  return { gap, bias, width, sampling, interaction };
}

/** (n-1)/n sum_i (theta_(i) - mean)^2 of the estimates with one left out. */
function jackknifeVariance(estimates: readonly number[]): number {
  const count = estimates.length;
  const mean = estimates.reduce((sum, value) => sum + value, 0) / count;
  return ((count - 1) / count) * estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function checkGrid(deviations: readonly (readonly Float64Array[])[], weights: Float64Array): void {
  if (deviations.length < 3) throw invalidValue("starts", "at least 3, for intervals", deviations.length);
  const streams = deviations[0].length;
  if (streams < 3) throw invalidValue("samples", "at least 3, for intervals", streams);
  for (const row of deviations) {
    if (row.length !== streams) throw invalidValue("deviations", `${streams} runs for every start`, row.length);
    for (const values of row) {
      if (values.length !== weights.length) {
        throw invalidValue("deviations", `${weights.length} values a run, one for each weight`, values.length);
      }
    }
  }
}
