import type { Command } from "commander";
import { builtInNames, describeScenario, loadBuiltIn } from "../scenario/index.ts";
import { writeDocument } from "./documents.ts";
import { createTerminal, wrap } from "./terminal.ts";

/** `meanfield list`: the built-in scenarios. */
export function addListCommand(program: Command): void {
  program
    .command("list")
    .description("list the built-in scenarios")
    .option("--json", "print one JSON document on standard output")
    .action(list);
}

async function list({ json }: { readonly json?: true }): Promise<void> {
  const scenarios = await Promise.all(builtInNames().map(async (name) => describeScenario(await loadBuiltIn(name))));
  if (json === true) {
    writeDocument(scenarios);
    return;
  }
  const terminal = createTerminal();
  const nameWidth = Math.max(0, ...scenarios.map(({ name }) => name.length)) + 2;
  const isNarrow = terminal.width < nameWidth + 30;
  for (const { name, title } of scenarios) {
    if (isNarrow) {
      terminal.line(terminal.style("bold", name));
      terminal.line(wrap(title, terminal.width, "  "));
    } else {
      const text = wrap(title, terminal.width, " ".repeat(nameWidth)).slice(nameWidth);
      terminal.line(`${terminal.style("bold", name.padEnd(nameWidth))}${text}`);
    }
  }
  terminal.line();
  terminal.line(
    wrap("meanfield describe <scenario> shows parameters; meanfield run <scenario> runs it.", terminal.width),
  );
}
