import { existsSync } from "node:fs";
import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { type Figure, sha256 } from "../scenario/index.ts";
import {
  type MetricsLine,
  type RunConfig,
  type RunFigures,
  type RunProvenance,
  type RunResult,
  type RunTiming,
  schemaVersion,
} from "./files.ts";
import { readJournal } from "./journal.ts";
import { inKeyOrder } from "./key-order.ts";
import { damaged, readBytes, readChecked, readJson } from "./store.ts";
import { unfinishedRecords } from "./unfinished-records.ts";

/**
 * A run folder's files as values; `timing` and `result` are null while the run has not ended, and `metrics` are then its members' records so far.
 * The summary's keys stand in the order in which the scenario gave them.
 */
export interface StoredRun {
  readonly dir: string;
  readonly config: RunConfig;
  readonly provenance: RunProvenance;
  readonly timing: RunTiming | null;
  readonly result: RunResult | null;
  readonly figures: readonly Figure[];
  readonly metrics: readonly MetricsLine[];
}

/**
 * Reads a run folder and checks it against the checksums that its result holds.
 * Throws `file-failed` if `dir` is not a run folder, `run-damaged` if a file is damaged, missing or of another run.
 */
export function readRun(dir: string): StoredRun {
  const config = readJson<RunConfig>(join(dir, "config.json"));
  const provenance = readJson<RunProvenance>(join(dir, "provenance.json"));
  if (config === null || provenance === null) {
    const suggestion = "give the folder of one run, runs/<scenario>/<run-id>";
    throw new MeanfieldError("file-failed", `${dir}: no run folder (config.json and provenance.json); ${suggestion}`, {
      path: dir,
      expected: "a run folder",
      suggestion,
    });
  }
  if (config.schemaVersion !== schemaVersion) {
    throw damaged(
      join(dir, "config.json"),
      `its files are of version ${config.schemaVersion}, and this installation reads version ${schemaVersion}`,
    );
  }
  const result = readChecked<RunResult>(join(dir, "result.json"));
  if (result !== null) {
    if (result.id !== config.id)
      throw damaged(join(dir, "result.json"), `it belongs to run ${result.id}, not ${config.id}`);
    for (const [name, hash] of Object.entries(result.files)) checkFile(join(dir, name), hash);
  }
  const timing = readJson<RunTiming>(join(dir, "timing.json"));
  if (result === null) {
    return { dir, config, provenance, timing, result, figures: [], metrics: unfinishedRecords(dir) };
  }
  const { figures, summaryOrder } = readJson<RunFigures>(join(dir, "figures.json")) ?? {
    figures: [],
    summaryOrder: [],
  };
  const summary = inKeyOrder(result.summary, summaryOrder);
  const metrics = readJournal(join(dir, "metrics.jsonl")).lines;
  return { dir, config, provenance, timing, result: { ...result, summary }, figures, metrics };
}

/** The result stored in a run folder, checked like all of `readRun`; null if the run has not ended or `dir` does not exist. */
export function readResult(dir: string): RunResult | null {
  return existsSync(join(dir, "result.json")) ? readRun(dir).result : null;
}

/** Where and with what the run or sweep in `dir` was computed; null if nothing says so. */
export function readProvenance(dir: string): RunProvenance | null {
  return readJson<RunProvenance>(join(dir, "provenance.json"));
}

/** The clock of the run in `dir`; null if it has not ended. */
export function readTiming(dir: string): RunTiming | null {
  return readJson<RunTiming>(join(dir, "timing.json"));
}

function checkFile(path: string, hash: string): void {
  const bytes = readBytes(path);
  if (bytes === null) throw damaged(path, "it has gone");
  if (sha256(bytes) !== hash) throw damaged(path, "its checksum is wrong");
}
