import type { Clock } from "../dynamics/clock.ts";
import { invalidValue } from "../errors.ts";

/** When to measure: a number of times spread evenly in log(1 + step), or the mean-field times themselves. */
export type RecordTimes = number | readonly number[];

/**
 * The steps after which records are made, ascending: always 0 and the last, and the steps nearest to the wanted times.
 * Times beyond the end count as the end. Throws `invalid-value` on times that are negative or not finite.
 */
export function recordSteps(times: RecordTimes, clock: Clock, steps: number): number[] {
  const wanted = new Set<number>([0, steps]);
  if (typeof times === "number") {
    if (!(Number.isInteger(times) && times >= 2 && times <= 100_000)) {
      throw invalidValue("recordTimes", "a list of times, or their number: an integer in [2, 100000]", times);
    }
    for (let index = 0; index < times; index += 1) {
      wanted.add(Math.round(Math.expm1((Math.log1p(steps) * index) / (times - 1))));
    }
  } else {
    for (const time of times) {
      if (!(time >= 0 && time < Infinity)) throw invalidValue("recordTimes", "finite times >= 0", time);
      wanted.add(clock.stepAt(time));
    }
  }
  return [...wanted].sort((left, right) => left - right);
}
