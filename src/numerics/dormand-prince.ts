import { invalidValue, MeanfieldError } from "../errors.ts";
import type { OdeSystem } from "./runge-kutta.ts";

/** How exactly an adaptive solution is wanted: the local error of component i is held below absolute + relative |y_i|, in the root mean square. */
export interface Tolerances {
  /** In [1e-14, 1]. @default 1e-10 */
  readonly relative: number;
  /** > 0. @default 1e-10 */
  readonly absolute: number;
  /** Accepted and rejected steps that one call may take. @default 100000 */
  readonly maximumSteps: number;
}

export const defaultTolerances: Tolerances = Object.freeze({ relative: 1e-10, absolute: 1e-10, maximumSteps: 100_000 });

/** Where an adaptive solution stands: plain data; a structured clone goes on with the same bits. */
export interface DormandPrinceState {
  time: number;
  readonly y: Float64Array;
  /** y' at `time`, which the next step starts from. */
  readonly derivative: Float64Array;
  /** The step that the controller proposes next. */
  stepSize: number;
  /** Error of the last accepted step in units of the tolerance, for the controller's memory. */
  previousError: number;
  /** Steps tried so far, accepted or not. */
  steps: number;
}

export interface DormandPrince {
  /** The state at (time, y); `y` is copied. */
  start(time: number, y: Float64Array): DormandPrinceState;
  /** Moves the state to `time` >= state.time, in place; the last step is cut to end there exactly. */
  advanceTo(state: DormandPrinceState, time: number): void;
  /** y at each of `times` (ascending, >= time) from y(time) = y, by dense output of order 4 between uncut steps. */
  solve(time: number, y: Float64Array, times: readonly number[]): Float64Array[];
}

// Dormand, Prince, J. Comput. Appl. Math. 1980, as printed in Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, Table II.5.2.
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const matrix = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Fifth-order weights (the last row of the matrix) minus the embedded fourth-order ones. */
const errorWeights = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
/** Dense output of order 4 (Shampine; Hairer, Norsett, Wanner, II.6). */
const denseWeights = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

// The PI controller of Gustafsson with the usual constants for order 5 (Hairer, Norsett, Wanner, IV.2).
const memoryExponent = 0.04;
const errorExponent = 0.2 - 0.75 * memoryExponent;
const safety = 0.9;
const largestGrowth = 10;
const largestShrinkage = 0.2;

/**
 * The adaptive Dormand-Prince 5(4) pair with PI step control for one system. Steps allocate nothing.
 *
 * @throws `invalid-value` on tolerances out of range; its functions throw `step-limit` when the steps are used up, and `not-finite` when the
 *   derivative is not finite or the step size shrinks to rounding
 */
