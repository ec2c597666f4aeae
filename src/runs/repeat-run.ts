import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EnginePreference, engineText } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import {
  bundleFile,
  installationEntry,
  type LoadedScenario,
  loadBundle,
  loadScenario,
  readBundle,
} from "../scenario/index.ts";
import { type PreparedRun, prepareRun, type RunRequest } from "./prepare-run.ts";
import { readRun, type StoredRun } from "./read-run.ts";
import { cannotRepeat, neededNumerics, preferenceFor } from "./recorded-engine.ts";
import { type RunOptions, type RunOutcome, runPrepared } from "./run-scenario.ts";
import { damaged, readText } from "./store.ts";

/** The first place where a repeated run's file differs. */
export interface Difference {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The stored line, and the repeated one; null where a file has no such line. */
  readonly expected: string | null;
  readonly got: string | null;
}

export interface RepeatOutcome {
  readonly status: RunOutcome["status"];
  readonly scenario: string;
  readonly id: string;
  readonly dir: string;
  /** True if metrics.jsonl, figures.json and result.json have the same bytes. */
  readonly same: boolean;
  readonly differences: readonly Difference[];
  /** True if the code is not the one that made the stored run: a difference is then no wonder. */
  readonly isCodeChanged: boolean;
}

const comparedFiles = ["metrics.jsonl", "figures.json", "result.json"];

/**
 * Runs the run stored in `dir` again, from its config.json and the scenario's code as it is now (a user's: as it was, from the run folder), in
 * a temporary folder, and compares the files of the result byte by byte. Its simulations get an engine with the numerics of the stored run, whatever
 * the environment says of arithmetic. Throws `run-damaged` for a run that has no result or is damaged, `engine-unavailable` where no such engine
 * works here.
 *
 * @param options `engine`: one by name, to compare with that of the stored run
 */
export async function repeatRun(
  dir: string,
  options: Omit<RunOptions, "force"> & { readonly engine?: EnginePreference["engine"] } = {},
): Promise<RepeatOutcome> {
  const stored = readRun(dir);
  if (stored.result === null) {
    throw new MeanfieldError(
      "run-damaged",
      `${dir}: this run has not ended, so there is nothing to compare; run it to its end first`,
      {
        path: dir,
        suggestion: "run it to its end first",
      },
    );
  }
  const { parameters, seed, short, codeHash, id, scenario } = stored.config;
  const loaded = await loadStored(stored);
  const temporary = mkdtempSync(join(tmpdir(), "meanfield-repeat-"));
  try {
    const prepared = prepareAgain(stored, loaded, { parameters, seed, short, out: temporary }, options.engine);
    // Under the stored run's own name, so that only what was computed can differ.
    const config = { ...stored.config, bundle: prepared.config.bundle };
    const outcome = await runPrepared({ ...prepared, config }, options);
    const differences = outcome.status === "cancelled" ? [] : compare(dir, prepared.dir);
    return {
      status: outcome.status,
      scenario,
      id,
      dir,
      same: outcome.status !== "cancelled" && differences.length === 0,
      differences,
      isCodeChanged: loaded.codeHash !== codeHash,
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The run once more, with an engine that can give its bits. */
function prepareAgain(
  { dir, provenance }: StoredRun,
  loaded: LoadedScenario,
  request: RunRequest,
  engine: EnginePreference["engine"] | undefined,
): PreparedRun {
  const numerics = neededNumerics(provenance);
  let prepared: PreparedRun;
  try {
    prepared = prepareRun(loaded, { ...request, ...preferenceFor(numerics, engine) });
  } catch (error) {
    if (!(error instanceof MeanfieldError) || error.code !== "engine-unavailable") throw error;
    throw cannotRepeat(dir, provenance, error.message.split("; take ")[0]);
  }
  if (numerics !== null && prepared.engine.numerics !== numerics) {
    throw cannotRepeat(dir, provenance, `${engineText(prepared.engine)} adds up in another order`);
  }
  return prepared;
}

async function loadStored({ dir, config, provenance }: StoredRun): Promise<LoadedScenario> {
  if (config.bundle === null) return loadScenario(config.scenario);
  const path = join(dir, config.bundle);
  const text = readText(path);
  if (text === null) throw damaged(path, "it has gone");
  const packages = { ...provenance.packages, meanfield: installationEntry().href };
  return loadBundle(readBundle(text, packages), bundleFile);
}

function compare(storedDir: string, repeatedDir: string): readonly Difference[] {
  const differences: Difference[] = [];
  for (const file of comparedFiles) {
    const expected = readText(join(storedDir, file));
    const got = readText(join(repeatedDir, file));
    if (expected !== got) differences.push({ file, ...firstDifference(expected ?? "", got ?? "") });
  }
  return differences;
}

function firstDifference(expected: string, got: string): Omit<Difference, "file"> {
  const expectedLines = expected.split("\n");
  const gotLines = got.split("\n");
  // The checksum stands above what it sums up: told only where nothing else differs.
  const isChecksum = (line: string) => line.startsWith('  "checksum": ');
  const differs = (line: string, index: number) => line !== gotLines[index];
  let index = expectedLines.findIndex((line, at) => differs(line, at) && !isChecksum(line));
  if (index === -1) index = expectedLines.findIndex(differs);
  if (index === -1) index = expectedLines.length;
  return { line: index + 1, expected: expectedLines.at(index) ?? null, got: gotLines.at(index) ?? null };
}
