import { arrangedDirections, type DirectionArrangement, groupSize } from "../numerics/directions.ts";
import { deriveKey, type RootSeed } from "../numerics/random/key.ts";

/** The rays on which a loss and its split are measured: directions under a key of their own, never those of the training. */
export interface EvaluationSet {
  /** count x dimension, unit rows. */
  readonly directions: Float64Array;
  readonly count: number;
  /** Directions come in independent groups of this size; standard errors are taken over groups. */
  readonly groupSize: number;
}

/** Groups below which a standard error would say little. */
const leastGroups = 8;

/**
 * An evaluation set of at least `count` unit vectors in R^dimension, a function of the seed: whole groups, and at least 8 of them, so that
 * standard errors over groups mean something. Its key is its own, never that of the training.
 */
export function createEvaluationSet(
  count: number,
  arrangement: DirectionArrangement,
  dimension: number,
  seed: RootSeed,
): EvaluationSet {
  const size = groupSize(arrangement, dimension);
  const rounded = Math.max(leastGroups, Math.ceil(count / size)) * size;
  const key = deriveKey(seed, "evaluation", "directions");
  return { directions: arrangedDirections(rounded, arrangement, dimension, key), count: rounded, groupSize: size };
}
