import type { StepSizeSchedule } from "../dynamics/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import type { RecordTimes } from "./record-times.ts";

/** How far a simulation goes and when it is looked at: what may change when it goes on from its checkpoint for longer than was planned. */
export interface Horizon {
  readonly steps: number;
  /** Null for the default. */
  readonly recordTimes: RecordTimes | null;
}

/**
 * Whether `later` goes on longer than `earlier`, the horizon of a checkpoint. With the same number of steps the record times must be the same.
 *
 * @throws MeanfieldError `run-damaged` for other record times; `invalid-value` for fewer steps; `unsupported-combination` for more steps of a linear
 *   schedule, whose step sizes until now would have been others
 */
export function goesOnLonger(earlier: Horizon, later: Horizon, schedule: StepSizeSchedule): boolean {
  if (later.steps === earlier.steps) {
    if (JSON.stringify(later.recordTimes) === JSON.stringify(earlier.recordTimes)) return false;
    throw new MeanfieldError(
      "run-damaged",
      "checkpoint: expected one of this simulation, got one with other record times; give the same, or more steps",
    );
  }
  if (later.steps < earlier.steps) {
    throw invalidValue(
      "steps",
      `at least the ${earlier.steps} that were planned when the checkpoint was written`,
      later.steps,
      "start again without it",
    );
  }
  if (schedule.kind === "linear") {
    throw new MeanfieldError(
      "unsupported-combination",
      `steps: expected ${earlier.steps} as planned, got ${later.steps}; a linear schedule falls over all planned steps, so that those already taken would have had other sizes; take a constant or power schedule, or start again`,
      { path: "steps", expected: String(earlier.steps), got: String(later.steps) },
    );
  }
  return true;
}

/** How many of the record steps are behind a state that goes on longer: made, or passed without one. */
export function recordsBehind(
  recordAt: readonly number[],
  { step, lastRecord }: { readonly step: number; readonly lastRecord: { readonly step: number } | null },
): number {
  const next = recordAt.findIndex((at) => at >= step && at > (lastRecord?.step ?? -1));
  return next === -1 ? recordAt.length : next;
}
