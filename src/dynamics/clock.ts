import type { DynamicsSpec } from "./dynamics.ts";

/** Step sizes and mean-field time along a run. */
export interface Clock {
  /** eta of step number `step` (0, 1, ...). */
  stepSize(step: number): number;
  /** Mean-field time after `step` steps: the sum of their sizes. */
  time(step: number): number;
  /** The smallest number of steps after which `time` is at least `time - stepSize/2`: the step nearest to a wanted time; at most `steps`. */
  stepAt(time: number): number;
}

/** The clock of a dynamics; a constant step size has time = step * stepSize without accumulated rounding. */
export function createClock(dynamics: DynamicsSpec): Clock {
  const { stepSize, schedule, steps } = dynamics;
  if (schedule.kind === "constant") {
    return {
      stepSize: () => stepSize,
      time: (step) => step * stepSize,
      stepAt: (time) => Math.min(steps, Math.max(0, Math.round(time / stepSize))),
    };
  }
  const sizeOf = (step: number): number => {
    if (schedule.kind === "power") return stepSize * (1 + step / schedule.after) ** -schedule.exponent;
    return stepSize * (1 + (schedule.to - 1) * (steps > 1 ? step / (steps - 1) : 0));
  };
  const times = new Float64Array(steps + 1);
  for (let step = 0; step < steps; step += 1) times[step + 1] = times[step] + sizeOf(step);
  return {
    stepSize: sizeOf,
    time: (step) => times[step],
    stepAt(time) {
      let low = 0;
      let high = steps;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (times[middle] < time) low = middle + 1;
        else high = middle;
      }
      return low > 0 && time - times[low - 1] < times[low] - time ? low - 1 : low;
    },
  };
}
