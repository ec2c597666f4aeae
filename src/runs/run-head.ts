import { join } from "node:path";
import { type RunConfig, type RunResult, type RunTiming, schemaVersion } from "./files.ts";
import { damaged, readChecked, readJson } from "./store.ts";

/** What a table of runs shows of one: its result, but not its records, arrays and figures. */
export interface RunHead {
  readonly config: RunConfig;
  readonly timing: RunTiming | null;
  /** Null while the run has not ended. */
  readonly result: RunResult | null;
}

/**
 * Reads the head of the run in `dir`, without checking the files of which only the checksums stand in the result, as `readRun` does; null if there is no run.
 * Throws `run-damaged`.
 */
export function readRunHead(dir: string): RunHead | null {
  const path = join(dir, "config.json");
  const config = readJson<RunConfig>(path);
  if (config === null) return null;
  if (config.schemaVersion !== schemaVersion) {
    const versions = `version ${config.schemaVersion}, and this installation reads version ${schemaVersion}`;
    throw damaged(path, `its files are of ${versions}`);
  }
  return {
    config,
    timing: readJson<RunTiming>(join(dir, "timing.json")),
    result: readChecked<RunResult>(join(dir, "result.json")),
  };
}
