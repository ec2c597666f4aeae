import type { Command } from "commander";
import { writeReport } from "../report/index.ts";
import { writeDocument } from "./documents.ts";
import { readFolder } from "./options.ts";
import { createTerminal } from "./terminal.ts";

/** `meanfield report`: draws a run's page again from its files. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write the report of a run folder: report.html and its figures")
    .argument("<run>", "run folder, runs/<scenario>/<run-id>", readFolder)
    .option("--json", "print one JSON document on standard output")
    .action(async (dir: string, { json }: { readonly json?: true }) => {
      const { html, svgs } = await writeReport(dir);
      createTerminal().line(html);
      if (json === true) writeDocument({ status: "completed", dir, html, svgs });
    });
}
