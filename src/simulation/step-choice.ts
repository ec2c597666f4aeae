import { createClock, type DynamicsSpec, meanFactor, type ToleranceSpec, withSteps } from "../dynamics/index.ts";
import { type RadialFunction, type RadialMeasure, radialProducts } from "../error-budget/index.ts";
import { MeanfieldError } from "../errors.ts";
import { integrators } from "../numerics/index.ts";
import type { LimitTrack } from "./limit-track.ts";
import { checkStepTimes } from "./memory-need.ts";
import { type RecordTimes, recordSteps } from "./record-times.ts";

/** The step size that a tolerance led to, with what the limit said of it. */
export interface StepChoice {
  readonly tolerance: number;
  /** Mean-field time at which the steps end. */
  readonly time: number;
  /** eta, the first one where a schedule changes it. */
  readonly stepSize: number;
  readonly steps: number;
  /** The largest relative time-step error sqrt(E(f_(inf,eta) - f_(inf,0))^2 / E(f_(inf,0) - f*)^2) along the run, from where it must hold; at most `tolerance`. */
  readonly timeStepError: number;
  /** Step sizes that were tried. */
  readonly trials: number;
}

/** What the choice rests on: a limit carried along with its exact solution, its start, and how functions of the radius are compared. */
export interface StepChoiceProblem {
  readonly track: LimitTrack;
  readonly initial: Float64Array;
  readonly target: RadialFunction;
  readonly measure: RadialMeasure;
  readonly recordTimes: RecordTimes;
  /** Tolerance of the exact solution. */
  readonly exactTolerance: number;
}

/** Times of comparison beside the records, spread evenly in log(1 + step). */
const comparisons = 40;
/** A trial is given up where its error passes the tolerance by this factor: unstable steps must not be followed to the end. */
const hopeless = 10;
/** Differences (root mean square) below this many tolerances of the exact solution are its own error. */
const exactErrors = 100;
/** Squares of differences are sums whose terms cancel to about 1e-18: smaller roots than this are rounding. */
const rounding = 1e-8;
/** The exact solution must be finer than the tolerance by this factor, or its own error would be taken for agreement. */
const finer = 1e4;
/** Where the search aims, as a part of the tolerance. */
const aim = 0.9;
/** The search ends with an error between this part of the tolerance and the tolerance. */
const nearEnough = 0.75;
/** It also ends when so little lies between a number of steps that is too small and one that serves. */
const closeSteps = 1.05;
/** Numbers moved (steps times the limit's size) up to which a tolerance that seems out of reach is tried with all the steps there are. */
const longestSearch = 1e8;
const largestStepSize = 1000;
const firstStepSize = 1;
const largestChange = 8;
const mostTrials = 60;

/**
 * The largest step size, within about a tenth, with which the limit's time-step error stays within the tolerance of `dynamics`; see `ToleranceSpec`
 * for what that bounds. No particle is moved: each trial steps the limit beside its exact solution.
 *
 * @throws MeanfieldError `no-convergence` with the step size that was reached, if no number of steps up to `maximumSteps` meets the tolerance;
 *   `invalid-value` if the limit's own tolerance is too coarse to tell; what the exact solution throws
 */
export function chooseStep(dynamics: ToleranceSpec, problem: StepChoiceProblem): StepChoice {
  const { tolerance, time, maximumSteps, integrator } = dynamics;
  checkExactTolerance(problem.exactTolerance, tolerance);
  const { order } = integrators[integrator];
  const fewest = Math.ceil(time / (largestStepSize * (meanFactor(dynamics.schedule, 2) ?? 1)));
  if (fewest > maximumSteps) throw unreachable(dynamics, null, fewest);
  let steps = Math.min(maximumSteps, Math.max(fewest, Math.ceil(time / firstStepSize)));
  let tooFew: Trial | null = null;
  let served: Trial | null = null;
  for (let trials = 1; ; trials += 1) {
    const trial = tryStep(dynamics, steps, problem);
    if (trial.error <= tolerance) served = trial;
    else tooFew = trial;
    const isClose =
      served !== null && served.steps <= Math.max((tooFew?.steps ?? 0) + 1, closeSteps * (tooFew?.steps ?? 0));
    const isDone = served === trial && (trial.error >= nearEnough * tolerance || steps === fewest);
    if (served !== null && (isDone || isClose || trials === mostTrials)) {
      const { stepSize, error } = served;
      return Object.freeze({ tolerance, time, stepSize, steps: served.steps, timeStepError: error, trials });
    }
    const wanted = steps * (trial.error / (aim * tolerance)) ** (1 / order);
    if (tooFew !== null && served === null) {
      const isTooLong = wanted > 2 * maximumSteps && maximumSteps * problem.initial.length > longestSearch;
      if (tooFew.steps === maximumSteps || isTooLong) throw unreachable(dynamics, tooFew, wanted);
    }
    steps = nextSteps(steps, wanted, tooFew?.steps ?? null, served?.steps ?? null);
    steps = Math.min(maximumSteps, Math.max(fewest, steps));
  }
}

