import { invalidValue } from "../errors.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law } from "../laws/law.ts";
import { deriveKey, type RootSeed, type StreamKey } from "../numerics/random/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { Target } from "../targets/target.ts";
import type { Problem } from "./problem.ts";

/** The streams that training samples and directions come from. */
export function trainingKeys(seed: RootSeed): { readonly directions: StreamKey; readonly radii: StreamKey } {
  return { directions: deriveKey(seed, "training", "directions"), radii: deriveKey(seed, "training", "radii") };
}

/** Samples of a law with the target's values. */
export interface SampleSet {
  readonly dimension: number;
  readonly count: number;
  /** count x dimension, row by row. */
  readonly points: Float64Array;
  /** f* at the rows. */
  readonly targets: Float64Array;
}

/**
 * The training set that a simulation with `dynamics.fixedSamples({ samples })` sees at every step: samples 0 to samples - 1 of the law under the
 * training keys of `seed`, step 0. (A simulation in float32 rounds them.)
 *
 * @throws MeanfieldError what building law and target throws; `invalid-value` unless samples is an integer in [1, 2^24]
 */
export function trainingSet(options: {
  readonly problem: Problem;
  readonly samples: number;
  readonly seed: RootSeed;
  /** The simulation's `replica`, or its `replica.samples`. @default 0 */
  readonly replica?: number;
}): SampleSet {
  const { problem, samples, seed, replica = 0 } = options;
  return trainingSetOf(buildLaw(problem.law), buildTarget(problem.target), samples, seed, replica);
}

/** The same from law and target that are already built. */
export function trainingSetOf(law: Law, target: Target, samples: number, seed: RootSeed, replica: number): SampleSet {
  return sampleSet(law, target, samples, trainingKeys(seed), replica);
}

/**
 * Samples of the law under keys of their own, for tests of what was learned: independent of training and evaluation points.
 *
 * @throws MeanfieldError as `trainingSet`
 */
export function testSet(options: {
  readonly problem: Problem;
  readonly samples: number;
  readonly seed: RootSeed;
}): SampleSet {
  const keys = {
    directions: deriveKey(options.seed, "test", "directions"),
    radii: deriveKey(options.seed, "test", "radii"),
  };
  const { problem, samples } = options;
  return sampleSet(buildLaw(problem.law), buildTarget(problem.target), samples, keys, 0);
}

function sampleSet(
  law: Law,
  target: Target,
  count: number,
  keys: ReturnType<typeof trainingKeys>,
  replica: number,
): SampleSet {
  if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 24)) {
    throw invalidValue("samples", "an integer in [1, 16777216]", count);
  }
  const { dimension } = law;
  const points = new Float64Array(count * dimension);
  law.sample(points, { first: 0, count, step: 0, replica }, keys);
  const targets = Float64Array.from({ length: count }, (_, s) => target.value(points, s * dimension, dimension));
  return Object.freeze({ dimension, count, points, targets });
}
