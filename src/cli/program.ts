import { Command } from "commander";
import { addCleanCommand } from "./clean.ts";
import { addCompareCommand } from "./compare.ts";
import { addDescribeCommand } from "./describe.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addExportCommand } from "./export.ts";
import { addFitCommand } from "./fit.ts";
import { addListCommand } from "./list.ts";
import { addLsCommand } from "./ls.ts";
import { addPlotCommand } from "./plot.ts";
import { addQueryCommand } from "./query.ts";
import { addRepeatCommand } from "./repeat.ts";
import { addReportCommand } from "./report.ts";
import { addResumeCommand } from "./resume.ts";
import { addRunCommand } from "./run.ts";
import { addSweepCommand } from "./sweep.ts";
import { createTerminal } from "./terminal.ts";

/** The command line: one file of this room a command. */
export function createProgram(version: string): Command {
  const program = new Command("meanfield")
    .description(
      "Simulates 2- and 3-layer neural networks as interacting particles, beside their infinitely wide limits.",
    )
    .version(version, "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ minWidthToWrap: 16 })
    .configureOutput({
      getOutHelpWidth: () => createTerminal().width,
      writeOut: (text) => process.stderr.write(text),
      writeErr: () => {},
    });
  addListCommand(program);
  addDescribeCommand(program);
  addRunCommand(program);
  addSweepCommand(program);
  addResumeCommand(program);
  addLsCommand(program);
  addCompareCommand(program);
  addFitCommand(program);
  addPlotCommand(program);
  addExportCommand(program);
  addQueryCommand(program);
  addCleanCommand(program);
  addRepeatCommand(program);
  addReportCommand(program);
  addDoctorCommand(program);
  return program;
}
