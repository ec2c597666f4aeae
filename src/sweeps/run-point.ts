import {
  failureOf,
  prepareRun,
  type RunOutcome,
  type RunPlace,
  type RunRequest,
  runPrepared,
  type StopFlag,
  watchStopFlag,
  withLateSyncs,
} from "../runs/index.ts";
import { importScenario, type LoadedScenario, type ScenarioReference } from "../scenario/index.ts";
import type { PointEnd } from "./files.ts";

/** A point's work, as a worker receives it: plain data and shared memory. */
export interface PointTask {
  readonly id: string;
  readonly reference: ScenarioReference;
  readonly codeHash: string;
  /** File URLs of the packages that a user's scenario imports; null for a built-in one. */
  readonly packages: Readonly<Record<string, string>> | null;
  readonly place: RunPlace;
  readonly request: RunRequest;
  readonly start: PointStart;
  readonly stop: StopFlag;
  /** One shared double: the fraction done. */
  readonly progress: SharedArrayBuffer;
  readonly checkpointMs: number;
}

/** What the executor knows of a point that it starts. */
export interface PointStart {
  /** Text of the lock of the point's folder, which the executor holds. */
  readonly lock: string;
  /** True to run again what has ended. */
  readonly force: boolean;
  /** True where the point is not to be run again if it has failed. */
  readonly keepsFailure: boolean;
}

/** How the work on a point ended. `cancelled`, and `locked` by another process that runs it, are no ends of the point. */
export type PointOutcome =
  | { readonly kind: "ended"; readonly end: PointEnd }
  | { readonly kind: "cancelled" }
  | { readonly kind: "locked" };

/** Wall clock of a run from which on its files are worth waiting for the disk. */
const patienceMs = 250;

/** The worker's function: the run of one point, with all its members, in this thread. Never rejects. */
export async function runPoint(task: PointTask): Promise<PointOutcome> {
  const { id, reference, codeHash, request, place, checkpointMs } = task;
  const { force, ...holder } = task.start;
  const { signal, close } = watchStopFlag(task.stop);
  const done = new Float64Array(task.progress);
  const startedAt = performance.now();
  try {
    const { packages } = task;
    // The bundle itself lies in the sweep folder; here only what its packages are matters, for the record.
    const bundle = packages === null ? null : { text: "", sourceMap: "", hash: codeHash, packages };
    const loaded: LoadedScenario = { scenario: await importScenario(reference), codeHash, bundle };
    const run = prepareRun(loaded, request, place);
    const onEvent: NonNullable<Parameters<typeof runPrepared>[1]>["onEvent"] = (event) => {
      if (event.event === "progress") done[0] = event.fraction;
    };
    const outcome = await withLateSyncs(patienceMs, () =>
      runPrepared(run, { threads: 1, force, signal, checkpointMs, onEvent }, holder),
    );
    return pointOutcome(outcome, startedAt);
  } catch (error) {
    return failedPoint(id, error, startedAt);
  } finally {
    close();
  }
}

/** What a run's outcome says of its point. */
export function pointOutcome(outcome: RunOutcome, startedAt: number): PointOutcome {
  const { id, status, error, summary } = outcome;
  if (status === "cancelled") return { kind: "cancelled" };
  return { kind: "ended", end: { id, status, error, seconds: secondsSince(startedAt), summary } };
}

/** What an error before or around a run says of its point. */
export function failedPoint(id: string, thrown: unknown, startedAt: number): PointOutcome {
  const { code, message } = failureOf(thrown);
  if (code === "run-locked") return { kind: "locked" };
  const error = { code, message, member: null, step: null };
  return { kind: "ended", end: { id, status: "failed", error, seconds: secondsSince(startedAt), summary: {} } };
}

/** Seconds to the millisecond: an index is no place for clock noise. */
function secondsSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt) / 1000;
}
