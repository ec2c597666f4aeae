import type { ErrorBudget } from "../error-budget/terms.ts";
import type { ProbeValues } from "./probes.ts";

/** What is measured at one of the record times. The same type serves everywhere: iteration, journal, report. */
export interface SimulationRecord {
  readonly step: number;
  /** Mean-field time t = step * stepSize. */
  readonly time: number;
  /** L = 1/2 E(f - f*)^2 on the evaluation set. */
  readonly loss: number;
  /** Standard error of `loss` over the evaluation set. */
  readonly lossError: number;
  readonly budget: ErrorBudget;
  /** The network's own observables (alpha, means of v and b, ...), the limit's under `limit...`, and the user's. */
  readonly observables: Readonly<Record<string, number | null>>;
  /** Values at the probes, where the simulation was asked for them. */
  readonly probes?: ProbeValues;
}
