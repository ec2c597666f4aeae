import { Command } from "commander";
import { addRunCommand } from "./run.ts";

/** The command line: one file of this room a command. */
export function createProgram(version: string): Command {
  const program = new Command("meanfield")
    .description(
      "Simulates 2- and 3-layer neural networks as interacting particles, beside their infinitely wide limits.",
    )
    .version(version, "--version", "print the version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: () => {} });
  addRunCommand(program);
  // Subcommands copy these settings only when they are made through the parent; exitOverride and output are inherited then.
  return program;
}
