export { type Axis, readAxis } from "./axis.ts";
export type { PlannedPoint, PointEnd, SweepPlan } from "./files.ts";
export { type PreparedSweep, prepareSweep, type SweepRequest, valuesText } from "./prepare-sweep.ts";
export { readSweep, type StoredSweep } from "./read-sweep.ts";
export { runSweep, type SweepOutcome } from "./run-sweep.ts";
export type { SweepEvent } from "./sweep-events.ts";
export type { SweepOptions } from "./sweep-options.ts";
