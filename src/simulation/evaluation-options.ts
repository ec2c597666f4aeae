import { invalidValue } from "../errors.ts";
import { type DirectionArrangement, directionArrangements } from "../numerics/directions.ts";
import { defaultNeighbours } from "../numerics/entropy.ts";

/** On what a loss is measured; never on the training's own points. */
export interface EvaluationOptions {
  /**
   * Rays, for a radial law and target: rounded up to whole groups of the arrangement, and to 8 groups, without which a standard error says little.
   * So 1 means 8 rays where they are independent, but 16 d in antithetic frames. @default 400
   */
  readonly directions: number;
  /** @default null: antithetic frames up to d = 128, antithetic pairs beyond */
  readonly arrangement: DirectionArrangement | null;
  /** Samples, for a law or target that is not radial. @default 4096 */
  readonly samples: number;
  /**
   * Neighbours k of the entropy estimate that the free energy of noisy dynamics needs, O(m^2) a record; 0 leaves both out. @default 4
   */
  readonly entropyNeighbours: number;
}

export const defaultEvaluation: EvaluationOptions = Object.freeze({
  directions: 400,
  arrangement: null,
  samples: 4096,
  entropyNeighbours: defaultNeighbours,
});

/** Fills in the defaults. Throws `invalid-value` on counts that are none and on an arrangement that does not exist. */
export function resolveEvaluation(options: Partial<EvaluationOptions> = {}): EvaluationOptions {
  const resolved = { ...defaultEvaluation, ...options };
  for (const [name, least] of [
    ["directions", 1],
    ["samples", 2],
    ["entropyNeighbours", 0],
  ] as const) {
    const count = resolved[name];
    if (Number.isInteger(count) && count >= least && count <= 2 ** 24) continue;
    throw invalidValue(`evaluation.${name}`, `an integer in [${least}, 16777216]`, count);
  }
  if (resolved.arrangement !== null && !directionArrangements.includes(resolved.arrangement)) {
    throw invalidValue("evaluation.arrangement", `one of ${directionArrangements.join(", ")}`, resolved.arrangement);
  }
  return resolved;
}
