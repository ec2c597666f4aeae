import type { RadialFunction } from "../error-budget/index.ts";
import { createLimitFlow, type NetworkLimit } from "../limits/index.ts";
import type { DormandPrinceState, Integrator } from "../numerics/index.ts";

/** A network's limit, carried along with it: once with the simulation's step size, once solved to a tolerance. */
export interface LimitTrack {
  /** Moves the stepped limit by one step of the simulation, in place. */
  step(stepped: Float64Array, stepSize: number): void;
  /** The exact limit's state at time 0; null where no tolerance was asked for. */
  startExact(initial: Float64Array): DormandPrinceState | null;
  /** Moves the exact limit to `time`, in place. */
  advanceExact(exact: DormandPrinceState, time: number): void;
  profile(y: Float64Array): RadialFunction;
  loss(y: Float64Array): number;
  /** Observables under the names `limitAlpha`, ... */
  observe(y: Float64Array): Record<string, number>;
}

/**
 * @param integrator the simulation's own scheme: under another one the gap to the limit would hold its time-step error
 * @param tolerance of the adaptive solution, relative and absolute; null leaves it out
 */
export function createLimitTrack(
  { limit, observe }: NetworkLimit,
  integrator: Integrator,
  tolerance: number | null,
): LimitTrack {
  const flow = tolerance === null ? null : createLimitFlow(limit, { relative: tolerance, absolute: tolerance });
  return {
    step: limit.createStep(integrator),
    startExact: (initial) => flow?.start(initial) ?? null,
    advanceExact: (exact, time) => flow?.advanceTo(exact, time),
    profile: limit.profile,
    loss: limit.loss,
    observe: (y) => limitNames(observe(y)),
  };
}

/** A reference's observables under the names that records give them: alpha becomes `limitAlpha`. */
export function limitNames(observed: Readonly<Record<string, number>>): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [name, value] of Object.entries(observed)) {
    named[`limit${name[0].toUpperCase()}${name.slice(1)}`] = value;
  }
  return named;
}
