export { canonicalJson } from "./canonical-json.ts";
export { type Failure, failureOf } from "./failure.ts";
export {
  type MetricsLine,
  type RunConfig,
  type RunError,
  type RunFigures,
  type RunProvenance,
  type RunResult,
  type RunTiming,
  schemaVersion,
} from "./files.ts";
export { decodeNpy, encodeNpy, type NpyArray } from "./npy.ts";
export { planRun, type RunPlan } from "./plan.ts";
export { type PreparedRun, prepareRun, type RunRequest } from "./prepare-run.ts";
export { readResult, readRun, type StoredRun } from "./read-run.ts";
export { optionsFor } from "./recorded-engine.ts";
export { type Difference, type RepeatOutcome, repeatRun } from "./repeat-run.ts";
export {
  type RunEvent,
  type RunOptions,
  type RunOutcome,
  runLoaded,
  runPrepared,
  runScenario,
} from "./run-scenario.ts";
export { publishFile, publishJson } from "./store.ts";
