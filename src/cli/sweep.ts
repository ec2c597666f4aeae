import { type Command, Option } from "commander";
import type { EnginePreference } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";
import { readText } from "../runs/index.ts";
import { loadScenario } from "../scenario/index.ts";
import {
  type PreparedSweep,
  planSlurm,
  prepareSweep,
  readSweep,
  readSweepFile,
  runSweep,
  type SweepOptions,
} from "../sweeps/index.ts";
import { readAssignments } from "./assignments.ts";
import { writeDocument } from "./documents.ts";
import { exitCodeOfSweep, exitCodes } from "./exit-codes.ts";
import {
  readArithmetic,
  readCount,
  readDuration,
  readEngine,
  readFolder,
  readScenario,
  readThreads,
} from "./options.ts";
import { watchSignals } from "./signals.ts";
import { addExecutorOptions, type ExecutorFlags, executorOf } from "./slurm-options.ts";
import { tellSlurmPlan } from "./slurm-text.ts";
import { createSweepProgress } from "./sweep-progress.ts";
import { planSweepText, sweepDocument, tellSweep } from "./sweep-text.ts";
import { createTerminal } from "./terminal.ts";

/** What every command takes that runs a sweep. */
export interface SweepFlags extends ExecutorFlags {
  readonly failFast?: true;
  readonly timeout?: number;
  readonly checkpoint?: number;
  readonly engine?: EnginePreference["engine"];
  readonly arithmetic?: EnginePreference["arithmetic"];
  readonly json?: true;
  readonly events?: true;
  readonly quiet?: true;
}

interface NewSweepFlags extends SweepFlags {
  readonly config?: string;
  readonly zip?: readonly (readonly string[])[];
  readonly retry?: number;
  readonly shard?: { readonly index: number; readonly count: number };
  readonly out: string;
  readonly short?: true;
  readonly dryRun?: true;
}

/** `meanfield sweep`: one scenario at many parameter points. */
export function addSweepCommand(program: Command): void {
  const command = program
    .command("sweep")
    .description("run a scenario at many parameter points, each value with each other")
    .argument("[scenario]", "name (see `meanfield list`) or file, such as ./mine.ts; a --config file may name it")
    .argument("[key=values...]", "such as dimension=4,8 firstLayerWidth=64..4096x4 time=10..30+10 seed=0..9")
    .option(
      "--config <file>",
      "a YAML file with scenario, parameters, zip and short; words here go before it",
      readFolder,
    )
    .option(
      "--zip <names>",
      "parameters whose values run together, such as dimension,stepSize; may be repeated",
      collectZip,
    )
    .option("--retry <n>", "run a point that fails again, up to n times at once", readCount)
    .option("--shard <i/n>", "run the i-th of n parts of the points only, for machines that share the work", readShard)
    .option("--out <folder>", "folder of all sweeps", readFolder, "sweeps")
    .option("--short", "the scenario's short form, which takes seconds")
    .option("--dry-run", "say what would be done, and do nothing");
  addSweepOptions(command).action(sweep);
}

/** The options of every command that runs a sweep. */
export function addSweepOptions(command: Command): Command {
  const own = command
    .option("--jobs <n>", "threads to use (default: all cores)", readThreads)
    .option("--fail-fast", "start no further point once one did not complete")
    .addOption(
      new Option("--keep-going", "run all points, whatever becomes of some (the default)").conflicts("failFast"),
    )
    .option("--timeout <duration>", "end a point that takes longer, such as 90s, 10m or 2h", readDuration)
    .option("--checkpoint <duration>", "time between two checkpoints of a simulation (default: 30s)", readDuration)
    .option("--engine <engine>", "auto, native, wasm or reference (default: auto, the fastest that works)", readEngine)
    .option("--arithmetic <arithmetic>", "auto, fused or plain multiply-add (default: auto)", readArithmetic)
    .option("--json", "print one JSON document on standard output")
    .option("--events", "print one JSON event a line on standard output; the last is the document")
    .option("--quiet", "say nothing on standard error");
  return addExecutorOptions(own);
}

