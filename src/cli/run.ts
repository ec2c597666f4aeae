import type { Command } from "commander";
import { type EnginePreference, engineText } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";
import { writeReport } from "../report/index.ts";
import { failureOf, type PreparedRun, prepareRun, type RunEvent, type RunOutcome, runPrepared } from "../runs/index.ts";
import { type LoadedScenario, loadScenario } from "../scenario/index.ts";
import { readAssignments } from "./assignments.ts";
import { runDocument, writeDocument } from "./documents.ts";
import { dryRun } from "./dry-run.ts";
import { exitCodeOfRun, exitCodes } from "./exit-codes.ts";
import { readArithmetic, readEngine, readFolder, readScenario, readSeedOption, readThreads } from "./options.ts";
import { createProgress } from "./progress.ts";
import { tellRun } from "./run-text.ts";
import { watchSignals } from "./signals.ts";
import { createTerminal, type Terminal, wrap } from "./terminal.ts";

interface RunFlags {
  readonly seed?: string;
  readonly threads?: number;
  readonly engine?: EnginePreference["engine"];
  readonly arithmetic?: EnginePreference["arithmetic"];
  readonly out: string;
  readonly short?: true;
  readonly force?: true;
  readonly report: boolean;
  readonly dryRun?: true;
  readonly json?: true;
  readonly events?: true;
  readonly quiet?: true;
}

/** `meanfield run`: one scenario at one parameter point. */
export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("run a scenario: a built-in one by its name, or a file")
    .argument("<scenario>", "name (see `meanfield list`) or file, such as ./mine.ts", readScenario)
    .argument("[key=value...]", "parameters, such as dimension=16 seed=3")
    .option("--seed <seed>", "root seed, an integer or a text (default: drawn and recorded)", readSeedOption)
    .option("--threads <n>", "threads to use (default: all cores)", readThreads)
    .option("--engine <engine>", "auto, native, wasm or reference (default: auto, the fastest that works)", readEngine)
    .option("--arithmetic <arithmetic>", "auto, fused or plain multiply-add (default: auto)", readArithmetic)
    .option("--out <folder>", "folder of all runs", readFolder, "runs")
    .option("--short", "the scenario's short form, which takes seconds")
    .option("--force", "run again what has ended already")
    .option("--no-report", "write no report; meanfield report does it later")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--json", "print one JSON document on standard output")
    .option("--events", "print one JSON event a line on standard output; the last is the document")
    .option("--quiet", "say nothing on standard error")
    .action(run);
}

async function run(name: string, words: readonly string[], flags: RunFlags): Promise<void> {
  const terminal = createTerminal(flags.quiet);
  const loaded = await loadScenario(name);
  const { seed: seedWord, ...parameters } = readAssignments(words);
  refuseSeveral(loaded, { ...parameters, ...(seedWord === undefined ? {} : { seed: seedWord }) });
  if (flags.seed !== undefined && seedWord !== undefined)
    throw invalidValue("seed", "one seed", `${seedWord} and ${flags.seed}`);
  const seed = flags.seed ?? seedWord;
  const prepared = prepareRun(loaded, {
    parameters,
    out: flags.out,
    short: flags.short === true,
    ...(seed === undefined ? {} : { seed }),
    ...(flags.engine === undefined ? {} : { engine: flags.engine }),
    ...(flags.arithmetic === undefined ? {} : { arithmetic: flags.arithmetic }),
  });
  if (flags.dryRun === true) {
    const document = dryRun(terminal, prepared);
    if (flags.json === true || flags.events === true) writeDocument(document);
    return;
  }
  const showProgress = createProgress(terminal);
  const signals = watchSignals(terminal);
  let outcome: RunOutcome;
  try {
    outcome = await runPrepared(prepared, {
      force: flags.force === true,
      signal: signals.signal,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
      onEvent: (event: RunEvent) => {
        if (flags.events === true) writeDocument(event);
        showProgress(event);
      },
    });
  } finally {
    signals.close();
  }
  const stopped = signals.exitCode();
  if (outcome.status === "cancelled") {
    terminal.line(`Stopped. The same command goes on from ${outcome.dir}`);
  } else {
    if (outcome.isStored) terminal.line("This run has ended before; its stored result follows. --force runs it again.");
    tellEngines(terminal, outcome, prepared);
    // A failure is told also where everything else is quiet.
    tellRun(outcome.error === null ? terminal : createTerminal(), outcome, loaded.scenario.headline);
    if (flags.report) await report(terminal, outcome.dir);
  }
  const document = runDocument(outcome);
  if (flags.events === true) writeDocument({ event: "result", ...document });
  else if (flags.json === true) writeDocument(document);
  process.exitCode = outcome.status === "cancelled" ? (stopped ?? exitCodes.interrupted) : exitCodeOfRun(outcome);
}

/** A range or a list of values is what `sweep` takes; of a seed, which may be any text, it would go unseen. */
function refuseSeveral({ scenario }: LoadedScenario, given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    const type = name === "seed" ? "integer" : scenario.parameters[name]?.type;
    if (type !== "integer" && type !== "number") continue;
    if (!/^[-+.\d]+(?:\.\.|,)[-+.,\dex]+$/i.test(value)) continue;
    throw invalidValue(name, "one value", value, "meanfield sweep takes several");
  }
}

/**
 * Where the bits are not those that the command's engine would give, it must not go unsaid: a stored result may be another engine's, and a
 * simulation may be one that only another engine knows.
 */
function tellEngines(terminal: Terminal, { engines, isStored }: RunOutcome, { engine }: PreparedRun): void {
  if (engines.every(({ numerics }) => numerics === engine.numerics)) return;
  const used = `Steps were taken on ${engines.map(engineText).join("; ")}`;
  const now = isStored ? `; this command would take ${engineText(engine)} where it can` : "";
  terminal.line(wrap(`${used}${now}.`, terminal.width));
}

async function report(terminal: Terminal, dir: string): Promise<void> {
  try {
    const { html } = await writeReport(dir);
    terminal.line(`Report: ${html}`);
  } catch (error) {
    // The result stands without its drawing.
    terminal.line(`The report could not be written: ${failureOf(error).message}`);
  }
}
