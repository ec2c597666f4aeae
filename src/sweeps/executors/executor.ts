import type { PlannedPoint, PointEnd, SweepPlan } from "../files.ts";
import type { PreparedSweep } from "../prepare-sweep.ts";
import type { SweepEvent } from "../sweep-events.ts";
import type { SweepOptions } from "../sweep-options.ts";

/** Where the due points of a sweep are run. */
export interface Executor {
  /**
   * Works on the points, the first ones first, until each has ended or can only be gone on with by a later start; tells `host` of each that has
   * ended. Never begins a point after `stop`.
   */
  work(due: readonly PlannedPoint[]): Promise<WorkEnd>;
  /** Asks all that runs to leave its checkpoints and begins nothing more; `work` resolves when that is done. */
  stop(): void;
  /** What goes on now. */
  activity(): Activity;
}

/** `worked`: nothing more to do here; `submitted`: others go on, and nobody waits; `lost`: some points' tasks are gone, and the points have not ended. */
export type WorkEnd = "worked" | "submitted" | "lost";

export interface Activity {
  /** Points that are worked on, or tasks of a cluster. */
  readonly running: number;
  /** Tasks that wait for a place on the cluster; null where there is none. */
  readonly pending: number | null;
  /** Of the expected cost of all points, what has been done of points that have not ended. */
  readonly doneCost: number;
}

/** What an executor is made of and whom it tells. */
export interface ExecutorHost {
  readonly sweep: PreparedSweep;
  readonly plan: SweepPlan;
  readonly options: SweepOptions;
  /** Threads of this process. */
  readonly jobs: number;
  /** How points had ended before this start, by id: also those that are to be run again. */
  readonly before: ReadonlyMap<string, PointEnd>;
  /** A point has ended, and the index knows of it. */
  ended(point: PlannedPoint, end: PointEnd): void;
  tell(event: SweepEvent): void;
}
