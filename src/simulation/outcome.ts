import type { ErrorCode } from "../errors.ts";
import type { SimulationRecord } from "./record.ts";

/** How a simulation ended: a value, never an exception. */
export type Outcome = CompletedOutcome | StoppedOutcome;

export interface CompletedOutcome {
  readonly status: "completed";
  readonly step: number;
  readonly time: number;
  /** Name of the stop rule that ended the simulation early; null if it went the planned way. */
  readonly stoppedBy: string | null;
  /** The last record. */
  readonly record: SimulationRecord;
}

export interface StoppedOutcome {
  readonly status: "diverged" | "failed" | "cancelled" | "timed-out";
  readonly code: ErrorCode;
  /** What happened and what to change. */
  readonly message: string;
  /** The last step whose state was finite. */
  readonly step: number;
  readonly time: number;
}
