import { invalidValue, nearestName } from "../errors.ts";
import { type DirectionArrangement, directionArrangements, groupSize } from "../numerics/directions.ts";

/**
 * How the expectation over inputs is taken: `sgd`, fresh samples each step; `radial-exact`, fresh directions each step and the radius integrated
 * exactly; `population`, one fixed set of directions and the radius exact; `fixed-samples`, one fixed set of samples.
 */
export type ExpectationSpec =
  | { readonly kind: "sgd"; readonly batch: number }
  | FixedSamplesSpec
  | {
      readonly kind: "radial-exact" | "population";
      /** Null: the smallest number of whole groups with at least 128 directions. */
      readonly directions: number | null;
      /** Null: antithetic frames up to d = 128, antithetic pairs beyond. */
      readonly arrangement: DirectionArrangement | null;
    };

/** One set of samples of the law for the whole run, each counting 1/samples: full-batch descent on an empirical law. */
export interface FixedSamplesSpec {
  readonly kind: "fixed-samples";
  readonly samples: number;
}

/** The number of directions that null means in R^dimension: the smallest multiple of the arrangement's group that is at least 128. */
export function defaultDirections(arrangement: DirectionArrangement, dimension: number): number {
  const size = groupSize(arrangement, dimension);
  return Math.ceil(128 / size) * size;
}

/** `batch` fresh samples of the law at each step, each counting 1/batch; batch in [1, 2^24]. Throws `invalid-value`. */
export function sgd(options: { readonly batch: number }): ExpectationSpec {
  checkCount("batch", options.batch);
  return Object.freeze({ kind: "sgd", batch: options.batch });
}

/** Fresh directions at each step, the radius integrated exactly: no noise of heavy tails. Throws `invalid-value`. */
export function radialExact(options: RadialOptions = {}): ExpectationSpec {
  return radial("radial-exact", options);
}

/** One fixed set of directions for the whole run, the radius integrated exactly: a flow without noise. Throws `invalid-value`. */
export function population(options: RadialOptions = {}): ExpectationSpec {
  return radial("population", options);
}

interface RadialOptions {
  /** Directions a step, exactly so many: the last group of the arrangement may be a part of one. @default null: whole groups, at least 128 directions */
  readonly directions?: number | null;
  /** @default null: antithetic frames up to d = 128, antithetic pairs beyond */
  readonly arrangement?: DirectionArrangement | null;
}

function radial(kind: "radial-exact" | "population", options: RadialOptions): ExpectationSpec {
  const directions = options.directions ?? null;
  if (directions !== null) checkCount("directions", directions);
  const arrangement = options.arrangement ?? null;
  if (arrangement !== null && !directionArrangements.includes(arrangement)) {
    const nearest = nearestName(arrangement, directionArrangements);
    throw invalidValue(
      "arrangement",
      `one of ${directionArrangements.join(", ")}`,
      arrangement,
      nearest === null ? undefined : `did you mean "${nearest}"?`,
    );
  }
  return Object.freeze({ kind, directions, arrangement });
}

function checkCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= 2 ** 24)) {
    throw invalidValue(name, "an integer in [1, 16777216]", value);
  }
}
