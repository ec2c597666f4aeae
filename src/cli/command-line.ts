import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { failureOf } from "../runs/index.ts";
import { installationRoot } from "../threads/index.ts";
import { errorDocument, writeDocument } from "./documents.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

/**
 * Runs one command line (without node and script) and sets `process.exitCode`. Never rejects: what goes wrong is told on standard error and,
 * where a document was asked for, as that document.
 */
export async function runCommandLine(words: readonly string[]): Promise<void> {
  const wantsDocument = words.includes("--json") || words.includes("--events");
  process.exitCode = exitCodes.ok;
  const program = createProgram(installedVersion());
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    process.exitCode =
      error instanceof CommanderError
        ? tellUsage(error, wantsDocument, program.helpInformation())
        : tellFailure(error, wantsDocument);
  }
}

function tellUsage(error: CommanderError, wantsDocument: boolean, help: string): number {
  // Help and version end this way as well.
  if (error.exitCode === 0) return exitCodes.ok;
  const isMissing = error.code === "commander.help";
  if (isMissing) createTerminal().line(help);
  const text = isMissing
    ? "a command is missing; meanfield run bottleneck-limit is a first one to try"
    : error.message.replace(/^error: /, "");
  const [message, hint] = text.split("\n");
  const suggestion = hint?.replace(/^\((.*)\)$/, "$1") ?? parameterHint(error);
  if (wantsDocument) {
    writeDocument(errorDocument("invalid", "usage", message, suggestion === undefined ? {} : { suggestion }));
  }
  tell(suggestion === undefined ? message : `${message}; ${suggestion}`);
  return exitCodes.usage;
}

/** `--dimension=16` and `--dimension 16` are how other programs take parameters. */
function parameterHint({ code, message }: CommanderError): string | undefined {
  const name = code === "commander.unknownOption" ? /'--([a-z][A-Za-z0-9]*)/.exec(message)?.[1] : undefined;
  return name === undefined ? undefined : `a parameter is written as ${name}=value, without --`;
}

function tellFailure(error: unknown, wantsDocument: boolean): number {
  const { code, message, details, stack } = failureOf(error);
  const exitCode = exitCodeOf(code);
  const status = exitCode === exitCodes.usage || exitCode === exitCodes.invalid ? "invalid" : "failed";
  if (wantsDocument) writeDocument(errorDocument(status, code, message, details));
  tell(message);
  // An error without a code of ours is a fault of this program: where it happened helps to mend it.
  if (stack !== null) createTerminal().line(stack);
  return exitCode;
}

function tell(message: string): void {
  const terminal = createTerminal();
  terminal.line(`${terminal.style("red", "error:")} ${message}`);
}

function installedVersion(): string {
  const description: { readonly version: string } = JSON.parse(
    readFileSync(join(installationRoot(), "package.json"), "utf8"),
  );
  return description.version;
}
