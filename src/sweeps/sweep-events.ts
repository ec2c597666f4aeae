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
      readonly running: number;
      /** Of the expected cost of this shard's points. */
      readonly fraction: number;
    };
