import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { EngineUse } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import { bundleFile, type LoadedScenario, loadScenario, type ResolvedParameters } from "../scenario/index.ts";
import type { Pool } from "../threads/index.ts";
import { type AssembledRun, assembleRun } from "./assemble.ts";
import { canonicalJson } from "./canonical-json.ts";
import { fileWork } from "./file-work.ts";
import type { RunConfig, RunError, RunProvenance, RunResult, RunTiming } from "./files.ts";
import { checkLock, lockFolder } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { membersFolder, particlesFolder, readMember } from "./member-files.ts";
import { type PreparedRun, prepareRun, type RunRequest } from "./prepare-run.ts";
import { currentProvenance } from "./provenance.ts";
import { publishBundle } from "./publish-bundle.ts";
import { readResult } from "./read-run.ts";
import { checkGoesOn, distinctUses } from "./recorded-engine.ts";
import { runMembers } from "./run-members.ts";
import { memberSeconds } from "./run-task.ts";
import { damaged, publishJson, readJson } from "./store.ts";

export interface RunOptions {
  /** Threads to use. @default all cores */
  readonly threads?: number;
  /** True to run a finished run again. @default false */
  readonly force?: boolean;
  /** Stops the run: it ends as `cancelled` and goes on from its checkpoints when started again. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Milliseconds between two checkpoints of a simulation. @default 30000 */
  readonly checkpointMs?: number;
}

/** What happens while a run goes on. */
export type RunEvent =
  | {
      readonly event: "started";
      readonly scenario: string;
      readonly id: string;
      readonly dir: string;
      readonly members: readonly string[];
      /** What the run's simulations take unless its author names another. */
      readonly engine: EngineUse;
    }
  | { readonly event: "progress"; readonly fraction: number }
  | { readonly event: "member"; readonly member: string; readonly status: string };

/** How a run ended, with all that its folder says about it. */
export interface RunOutcome {
  readonly status: RunResult["status"] | "cancelled";
  readonly scenario: string;
  readonly id: string;
  readonly dir: string;
  readonly parameters: ResolvedParameters;
  readonly seed: RootSeed;
  /** The engines that took steps, each once; empty where the run ran no simulation or has not ended. */
  readonly engines: readonly EngineUse[];
  readonly summary: RunResult["summary"];
  readonly claims: RunResult["claims"];
  readonly error: RunError | null;
  /** Where a scenario's own error was thrown; null otherwise. */
  readonly stack: string | null;
  /** True if the run had ended before and its stored result was read. */
  readonly isStored: boolean;
}

/**
 * Runs a scenario, a built-in one by its name or a file's, and leaves its run folder. A run that has ended is read, not run again; one that was
 * interrupted goes on. How a run ends is a value. Throws for what is wrong before it starts: `unknown-scenario`, `scenario-invalid`,
 * `unknown-parameter`, `invalid-value`, `engine-unavailable`, `unsupported-combination` (an unfinished run that was begun with other numerics),
 * `run-locked`, `run-damaged`, `file-failed`.
 */
export async function runScenario(scenario: string, options: RunRequest & RunOptions = {}): Promise<RunOutcome> {
  return runLoaded(await loadScenario(scenario), options);
}

/** `runScenario` for a scenario that is loaded already. */
export async function runLoaded(loaded: LoadedScenario, options: RunRequest & RunOptions = {}): Promise<RunOutcome> {
  return runPrepared(prepareRun(loaded, options), options);
}

/** What the holder of a run folder's lock says about the run. */
export interface RunHolder {
  /** The text of the lock. */
  readonly lock: string;
  /** Workers that run members for several runs at once, instead of a pool of the run's own. */
  readonly pool?: Pool | null;
  /** True to take a failure that is stored for the run's end, and not to mend it. */
  readonly keepsFailure?: boolean;
}

/**
 * Runs what `prepareRun` has decided.
 *
 * @param holder where somebody else has taken the folder's lock
 */
export async function runPrepared(
  run: PreparedRun,
  options: RunOptions = {},
  holder: RunHolder | null = null,
): Promise<RunOutcome> {
  const threads = options.threads ?? availableParallelism();
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw invalidValue("threads", "an integer in [1, 1024]", options.threads);
  }
  const stored = options.force === true ? null : storedOutcome(run, holder?.keepsFailure === true);
  if (stored !== null) return stored;
  makeFolder(run.dir);
  if (holder !== null) return runLocked(run, threads, options, holder);
  const lock = lockFolder(run.dir);
  try {
    // Another process may have finished it between the first look and the lock.
    const meanwhile = options.force === true ? null : storedOutcome(run, false);
    if (meanwhile !== null) return meanwhile;
    return await runLocked(run, threads, options, { lock: lock.text });
  } finally {
    lock.release();
  }
}

