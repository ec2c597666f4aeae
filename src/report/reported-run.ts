import type { MetricsLine, RunConfig, RunProvenance, RunResult, RunTiming } from "../runs/index.ts";
import type { Figure } from "../scenario/index.ts";

/** What a report shows: the contents of a run folder. `result` is null for a run that has not finished. */
export interface ReportedRun {
  readonly config: RunConfig;
  readonly provenance: RunProvenance | null;
  readonly timing: RunTiming | null;
  readonly result: RunResult | null;
  readonly figures: readonly Figure[];
  readonly metrics: readonly MetricsLine[];
}
