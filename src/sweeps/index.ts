export {
  type AggregateOptions,
  type AggregateRow,
  aggregate,
  type Comparison,
  type ComparisonOptions,
  comparePaired,
  variedNames,
} from "./aggregate.ts";
export { type Axis, readAxis } from "./axis.ts";
export {
  type Condition,
  isAside,
  type Order,
  readCondition,
  readOrder,
  selectRows,
  sortRows,
} from "./conditions.ts";
export {
  type DiskReport,
  type DiskUse,
  diskUse,
  type FileKind,
  fileKinds,
  type RemovableFile,
  type Removal,
  removeFiles,
} from "./disk-use.ts";
export { wordsOf } from "./executors/slurm/batch-script.ts";
export { planSlurm, type SlurmPlan } from "./executors/slurm/plan-slurm.ts";
export { runSlurmTask } from "./executors/slurm/run-task.ts";
export type { SlurmOptions } from "./executors/slurm/slurm-options.ts";
export { type PlannedPoint, type PointEnd, pointStatuses, type SweepPlan } from "./files.ts";
export { findFolders, isRun, type StoredFolders } from "./find-folders.ts";
export { fitScaling, type ScalingFit, type ScalingOptions } from "./fit-scaling.ts";
export { pointTable } from "./point-table.ts";
export { type PreparedSweep, prepareSweep, type SweepRequest, valuesText } from "./prepare-sweep.ts";
export { readSweep, type StoredSweep } from "./read-sweep.ts";
export { recordTable } from "./record-table.ts";
export { type ReopenOptions, reopenSweep } from "./reopen-sweep.ts";
export { cellOf, columnsOf, headlineColumn, requireColumn, type SweepRow, sweepRows } from "./rows.ts";
export { type RunRow, runRows } from "./run-rows.ts";
export { runSweep, type SweepOutcome } from "./run-sweep.ts";
export type { SweepEvent } from "./sweep-events.ts";
export { readSweepFile, type SweepFile } from "./sweep-file.ts";
export { type ListedSweep, listSweeps } from "./sweep-list.ts";
export type { SweepOptions } from "./sweep-options.ts";
export { type FinishedSweep, resumeSweep, sweepScenario } from "./sweep-scenario.ts";
export { readTableSource, type TableSource } from "./table-source.ts";
