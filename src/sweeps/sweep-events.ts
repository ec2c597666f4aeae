import type { PlannedPoint, PointEnd } from "./files.ts";

/** What happens while a sweep goes on. */
export type SweepEvent =
  | {
      readonly event: "started";
      readonly scenario: string;
      readonly id: string;
      readonly dir: string;
      /** Points of this shard. */
      readonly points: number;
      /** Of these, points that had ended before and are not run again. */
      readonly ended: number;
      readonly executor: "pool" | "slurm";
      readonly jobs: number;
    }
  | {
      readonly event: "point";
      /** In the plan, counted from 0. */
      readonly place: number;
      readonly point: PlannedPoint;
      readonly end: PointEnd;
    }
  | {
      readonly event: "progress";
      readonly points: number;
      readonly ended: number;
      /** Of the points that have ended, those that did not complete. */
      readonly notCompleted: number;
      /** Points that run; on a cluster tasks. */
      readonly running: number;
      /** Tasks that wait for a place on the cluster; null where there is none. */
      readonly pending: number | null;
      /** Of the expected cost of this shard's points. */
      readonly fraction: number;
    }
  | {
      /** What else a person wants to know, such as what was submitted to a cluster. */
      readonly event: "notice";
      readonly message: string;
      /** The id of the cluster's job that it is about; null if it is about none. */
      readonly job: string | null;
    };
