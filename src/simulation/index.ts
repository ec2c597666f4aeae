export type { EngineUse } from "../engines/index.ts";
export { type ReplicaParts, type ReplicaSplit, splitReplicas } from "../error-budget/index.ts";
export type { EvaluationOptions } from "./evaluation-options.ts";
export type { SimulateOptions, SimulationSetting, SimulationView } from "./options.ts";
export type { CompletedOutcome, Outcome, StoppedOutcome } from "./outcome.ts";
export { type Probes, type ProbeValues, probesOf } from "./probes.ts";
export type { Problem } from "./problem.ts";
export type { SimulationRecord } from "./record.ts";
export type { RecordTimes } from "./record-times.ts";
export type { Replica } from "./replica.ts";
export {
  checkSimulation,
  type LimitView,
  type Simulation,
  simulate,
} from "./simulate.ts";
export {
  type ReplicaGrid,
  type ReplicaRecord,
  type ReplicaRunner,
  simulateReplicas,
} from "./simulate-replicas.ts";
export type { StepChoice } from "./step-choice.ts";
export { type SampleSet, testSet, trainingSet } from "./training-set.ts";
