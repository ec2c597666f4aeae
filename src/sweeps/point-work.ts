import { join } from "node:path";
import {
  createStopFlag,
  failureOf,
  prepareRun,
  publishFailure,
  type RunError,
  raise,
  runPrepared,
} from "../runs/index.ts";
import type { ScenarioReference } from "../scenario/index.ts";
import type { Pool } from "../threads/index.ts";
import type { PlannedPoint } from "./files.ts";
import { type PreparedSweep, placeOf } from "./prepare-sweep.ts";
import { failedPoint, type PointOutcome, type PointStart, type PointTask, pointOutcome } from "./run-point.ts";
import type { SweepOptions } from "./sweep-options.ts";

/** Runs points of one sweep. */
export interface PointWork {
  /**
   * Runs one point, whose folder's lock the caller holds. Never rejects.
   *
   * @param giveBack called for each member but the last that is done
   */
  run(point: PlannedPoint, start: PointStart, giveBack: () => void): Promise<PointOutcome>;
  /** Tells all points that run to stop and leave their checkpoints. */
  stop(): void;
  /** How much of a running point is done, in [0, 1]. */
  fraction(point: PlannedPoint): number;
}

/** How long a thread that was told to stop may take before it is ended. */
const graceMs = 5000;

/** One start of a point. */
interface Attempt {
  /** Asks it to stop. */
  readonly ask: () => void;
  /** Ends its threads. */
  readonly kill: AbortSignal;
  readonly fraction: { value: () => number };
}

/** The work on the points of a sweep: a run of one member is one task of the pool, one of several is led by this thread. */
export function createPointWork(sweep: PreparedSweep, pool: Pool, options: SweepOptions, jobs: number): PointWork {
  const { plan, loaded, dir, request } = sweep;
  const place = placeOf(dir, plan);
  const reference: ScenarioReference =
    plan.bundle === null ? { kind: "built-in", name: plan.scenario } : { kind: "bundle", file: join(dir, plan.bundle) };
  const attempts = new Map<PlannedPoint, Attempt & { stop(): void }>();
  const checkpointMs = options.checkpointMs ?? 30_000;

  const requestOf = ({ values, seed }: PlannedPoint) => ({ ...request, parameters: values, seed, short: plan.short });

  async function inWorker(point: PlannedPoint, start: PointStart, startedAt: number): Promise<PointOutcome> {
    const flag = createStopFlag();
    const progress = new SharedArrayBuffer(8);
    const attempt = begin(point, () => raise(flag));
    attempt.fraction.value = () => new Float64Array(progress)[0];
    const task: PointTask = {
      id: point.id,
      reference,
      codeHash: plan.codeHash,
      packages: loaded.bundle?.packages ?? null,
      place,
      request: requestOf(point),
      start,
      stop: flag,
      progress,
      checkpointMs,
    };
    const outcome = await pool.runTask<PointOutcome>(task, { signal: attempt.kill });
    if (outcome.ok) return outcome.value;
    if (attempt.kill.aborted) return { kind: "cancelled" };
    return leaveWord(
      point,
      start,
      failedPoint(
        point.id,
        Object.assign(new Error(outcome.message), { name: "MeanfieldError", code: outcome.code }),
        startedAt,
      ),
    );
  }

  async function here(
    point: PlannedPoint,
    { force, ...holder }: PointStart,
    startedAt: number,
    giveBack: () => void,
  ): Promise<PointOutcome> {
    const controller = new AbortController();
    const attempt = begin(point, () => controller.abort());
    const { kill } = attempt;
    // Members that do not stop when they are told to are ended with their threads.
    const own: Pool = { ...pool, runTask: (task, each) => pool.runTask(task, { ...each, signal: kill }) };
    try {
      const run = prepareRun(loaded, requestOf(point), place);
      let fraction = 0;
      attempt.fraction.value = () => fraction;
      const outcome = await runPrepared(
        run,
        {
          threads: jobs,
          force,
          signal: controller.signal,
          checkpointMs,
          onEvent(event) {
            if (event.event === "progress") fraction = event.fraction;
            if (event.event === "member") giveBack();
          },
        },
        { ...holder, pool: own },
      );
      return pointOutcome(outcome, startedAt);
    } catch (error) {
      return failedPoint(point.id, error, startedAt);
    }
  }

  /** Writes how a point ended into its folder where its own thread could not: the folder decides, for other processes and where the index is gone. */
  function leaveWord(point: PlannedPoint, { lock }: PointStart, outcome: PointOutcome): PointOutcome {
    if (outcome.kind !== "ended" || outcome.end.error === null) return outcome;
    try {
      publishFailure(prepareRun(loaded, requestOf(point), place), outcome.end.error, lock);
      return outcome;
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code === "run-locked") return { kind: "locked" };
      // Both are told: the second one is why a start without the index would run the point again.
      const both: RunError = { ...outcome.end.error, message: `${outcome.end.error.message}; ${message}` };
      return { kind: "ended", end: { ...outcome.end, error: both } };
    }
  }

  function begin(point: PlannedPoint, ask: () => void): Attempt {
    const kill = new AbortController();
    const fraction = { value: () => 0 };
    let isAsked = false;
    const stop = () => {
      if (isAsked) return;
      isAsked = true;
      ask();
      setTimeout(() => kill.abort(), graceMs).unref();
    };
    const attempt = { ask, kill: kill.signal, fraction, stop };
    attempts.set(point, attempt);
    return attempt;
  }

  return {
    async run(point, start, giveBack) {
      const startedAt = performance.now();
      const work = point.members === 1 ? inWorker(point, start, startedAt) : here(point, start, startedAt, giveBack);
      let isLate = false;
      const limit =
        options.timeoutMs === undefined
          ? null
          : setTimeout(() => {
              isLate = true;
              attempts.get(point)?.stop();
            }, options.timeoutMs);
      try {
        const outcome = await work;
        return isLate && (outcome.kind === "cancelled" || isFailed(outcome))
          ? leaveWord(point, start, timedOut(point, options.timeoutMs))
          : outcome;
      } finally {
        if (limit !== null) clearTimeout(limit);
        attempts.delete(point);
      }
    },
    stop() {
      for (const attempt of attempts.values()) attempt.stop();
    },
    fraction: (point) => attempts.get(point)?.fraction.value() ?? 0,
  };
}

function isFailed(outcome: PointOutcome): boolean {
  return outcome.kind === "ended" && outcome.end.status === "failed";
}

function timedOut({ id }: PlannedPoint, timeoutMs = 0): PointOutcome {
  const seconds = timeoutMs / 1000;
  const message = `the run took longer than the ${seconds} s that it was given; allow it more with --timeout and run it again with --retry timed-out`;
  const error = { code: "timed-out", message, member: null, step: null } as const;
  return { kind: "ended", end: { id, status: "timed-out", error, seconds, summary: {} } };
}
