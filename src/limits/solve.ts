import { invalidValue } from "../errors.ts";
import { createDormandPrince, type DormandPrinceState, type Tolerances } from "../numerics/dormand-prince.ts";
import type { Limit } from "./limit.ts";

/** The exact flow of a limit, f_(inf,0), which can stop at any time and go on from a copy of its state. */
export interface LimitFlow {
  /** The flow's state at time 0; `initial` is copied. */
  start(initial: Float64Array): DormandPrinceState;
  /** Moves the state to a later time, in place. */
  advanceTo(state: DormandPrinceState, time: number): void;
}

/**
 * The flow of a limit by the adaptive Dormand-Prince 5(4) pair; tolerances 1e-10 by default. Its state is plain data: a structured clone
 * goes on with the same bits.
 *
 * @throws from `start`: `unsupported-combination` where the gradient at the start is infinite because the law has no moments, `not-finite`;
 *   from `advanceTo`: `step-limit`, `not-finite`
 */
export function createLimitFlow(limit: Limit, tolerances: Partial<Tolerances> = {}): LimitFlow {
  const solver = createDormandPrince(limit.system, tolerances);
  return Object.freeze({
    start(initial: Float64Array): DormandPrinceState {
      if (initial.length !== limit.size) throw invalidValue("initial", `${limit.size} numbers`, initial.length);
      // A step of size 0 changes nothing, but says why a gradient is infinite.
      limit.eulerStep(initial.slice(), 0);
      return solver.start(0, initial);
    },
    advanceTo: solver.advanceTo,
  });
}

/**
 * The states of a limit's exact flow at `times` (ascending, >= 0) from `initial` at time 0.
 *
 * @returns one array per time
 */
export function solveLimit(
  limit: Limit,
  initial: Float64Array,
  times: readonly number[],
  tolerances: Partial<Tolerances> = {},
): Float64Array[] {
  const flow = createLimitFlow(limit, tolerances);
  const state = flow.start(initial);
  return times.map((time) => {
    flow.advanceTo(state, time);
    return state.y.slice();
  });
}