export function createDormandPrince(system: OdeSystem, tolerances: Partial<Tolerances> = {}): DormandPrince {
  const { relative, absolute, maximumSteps } = { ...defaultTolerances, ...tolerances };
  if (!(relative >= 1e-14 && relative <= 1)) throw invalidValue("relative", "a number in [1e-14, 1]", relative);
  if (!(absolute > 0 && absolute < Infinity)) throw invalidValue("absolute", "a positive finite number", absolute);
  if (!(Number.isInteger(maximumSteps) && maximumSteps >= 1)) {
    throw invalidValue("maximumSteps", "a positive integer", maximumSteps);
  }
  const { size } = system;
  const stages = nodes.map(() => new Float64Array(size));
  const stageY = new Float64Array(size);

  const start = (time: number, y: Float64Array): DormandPrinceState => {
    if (y.length !== size) throw invalidValue("y", `${size} numbers`, y.length);
    const derivative = new Float64Array(size);
    system.derivative(time, y, derivative);
    const stepSize = firstStepSize(time, y, derivative);
    if (!(stepSize > 0)) {
      throw new MeanfieldError(
        "not-finite",
        `time ${time}: expected a finite start and derivative; check the initial values`,
      );
    }
    return { time, y: y.slice(), derivative, stepSize, previousError: 1e-4, steps: 0 };
  };

  /** Hairer, Norsett, Wanner, II.4: a step whose explicit Euler increment is 1 % of y, corrected by an estimate of y''. */
  const firstStepSize = (time: number, y: Float64Array, derivative: Float64Array): number => {
    const sizeOfY = scaledNorm(y, y);
    const sizeOfSlope = scaledNorm(derivative, y);
    const first = sizeOfY < 1e-5 || sizeOfSlope < 1e-5 ? 1e-6 : 0.01 * (sizeOfY / sizeOfSlope);
    for (let index = 0; index < size; index += 1) stageY[index] = y[index] + first * derivative[index];
    system.derivative(time + first, stageY, stages[1]);
    for (let index = 0; index < size; index += 1) stages[1][index] -= derivative[index];
    const sizeOfCurvature = scaledNorm(stages[1], y) / first;
    const largest = Math.max(sizeOfSlope, sizeOfCurvature);
    const second = largest <= 1e-15 ? Math.max(1e-6, first * 1e-3) : (0.01 / largest) ** 0.2;
    return Math.min(100 * first, second);
  };

  const scaledNorm = (values: Float64Array, y: Float64Array): number => {
    let sum = 0;
    for (let index = 0; index < size; index += 1) {
      const ratio = values[index] / (absolute + relative * Math.abs(y[index]));
      sum += ratio * ratio;
    }
    return Math.sqrt(sum / size);
  };

  /** Takes one accepted step of at most `longest`; stages[0..6] then hold its slopes, stageY its end. Returns its length. */
  const step = (state: DormandPrinceState, longest: number, stepsLeft: { count: number }, goal: number): number => {
    for (;;) {
      const isCut = !(state.stepSize < longest);
      const stepSize = isCut ? longest : state.stepSize;
      if (stepsLeft.count === 0) {
        throw new MeanfieldError(
          "step-limit",
          `adaptive integrator: ${maximumSteps} steps ended at time ${state.time} before ${goal}; raise maximumSteps or loosen the tolerances`,
          { path: "maximumSteps" },
        );
      }
      stepsLeft.count -= 1;
      state.steps += 1;
      const error = tryStep(state, stepSize);
      // NaN fails the comparison and is treated as an error far too large.
      if (error <= 1) {
        const wanted = error ** errorExponent / (safety * state.previousError ** memoryExponent);
        const next = stepSize / Math.min(1 / largestShrinkage, Math.max(1 / largestGrowth, wanted));
        // A step cut short by its goal says little about the step that could have been taken.
        state.stepSize = isCut ? Math.max(next, state.stepSize) : next;
        state.previousError = Math.max(error, 1e-4);
        return stepSize;
      }
      const shrinkage = error < Infinity ? Math.max(largestShrinkage, safety / error ** errorExponent) : 0.1;
      state.stepSize = stepSize * shrinkage;
      if (!(state.stepSize > 4 * Number.EPSILON * Math.max(1e-10, Math.abs(state.time)))) {
        throw new MeanfieldError(
          "not-finite",
          `adaptive integrator: no step from time ${state.time} meets the tolerances; the derivative is not finite or jumps there`,
        );
      }
    }
  };

  /** Computes the stages of one step and returns the error estimate in units of the tolerance. */
  const tryStep = (state: DormandPrinceState, stepSize: number): number => {
    const { y, time } = state;
    stages[0].set(state.derivative);
    for (let stage = 1; stage < nodes.length; stage += 1) {
      const row = matrix[stage];
      for (let index = 0; index < size; index += 1) {
        let slope = 0;
        for (let earlier = 0; earlier < stage; earlier += 1) slope += row[earlier] * stages[earlier][index];
        stageY[index] = y[index] + stepSize * slope;
      }
      system.derivative(time + nodes[stage] * stepSize, stageY, stages[stage]);
    }
    let sum = 0;
    for (let index = 0; index < size; index += 1) {
      let difference = 0;
      for (let stage = 0; stage < nodes.length; stage += 1) difference += errorWeights[stage] * stages[stage][index];
      const scale = absolute + relative * Math.max(Math.abs(y[index]), Math.abs(stageY[index]));
      const ratio = (stepSize * difference) / scale;
      sum += ratio * ratio;
    }
    return Math.sqrt(sum / size);
  };

  const accept = (state: DormandPrinceState, time: number): void => {
    state.time = time;
    state.y.set(stageY);
    state.derivative.set(stages[6]);
  };

  const advanceTo = (state: DormandPrinceState, time: number): void => {
    if (!(time >= state.time && time < Infinity)) {
      throw invalidValue("time", `a finite number >= the state's time ${state.time}`, time);
    }
    const stepsLeft = { count: maximumSteps };
    while (state.time < time) {
      const remaining = time - state.time;
      const taken = step(state, remaining, stepsLeft, time);
      accept(state, taken === remaining ? time : state.time + taken);
    }
  };

  const solve = (time: number, y: Float64Array, times: readonly number[]): Float64Array[] => {
    const state = start(time, y);
    const stepsLeft = { count: maximumSteps };
    const results: Float64Array[] = [];
    let last = time;
    for (const wanted of times) {
      if (!(wanted >= last && wanted < Infinity)) throw invalidValue("times", "finite numbers that ascend", wanted);
      last = wanted;
    }
    while (results.length < times.length && times[results.length] === time) results.push(y.slice());
    while (results.length < times.length) {
      const taken = step(state, Infinity, stepsLeft, last);
      while (results.length < times.length && times[results.length] <= state.time + taken) {
        results.push(interpolate(state.y, taken, (times[results.length] - state.time) / taken));
      }
      accept(state, state.time + taken);
    }
    return results;
  };

  /** The solution at fraction `fraction` of the step just taken. */
  const interpolate = (before: Float64Array, stepSize: number, fraction: number): Float64Array => {
    const rest = 1 - fraction;
    return before.map((from, index) => {
      const difference = stageY[index] - from;
      const start = stepSize * stages[0][index] - difference;
      const end = difference - stepSize * stages[6][index] - start;
      let fourth = 0;
      for (let stage = 0; stage < nodes.length; stage += 1) fourth += denseWeights[stage] * stages[stage][index];
      return from + fraction * (difference + rest * (start + fraction * (end + rest * stepSize * fourth)));
    });
  };

  return Object.freeze({ start, advanceTo, solve });
}
