import { invalidValue } from "../errors.ts";

/** Which start and which samples a simulation takes among those that one seed gives; runs with equal numbers share them. */
export interface Replica {
  /** The particles' start, an integer in [0, 2^32). @default 0 */
  readonly start: number;
  /** Everything random along the run: the samples or directions of every step. An integer in [0, 2^32). @default 0 */
  readonly samples: number;
}

/** Both numbers of a replica; a single number means another start and other samples. Throws `invalid-value`. */
export function resolveReplica(replica: number | Partial<Replica> = 0): Replica {
  const resolved =
    typeof replica === "number" ? { start: replica, samples: replica } : { start: 0, samples: 0, ...replica };
  for (const name of ["start", "samples"] as const) {
    const value = resolved[name];
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) continue;
    throw invalidValue(typeof replica === "number" ? "replica" : `replica.${name}`, "an integer in [0, 2^32)", value);
  }
  return resolved;
}
