import { loadScenario } from "../scenario/index.ts";
import { prepareSweep, type SweepRequest } from "./prepare-sweep.ts";
import { readSweep, type StoredSweep } from "./read-sweep.ts";
import { type ReopenOptions, reopenSweep } from "./reopen-sweep.ts";
import { runSweep, type SweepOutcome } from "./run-sweep.ts";
import type { SweepOptions } from "./sweep-options.ts";

/** A sweep's folder after work on it, with how that work ended. */
export interface FinishedSweep extends StoredSweep {
  readonly status: SweepOutcome["status"];
}

/**
 * Runs a scenario, a built-in one by its name or a file's, at every point of a grid, and leaves a sweep folder. Points that have ended are read;
 * one that was interrupted goes on. Throws for what is wrong before it starts, as `runScenario` does, and for one bad point refuses all.
 */
export async function sweepScenario(
  scenario: string,
  options: SweepRequest & SweepOptions = {},
): Promise<FinishedSweep> {
  const { status, dir } = await runSweep(prepareSweep(await loadScenario(scenario), options), options);
  return { ...readSweep(dir), status };
}

/** Goes on with the sweep in `dir`: runs what has not ended. Throws as `sweepScenario`, and `unsupported-combination` where the code has changed. */
export async function resumeSweep(dir: string, options: ReopenOptions & SweepOptions = {}): Promise<FinishedSweep> {
  const { status } = await runSweep(await reopenSweep(dir, options), options);
  return { ...readSweep(dir), status };
}
