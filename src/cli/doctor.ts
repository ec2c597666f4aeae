import type { Command } from "commander";
import { diagnose, tellDiagnosis } from "./diagnosis.ts";
import { writeDocument } from "./documents.ts";
import { createTerminal } from "./terminal.ts";

/** `meanfield doctor`: the machine, and which engines work on it. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("show which engines work on this machine, and why the others do not")
    .option("--json", "print one JSON document on standard output")
    .action(({ json }: { readonly json?: true }) => {
      const diagnosis = diagnose(program.version() ?? "unknown");
      if (json === true) writeDocument(diagnosis);
      else tellDiagnosis(createTerminal(), diagnosis);
    });
}
