import type { RootSeed } from "../numerics/random/key.ts";
import { type ResolvedParameters, sha256 } from "../scenario/index.ts";
import { canonicalJson } from "./canonical-json.ts";

/** What decides every bit of a run's result. */
export interface RunIdentity {
  readonly scenario: string;
  readonly scenarioVersion: number;
  readonly codeHash: string;
  readonly parameters: ResolvedParameters;
  readonly seed: RootSeed;
  readonly schemaVersion: number;
}

/**
 * 16 hex digits of the SHA-256 of the identity's canonical JSON. The short form is no part of it: it is only another set of parameters.
 * The seed counts as text, as it does for the random streams: 7 and "7" are one run.
 */
export function runId(identity: RunIdentity): string {
  const { scenario, scenarioVersion, codeHash, parameters, seed, schemaVersion } = identity;
  const text = canonicalJson(
    { scenario, scenarioVersion, codeHash, parameters, seed: String(seed), schemaVersion },
    "config",
  );
  return sha256(text).slice(0, 16);
}
