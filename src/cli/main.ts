import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { failureOf } from "../runs/index.ts";
import { installationRoot } from "../threads/index.ts";
import { errorDocument, writeDocument } from "./documents.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

process.setSourceMapsEnabled(true);
// A reader that has seen enough, such as `head`, closes the pipe: that is no reason to lose a run.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

const { argv } = process;
const wantsDocument = argv.includes("--json") || argv.includes("--events");
const terminal = createTerminal();
const { version }: { readonly version: string } = JSON.parse(
  readFileSync(join(installationRoot(), "package.json"), "utf8"),
);

try {
  await createProgram(version).parseAsync(argv);
} catch (error) {
  process.exitCode = error instanceof CommanderError ? tellUsage(error) : tellFailure(error);
}

function tellUsage(error: CommanderError): number {
  if (error.exitCode === 0) return exitCodes.ok;
  const isHelp = error.code === "commander.help";
  const message = isHelp ? "a command is missing; meanfield --help shows them" : error.message.replace(/^error: /, "");
  if (wantsDocument) writeDocument(errorDocument("invalid", "usage", message, {}));
  terminal.line(`${terminal.style("red", "error:")} ${message}`);
  return exitCodes.usage;
}

function tellFailure(error: unknown): number {
  const { code, message, details, stack } = failureOf(error);
  const exitCode = exitCodeOf(code);
  const status = exitCode === exitCodes.usage || exitCode === exitCodes.invalid ? "invalid" : "failed";
  if (wantsDocument) writeDocument(errorDocument(status, code, message, details));
  terminal.line(`${terminal.style("red", "error:")} ${message}`);
  if (stack !== null) terminal.line(stack);
  return exitCode;
}