async function runLocked(
  run: PreparedRun,
  threads: number,
  options: RunOptions,
  { lock, pool = null }: RunHolder,
): Promise<RunOutcome> {
  const { dir, config, loaded, members } = run;
  if (options.force !== true) checkGoesOn(dir, run.engine);
  if (options.force === true) removeResults(dir);
  else removeFiles(dir, ["result.json"]);
  const startedAt = new Date();
  checkConfig(dir, config);
  publishJson(join(dir, "config.json"), config, "config");
  // The bundle of one run of many is shared, and there already.
  if (loaded.bundle !== null && config.bundle === bundleFile) await publishBundle(dir, loaded.bundle);
  const provenance = currentProvenance(threads, loaded.bundle?.packages ?? {}, run.engine);
  const publishProvenance = (used: readonly EngineUse[]) =>
    publishJson(join(dir, "provenance.json"), { ...provenance, used } satisfies RunProvenance, "provenance");
  publishProvenance([]);
  options.onEvent?.({
    event: "started",
    scenario: config.scenario,
    id: config.id,
    dir,
    members: members.map(({ name }) => name),
    engine: run.engine,
  });
  const ends = await runMembers(run, {
    lock,
    threads,
    pool,
    checkpointMs: options.checkpointMs ?? 30_000,
    signal: options.signal,
    onProgress: (fraction) => options.onEvent?.({ event: "progress", fraction }),
    onMember: (member, { status }) => options.onEvent?.({ event: "member", member, status }),
  });
  const cancelled = [...ends.values()].find(({ status }) => status === "cancelled");
  if (cancelled !== undefined)
    return outcomeOf(run, { status: "cancelled", summary: {}, claims: [], error: cancelled.error }, []);
  checkLock(dir, lock);
  const finishedAt = new Date();
  const seconds = members.map(({ name }) => [name, { seconds: memberSeconds(dir, name) }] as const);
  const timing: RunTiming = {
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    members: Object.fromEntries(seconds),
  };
  publishJson(join(dir, "timing.json"), timing, "timing");
  const used = distinctUses(members.flatMap(({ name }) => readMember(dir, name)?.engines ?? []));
  publishProvenance(used);
  const { result, stack }: AssembledRun = assembleRun(run, ends);
  // What a failed run has finished stays, so that the next start needs only the rest.
  if (result.status !== "failed") removeFiles(dir, [membersFolder]);
  return outcomeOf(run, result, used, stack);
}

/** The stored outcome of a run that has ended; null where it is to run: not ended, or failed, which the next start may mend. */
function storedOutcome(run: PreparedRun, keepsFailure: boolean): RunOutcome | null {
  const result = readResult(run.dir);
  if (result === null || (result.status === "failed" && !keepsFailure)) return null;
  const used = readJson<RunProvenance>(join(run.dir, "provenance.json"))?.used ?? [];
  return { ...outcomeOf(run, result, used), isStored: true };
}

function outcomeOf(
  run: PreparedRun,
  result: Pick<RunOutcome, "status" | "summary" | "claims" | "error">,
  engines: readonly EngineUse[],
  stack: string | null = null,
): RunOutcome {
  const { scenario, id, parameters, seed } = run.config;
  const { status, summary, claims, error } = result;
  const { dir } = run;
  return { status, scenario, id, dir, parameters, seed, engines, summary, claims, error, stack, isStored: false };
}

/** An unfinished folder must hold this very run: its checkpoints are of no use to another. */
function checkConfig(dir: string, config: RunConfig): void {
  const path = join(dir, "config.json");
  const stored = readJson<RunConfig>(path);
  if (stored === null) return;
  const identity = ({ parameters, seed, codeHash, id }: RunConfig) => canonicalJson({ parameters, seed, codeHash, id });
  if (identity(stored) !== identity(config)) throw damaged(path, "it describes another run than the folder's name");
}

function removeResults(dir: string): void {
  removeFiles(dir, [
    "result.json",
    "config.json",
    "metrics.jsonl",
    "figures.json",
    "timing.json",
    membersFolder,
    particlesFolder,
  ]);
}

function removeFiles(dir: string, names: readonly string[]): void {
  for (const name of names)
    fileWork(join(dir, name), "remove", () => rmSync(join(dir, name), { recursive: true, force: true }));
}
