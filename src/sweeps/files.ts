import type { RootSeed } from "../numerics/random/key.ts";
import type { RunError } from "../runs/index.ts";
import type { Json, JsonObject } from "../scenario/index.ts";
import type { Axis } from "./axis.ts";

/**
 * The files of a sweep folder `sweeps/<scenario>/<sweep-id>/`: `sweep.json`, the plan; `points/<run-id>/`, a run folder for each point that was begun;
 * `journal/`, one file a writer, an index of how points ended. The run folders decide; the index only makes looking at them quick.
 */

/** Counts up when the meaning of a file changes. */
export const sweepSchemaVersion = 1;

/** sweep.json: what is to be run. */
export interface SweepPlan {
  readonly schemaVersion: number;
  readonly scenario: string;
  readonly scenarioVersion: number;
  readonly title: string;
  /** Dotted path into a run's summary by which tables sort. */
  readonly headline: string;
  readonly codeHash: string;
  readonly short: boolean;
  readonly id: string;
  /** File name of the bundle in the sweep folder for a user's scenario; null for a built-in one. */
  readonly bundle: string | null;
  /** The parameters that were given a value, the seed among them, each with all its values. */
  readonly axes: readonly Axis[];
  /** Names that run together. */
  readonly zips: readonly (readonly string[])[];
  readonly points: readonly PlannedPoint[];
  /** SHA-256 (hex) of this file with the checksum itself set to "". */
  readonly checksum: string;
}

/** One run of a sweep. */
export interface PlannedPoint {
  /** The run's id: the name of its folder. */
  readonly id: string;
  /** The values of the axes, without the seed. */
  readonly values: { readonly [name: string]: Json };
  readonly seed: RootSeed;
  /** Expected cost relative to the other points: the heaviest starts first. */
  readonly cost: number;
  /** The run's members, which can be worked on at the same time. */
  readonly members: number;
}

export const pointStatuses = ["completed", "diverged", "failed", "timed-out"] as const;

/** How the run of a point ended. */
export interface PointEnd {
  readonly id: string;
  readonly status: (typeof pointStatuses)[number];
  /** Why it did not complete; null if it did. */
  readonly error: RunError | null;
  /** Wall clock of this run, over all its starts. */
  readonly seconds: number;
  /** The run's summary; empty unless it completed. */
  readonly summary: JsonObject;
}

/** What stands where in a sweep folder. */
export const planFile = "sweep.json";
export const pointsFolder = "points";
export const journalFolder = "journal";
