export { decodeNpy, encodeNpy, type NpyArray } from "../numerics/npy.ts";
export { canonicalJson } from "./canonical-json.ts";
export {
  type ClaimPair,
  compareRuns,
  type NumberPair,
  type Pair,
  type RecordsDifference,
  type RunComparison,
  type RunSide,
} from "./compare-runs.ts";
export { withLateSyncs } from "./durability.ts";
export { type Failure, failureOf } from "./failure.ts";
export { fileWork } from "./file-work.ts";
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
export { type FolderLock, lockFolder, lockState } from "./lock.ts";
export { checkOut, makeFolder } from "./make-folder.ts";
export { planRun, type RunPlan } from "./plan.ts";
export { type PreparedRun, prepareRun, type RunPlace, type RunRequest } from "./prepare-run.ts";
export { currentProvenance } from "./provenance.ts";
export { publishBundle } from "./publish-bundle.ts";
export { publishFailure } from "./publish-failure.ts";
export { readRecords } from "./read-records.ts";
export { readProvenance, readResult, readRun, readTiming, type StoredRun } from "./read-run.ts";
export { optionsFor } from "./recorded-engine.ts";
export { type Difference, type RepeatOutcome, repeatRun } from "./repeat-run.ts";
export { type RunHead, readRunHead } from "./run-head.ts";
export {
  type RunEvent,
  type RunHolder,
  type RunOptions,
  type RunOutcome,
  runLoaded,
  runPrepared,
  runScenario,
} from "./run-scenario.ts";
export { createStopFlag, raise, type StopFlag, watchStopFlag } from "./stop-flag.ts";
export { publishChecked, publishFile, publishJson, readBytes, readChecked, readText, writeWhole } from "./store.ts";
