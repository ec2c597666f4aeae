export type { EvaluationOptions } from "./measure.ts";
export type { CompletedOutcome, Outcome, StoppedOutcome } from "./outcome.ts";
export type { SimulationRecord } from "./record.ts";
export type { RecordTimes } from "./record-times.ts";
export {
  checkSimulation,
  type LimitView,
  type Problem,
  type SimulateOptions,
  type Simulation,
  type SimulationView,
  simulate,
} from "./simulate.ts";
