export * as checks from "./checks/index.ts";
export * as datasets from "./datasets/index.ts";
export * as deepNetworks from "./deep-training/public.ts";
export * as dynamics from "./dynamics/public.ts";
export { type ErrorCode, errorCodes, MeanfieldError } from "./errors.ts";
export * as laws from "./laws/index.ts";
export * as limits from "./limits/public.ts";
export * as activations from "./networks/activations.ts";
export * as networks from "./networks/public.ts";
export * as neuralKernels from "./neural-kernels/public.ts";
export * as numerics from "./numerics/public.ts";
export { type WrittenReport, writeReport } from "./report/index.ts";
export {
  type ClaimPair,
  compareRuns,
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NumberPair,
  type Pair,
  type RecordsDifference,
  type RepeatOutcome,
  type RunComparison,
  type RunEvent,
  type RunOptions,
  type RunOutcome,
  type RunRequest,
  type RunSide,
  readRun,
  repeatRun,
  runScenario,
  type StoredRun,
} from "./runs/index.ts";
export {
  type Axis,
  builtInNames,
  type Claim,
  claim,
  defineScenario,
  describeScenario,
  type Figure,
  type JsonObject,
  type LoadedScenario,
  loadScenario,
  type Member,
  type MemberResults,
  type ParameterValues,
  type ProfileCurve,
  parameter,
  problemOf,
  problemParameters,
  type RunContext,
  type Scenario,
  type ScenarioEntry,
  type Series,
  type Source,
  simulationParameters,
  standardFigures,
} from "./scenario/index.ts";
export * from "./simulation/index.ts";
export * as observables from "./simulation/observables/index.ts";
export {
  type AggregateOptions,
  type AggregateRow,
  aggregate,
  type Comparison,
  type ComparisonOptions,
  comparePaired,
  type FinishedSweep,
  fitScaling,
  type PointEnd,
  readSweep,
  resumeSweep,
  type ScalingFit,
  type ScalingOptions,
  type SlurmOptions,
  type StoredSweep,
  type SweepEvent,
  type SweepOptions,
  type SweepRequest,
  type SweepRow,
  sweepRows,
  sweepScenario,
} from "./sweeps/index.ts";
export * as targets from "./targets/index.ts";
