import type { EngineUse } from "../engines/index.ts";
import type { ErrorCode } from "../errors.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import type { Claim } from "../scenario/claim.ts";
import type { Json, JsonObject, Source } from "../scenario/definition.ts";
import type { Figure } from "../scenario/figure.ts";
import type { ParameterEntry } from "../scenario/parameter-table.ts";
import type { SimulationRecord } from "../simulation/record.ts";

/**
 * The files of a run folder `runs/<scenario>/<run-id>/`. No wall clock, host, path or thread count stands in metrics.jsonl, figures.json and
 * result.json: all three are byte-equal on repetition.
 */

/** Counts up when the meaning of a file changes: part of every run's id. */
export const schemaVersion = 3;

/** config.json: everything needed to run again. */
export interface RunConfig {
  readonly schemaVersion: number;
  readonly scenario: string;
  readonly scenarioVersion: number;
  readonly title: string;
  /** Dotted path into the summary by which tables sort. */
  readonly headline: string;
  /** SHA-256 (hex) of the installation's code that results depend on, together with the bundle of a user's scenario. */
  readonly codeHash: string;
  readonly parameters: { readonly [name: string]: Json };
  /** What the parameters mean, in the order of their declaration; `default` is that at the values of the others. */
  readonly parameterEntries: readonly ParameterEntry[];
  readonly seed: RootSeed;
  readonly short: boolean;
  readonly id: string;
  /** Path from the run folder to the bundle of a user's scenario; null for a built-in one. */
  readonly bundle: string | null;
  readonly sources: readonly Source[];
}

/** provenance.json: where and with what it ran. */
export interface RunProvenance {
  readonly meanfield: string;
  readonly commit: string | null;
  readonly dirty: boolean | null;
  readonly lockHash: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** What the run's simulations take unless its author names another; a run that goes on must have the same numerics. */
  readonly engine: EngineUse;
  /** The engines that took steps, each once; empty until the run has ended, and where it ran no simulation. */
  readonly used: readonly EngineUse[];
  readonly threads: number;
  readonly host: string;
  /** File URLs of the packages that a user's scenario imports; empty for a built-in one. */
  readonly packages: Readonly<Record<string, string>>;
}

/** timing.json: wall clock, never compared. */
export interface RunTiming {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  readonly members: { readonly [name: string]: { readonly seconds: number } };
}

/** One line of metrics.jsonl. */
export interface MetricsLine extends SimulationRecord {
  readonly member: string;
  /** The name the member gave to the simulation; null if it runs only one. */
  readonly simulation: string | null;
}

/** What ended a run; `member` is null where summary, claims or figures failed. */
export interface RunError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly member: string | null;
  readonly step: number | null;
}

/** result.json: published last and atomically; its presence, with a right checksum, is the only meaning of done. */
export interface RunResult {
  readonly schemaVersion: number;
  readonly status: "completed" | "diverged" | "failed";
  readonly scenario: string;
  readonly id: string;
  readonly parameters: { readonly [name: string]: Json };
  readonly seed: RootSeed;
  readonly summary: JsonObject;
  readonly claims: readonly (Claim & { readonly pass: boolean | null })[];
  /** Why it did not complete; null if it did. */
  readonly error: RunError | null;
  /** SHA-256 (hex) of the other files that belong to the result. */
  readonly files: { readonly [name: string]: string };
  /** SHA-256 (hex) of this file with the checksum itself set to "". */
  readonly checksum: string;
}

/** figures.json. */
export interface RunFigures {
  readonly figures: readonly Figure[];
  /** The dotted paths of the summary in the order in which the scenario gave them, which result.json, with its keys sorted, does not show. */
  readonly summaryOrder: readonly string[];
}
