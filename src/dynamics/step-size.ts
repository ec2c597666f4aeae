import { invalidValue, MeanfieldError } from "../errors.ts";

/** eta_k = stepSize * factor(k): 1; (1 + k/after)^(-exponent); or linear from 1 down to `to` at the last step. */
export type StepSizeSchedule =
  | { readonly kind: "constant" }
  | { readonly kind: "power"; readonly after: number; readonly exponent: number }
  | { readonly kind: "linear"; readonly to: number };

/** A step size that is given, with an end in steps or in mean-field time: exactly one of them. */
export interface GivenStepSize {
  /** eta in units of mean-field time, (0, 1000]; the first one where a schedule changes it. */
  readonly stepSize: number;
  /** An integer >= 0. */
  readonly steps?: number;
  /** Mean-field time at which the run ends, in (0, 1e12]: the steps nearest to it, at least one. Not with a power schedule. */
  readonly time?: number;
}

/**
 * A step size that is to be chosen from the limit: the largest with which the limit's time-step error stays within `tolerance` until `time`.
 * See `ToleranceSpec`.
 */
export interface StepSizeByTolerance {
  /** In [1e-6, 0.5]. */
  readonly tolerance: number;
  /** Mean-field time at which the run ends, in (0, 1e12]; the chosen steps end there exactly. */
  readonly time: number;
  /**
   * Mean-field time from which on the tolerance must hold, in [0, time]: the first moments, where a network moves fastest, ask for the smallest
   * steps, and leave little trace. @default 0
   */
  readonly from?: number;
  /** Steps that the run may take at most, in [1, 1e9]. @default 1000000 */
  readonly maximumSteps?: number;
}

/** The mean of a schedule's factors over `steps` >= 1 steps: steps * stepSize * mean is the time they take. Null for a power, which has no such form. */
export function meanFactor(schedule: StepSizeSchedule, steps: number): number | null {
  if (schedule.kind === "power") return null;
  return schedule.kind === "linear" && steps > 1 ? (1 + schedule.to) / 2 : 1;
}

/** Throws `invalid-value` on a schedule that does not exist or has numbers out of range. */
export function checkSchedule(schedule: StepSizeSchedule): void {
  if (!["constant", "power", "linear"].includes(schedule.kind)) {
    throw invalidValue("schedule", "a kind of constant, power or linear", schedule);
  }
  if (schedule.kind === "power" && !(schedule.after > 0 && schedule.exponent >= 0 && schedule.exponent <= 2)) {
    throw invalidValue("schedule", "power with after > 0 and exponent in [0, 2]", schedule);
  }
  if (schedule.kind === "linear" && !(schedule.to >= 0 && schedule.to <= 1)) {
    throw invalidValue("schedule", "linear with to in [0, 1]", schedule);
  }
}

/** The step size and the number of steps that are meant. Throws `invalid-value`, or `unsupported-combination` for a power schedule that should end at a time. */
export function stepsOf(options: GivenStepSize, schedule: StepSizeSchedule): { stepSize: number; steps: number } {
  const { stepSize, steps, time } = options;
  if (!(stepSize > 0 && stepSize <= 1000)) throw invalidValue("stepSize", "a number in (0, 1000]", stepSize);
  if (steps !== undefined && time !== undefined) {
    throw invalidValue("time", "nothing, since steps is given", time, "give either steps or time");
  }
  if (time === undefined) {
    if (!(Number.isSafeInteger(steps) && (steps as number) >= 0)) throw invalidValue("steps", "an integer >= 0", steps);
    return { stepSize, steps: steps as number };
  }
  checkTime(time, schedule);
  // With one step a linear schedule has no room to fall; from two on its mean does not depend on their number.
  const count = Math.max(1, Math.round(time / (stepSize * (meanFactor(schedule, 2) ?? 1))));
  if (!Number.isSafeInteger(count)) throw invalidValue("time", "a time that fewer than 2^53 steps reach", time);
  return { stepSize, steps: count };
}

/** Checks what is asked by tolerance and fills in its default. Throws `invalid-value`, or `unsupported-combination` for a power schedule. */
export function resolveTolerance(
  options: StepSizeByTolerance,
  schedule: StepSizeSchedule,
): Required<StepSizeByTolerance> {
  const { tolerance, time, from = 0, maximumSteps = 1e6 } = options;
  for (const name of ["stepSize", "steps"] as const) {
    const given = (options as { readonly stepSize?: number; readonly steps?: number })[name];
    if (given === undefined) continue;
    throw invalidValue(name, "nothing, since tolerance is given", given, `give either ${name} or tolerance`);
  }
  if (!(tolerance >= 1e-6 && tolerance <= 0.5)) throw invalidValue("tolerance", "a number in [1e-6, 0.5]", tolerance);
  checkTime(time, schedule);
  if (!(from >= 0 && from <= time)) throw invalidValue("from", `a number in [0, ${time}], the time of the run`, from);
  if (!(Number.isInteger(maximumSteps) && maximumSteps >= 1 && maximumSteps <= 1e9)) {
    throw invalidValue("maximumSteps", "an integer in [1, 1000000000]", maximumSteps);
  }
  return { tolerance, time, from, maximumSteps };
}

function checkTime(time: number, schedule: StepSizeSchedule): void {
  if (!(time > 0 && time <= 1e12)) throw invalidValue("time", "a number in (0, 1e12]", time);
  if (schedule.kind !== "power") return;
  throw new MeanfieldError(
    "unsupported-combination",
    "schedule: expected constant or linear, since the run ends at a time, got power, whose steps need not reach it; give stepSize and steps",
    { path: "schedule", expected: "constant or linear", got: "power" },
  );
}