async function sweep(
  first: string | undefined,
  rest: readonly string[],
  flags: NewSweepFlags,
  command: Command,
): Promise<void> {
  const executor = executorOf(flags);
  const file = flags.config === undefined ? null : readSweepFile(flags.config, readConfig(flags.config));
  // Where the file names the scenario, the first word may be a parameter.
  const isWord = first?.includes("=") === true && file?.scenario !== undefined && file?.scenario !== null;
  const name = isWord ? undefined : first;
  const words = isWord && first !== undefined ? [first, ...rest] : rest;
  const scenario = name ?? file?.scenario ?? null;
  if (scenario === null) return command.error("error: missing required argument 'scenario'");
  if (file === null && isAssignment(scenario)) {
    const expected = "a scenario's name or file before its parameters";
    throw invalidValue("scenario", expected, scenario, "meanfield list shows the names");
  }
  const loaded = await loadScenario(readScenario(scenario));
  const request = {
    parameters: { ...file?.request.parameters, ...readAssignments(words) },
    zip: [...(file?.request.zip ?? []), ...(flags.zip ?? [])],
    out: flags.out,
    short: flags.short === true || file?.request.short === true,
    ...(flags.engine === undefined ? {} : { engine: flags.engine }),
    ...(flags.arithmetic === undefined ? {} : { arithmetic: flags.arithmetic }),
  };
  const prepared = (file?.located ?? ((work: () => PreparedSweep) => work()))(() => prepareSweep(loaded, request));
  const options: SweepOptions = {
    ...executor,
    ...(flags.retry === undefined ? {} : { retries: flags.retry }),
    ...(flags.shard === undefined ? {} : { shard: flags.shard }),
  };
  if (flags.dryRun === true) {
    const terminal = createTerminal(flags.quiet);
    const document = planSweepText(terminal, prepared);
    const slurm = options.executor === "slurm" ? await planSlurm(prepared, options) : undefined;
    if (slurm !== undefined) tellSlurmPlan(terminal, slurm);
    const whole = slurm === undefined ? document : { ...document, slurm };
    if (flags.json === true || flags.events === true) writeDocument(whole);
    return;
  }
  await workOnSweep(prepared, flags, options);
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_]\w*=/.test(word);
}

function readConfig(path: string): string {
  const text = readText(path);
  if (text === null) throw invalidValue("config", "a file that is there", path);
  return text;
}

/** Runs a sweep for a command: progress while it goes on, its table at the end, exit code and document. */
export async function workOnSweep(sweep: PreparedSweep, flags: SweepFlags, options: SweepOptions): Promise<void> {
  const terminal = createTerminal(flags.quiet);
  const showProgress = createSweepProgress(terminal);
  const signals = watchSignals(terminal);
  try {
    const outcome = await runSweep(sweep, {
      ...options,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
      ...(flags.checkpoint === undefined ? {} : { checkpointMs: flags.checkpoint }),
      failFast: flags.failFast === true,
      signal: signals.signal,
      onEvent(event) {
        if (flags.events === true) writeDocument(event);
        showProgress(event);
      },
    });
    const stored = readSweep(outcome.dir);
    tellSweep(terminal, stored, outcome.status, options.executor);
    const document = sweepDocument(stored, outcome.status);
    if (flags.events === true) writeDocument({ event: "result", ...document });
    else if (flags.json === true) writeDocument(document);
    process.exitCode =
      outcome.status === "cancelled"
        ? (signals.exitCode() ?? exitCodes.interrupted)
        : outcome.status === "incomplete"
          ? exitCodes.failed
          : exitCodeOfSweep(stored.points);
  } finally {
    signals.close();
  }
}

function collectZip(text: string, before: readonly (readonly string[])[] = []): readonly (readonly string[])[] {
  return [...before, text.split(",").map((name) => name.trim())];
}

/** `--shard 2/4`: the second of four parts; in the library parts are counted from 0. */
function readShard(text: string): { readonly index: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (index >= 1 && index <= count && count <= 100_000) return { index: index - 1, count };
  throw invalidValue("shard", "a part of a whole, such as 2/4", text);
}