/** A number of steps with the largest relative time-step error that was seen along it; Infinity where the steps left the numbers. */
interface Trial {
  readonly stepSize: number;
  readonly steps: number;
  readonly error: number;
}

/** The next number of steps: what the scheme's order predicts, inside the bracket where there is one. */
function nextSteps(steps: number, wanted: number, tooFew: number | null, served: number | null): number {
  if (tooFew !== null && served !== null) {
    const middle = Math.sqrt(tooFew * served);
    const inside = wanted > tooFew * 1.02 && wanted < served / 1.02 ? wanted : middle;
    return Math.min(served - 1, Math.max(tooFew + 1, Math.round(inside)));
  }
  if (served !== null) return Math.min(steps - 1, Math.ceil(Math.max(wanted, steps / largestChange)));
  return Math.max(steps + 1, Math.ceil(Math.min(wanted, steps * largestChange)));
}

function tryStep(dynamics: ToleranceSpec, steps: number, problem: StepChoiceProblem): Trial {
  const { track, initial, target, measure, recordTimes, exactTolerance } = problem;
  const stepSize = dynamics.time / (steps * (meanFactor(dynamics.schedule, steps) ?? 1));
  const tried: DynamicsSpec = withSteps(dynamics, stepSize, steps);
  checkStepTimes(tried);
  const clock = createClock(tried);
  const exact = track.startExact(initial);
  if (exact === null) throw new Error("a step size was to be chosen from a limit without its exact solution");
  const stepped = initial.slice();
  const floor = Math.max(rounding, exactErrors * exactTolerance);
  const compareAt = new Set([...recordSteps(recordTimes, clock, steps), ...recordSteps(comparisons, clock, steps)]);
  let taken = 0;
  let error = 0;
  for (const next of [...compareAt].sort((left, right) => left - right)) {
    if (!couldStep(track, clock, stepped, taken, next)) return { stepSize, steps, error: Infinity };
    taken = next;
    // The end counts in any case, however its time is rounded.
    if (clock.time(next) < dynamics.from && next < steps) continue;
    track.advanceExact(exact, clock.time(next));
    const [square, , exactSquare] = radialProducts([track.profile(stepped), track.profile(exact.y), target], measure);
    // Below the floor the difference is rounding (its square may come out negative) or the exact solution's own error.
    const difference = square < 0 ? 0 : Math.sqrt(square);
    const relative = difference / Math.max(Math.sqrt(exactSquare), floor / dynamics.tolerance);
    if (!(relative <= hopeless * dynamics.tolerance)) {
      return { stepSize, steps, error: Number.isFinite(relative) ? relative : Infinity };
    }
    error = Math.max(error, relative);
  }
  return { stepSize, steps, error };
}

/** Takes the limit's steps `from` ... `to`; false where they lead to where there is no gradient: too large a step does that. */
function couldStep(
  track: LimitTrack,
  clock: ReturnType<typeof createClock>,
  y: Float64Array,
  from: number,
  to: number,
) {
  try {
    for (let step = from; step < to; step += 1) track.step(y, clock.stepSize(step));
    return true;
  } catch (error) {
    if (error instanceof MeanfieldError) return false;
    throw error;
  }
}

function checkExactTolerance(exactTolerance: number, tolerance: number): void {
  if (exactTolerance * finer <= tolerance * (1 + 1e-9)) return;
  const expected = `at most ${tolerance / finer}, a ten-thousandth of the tolerance that the step size is chosen by`;
  throw new MeanfieldError(
    "invalid-value",
    `limit.tolerance: expected ${expected}, got ${exactTolerance}; the step size is judged by the exact limit`,
    { path: "limit.tolerance", expected, got: String(exactTolerance) },
  );
}

function unreachable(dynamics: ToleranceSpec, reached: Trial | null, wanted: number): MeanfieldError {
  const { tolerance, time, maximumSteps, integrator } = dynamics;
  const got =
    reached === null
      ? `at least ${wanted} steps until time ${time}`
      : `a time-step error of ${text(reached.error)} at stepSize ${text(reached.stepSize)} (${reached.steps} steps until time ${time})`;
  const needed = reached !== null && wanted < 1e15 ? `; it would take about ${text(wanted)} steps` : "";
  const scheme = integrator === "rungeKutta4" ? "" : ", or take a scheme of higher order";
  const suggestion = `raise tolerance or maximumSteps${scheme}`;
  return new MeanfieldError(
    "no-convergence",
    `tolerance: expected ${tolerance} within ${maximumSteps} steps, got ${got}${needed}; ${suggestion}`,
    { path: "tolerance", expected: `${tolerance} within ${maximumSteps} steps`, got, suggestion },
  );
}

function text(value: number): string {
  return Number.isInteger(value) && value < 1e6 ? String(value) : value.toPrecision(3);
}
