import type { Command } from "commander";
import type { EnginePreference } from "../engines/index.ts";
import { repeatRun } from "../runs/index.ts";
import { writeDocument } from "./documents.ts";
import { exitCodes } from "./exit-codes.ts";
import { readEngine, readFolder, readThreads } from "./options.ts";
import { createProgress } from "./progress.ts";
import { watchSignals } from "./signals.ts";
import { createTerminal, wrap } from "./terminal.ts";

/** `meanfield repeat`: runs a stored run again and compares every byte. */
export function addRepeatCommand(program: Command): void {
  program
    .command("repeat")
    .description("run a stored run again elsewhere and compare its files byte by byte")
    .argument("<run>", "run folder, runs/<scenario>/<run-id>", readFolder)
    .option("--threads <n>", "threads to use (default: all cores)", readThreads)
    .option("--engine <engine>", "auto, or one whose bits must be the same (default: auto)", readEngine)
    .option("--json", "print one JSON document on standard output")
    .option("--quiet", "say nothing on standard error")
    .action(repeat);
}

interface RepeatFlags {
  readonly threads?: number;
  readonly engine?: EnginePreference["engine"];
  readonly json?: true;
  readonly quiet?: true;
}

async function repeat(dir: string, { threads, engine, json, quiet }: RepeatFlags): Promise<void> {
  const terminal = createTerminal(quiet);
  const signals = watchSignals(terminal);
  try {
    const outcome = await repeatRun(dir, {
      signal: signals.signal,
      onEvent: createProgress(terminal),
      ...(threads === undefined ? {} : { threads }),
      ...(engine === undefined ? {} : { engine }),
    });
    if (outcome.status === "cancelled") {
      terminal.line("Stopped; nothing was compared.");
      process.exitCode = signals.exitCode() ?? exitCodes.interrupted;
    } else {
      process.exitCode = outcome.same ? exitCodes.ok : exitCodes.failed;
      if (outcome.same) terminal.line(`Same bits: ${dir}`);
      for (const { file, line, expected, got } of outcome.differences) {
        terminal.line(`${file}:${line} differs`);
        terminal.line(wrap(`stored   ${shorten(expected)}`, terminal.width, "  "));
        terminal.line(wrap(`repeated ${shorten(got)}`, terminal.width, "  "));
      }
      if (outcome.isCodeChanged) {
        terminal.line(wrap("The code is not the one that made the stored run.", terminal.width));
      }
    }
    if (json === true) {
      const { status, differences, ...rest } = outcome;
      const error = { code: "run-mismatch", message: "the repeated run did not give the same bits" };
      const failed = status !== "cancelled" && !outcome.same;
      writeDocument({ status: failed ? "failed" : status, ...rest, differences, ...(failed ? { error } : {}) });
    }
  } finally {
    signals.close();
  }
}

function shorten(line: string | null): string {
  if (line === null) return "(no such line)";
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
