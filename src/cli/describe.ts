import type { Command } from "commander";
import { formatTable } from "../report/index.ts";
import { describeScenario, loadScenario, type ParameterEntry, valueText } from "../scenario/index.ts";
import { writeDocument } from "./documents.ts";
import { createTerminal, type Terminal, wrap } from "./terminal.ts";

/** `meanfield describe`: a scenario's parameters and sources. */
export function addDescribeCommand(program: Command): void {
  program
    .command("describe")
    .description("show a scenario's parameters with their units, ranges and defaults")
    .argument("<scenario>", "name or file")
    .option("--json", "print one JSON document on standard output")
    .action(describe);
}

async function describe(name: string, { json }: { readonly json?: true }): Promise<void> {
  const entry = describeScenario((await loadScenario(name)).scenario);
  if (json === true) {
    writeDocument(entry);
    return;
  }
  const terminal = createTerminal();
  terminal.line(terminal.style("bold", entry.name));
  terminal.line(wrap(entry.title, terminal.width));
  terminal.line();
  tellParameters(terminal, entry.parameters);
  const short = Object.entries(entry.short).map(([key, value]) => `${key}=${valueText(value)}`);
  if (short.length > 0) {
    terminal.line();
    terminal.line(wrap(`--short: ${short.join(" ")}`, terminal.width));
  }
  if (entry.sources.length > 0) {
    terminal.line();
    for (const { key, text } of entry.sources) terminal.line(wrap(`[${key}] ${text}`, terminal.width));
  }
}

/** One row a parameter where the window is wide enough for the longest, one block a parameter elsewhere. */
function tellParameters(terminal: Terminal, parameters: readonly ParameterEntry[]): void {
  if (parameters.length === 0) {
    terminal.line("No parameters.");
    return;
  }
  const header = ["parameter", "type", "range", "unit", "default", "meaning"];
  const rows = parameters.map((each) => [
    each.name,
    each.type,
    rangeText(each),
    each.unit ?? "",
    defaultText(each),
    each.help,
  ]);
  const table = formatTable({ header, rows }).split("\n");
  if (Math.max(...table.map((line) => line.length)) <= terminal.width) {
    for (const line of table) terminal.line(line);
    return;
  }
  for (const each of parameters) {
    const unit = each.unit === null ? "" : `, in ${each.unit}`;
    const range = rangeText(each);
    terminal.line(terminal.style("bold", each.name));
    terminal.line(
      wrap(`${each.type}${range === "" ? "" : ` ${range}`}${unit}; default ${defaultText(each)}`, terminal.width, "  "),
    );
    terminal.line(wrap(each.help, terminal.width, "  "));
  }
}

function defaultText({ defaultText: words, default: value }: ParameterEntry): string {
  const shown = valueText(value);
  return words === shown ? shown : `${words} = ${shown}`;
}

function rangeText({ choices, min, max, exclusiveMin, exclusiveMax, nullable }: ParameterEntry): string {
  const none = nullable ? " or none" : "";
  if (choices !== null) return `${choices.join(", ")}${none}`;
  if (min === null && max === null) return nullable ? "or none" : "";
  if (max === null) return `${exclusiveMin ? ">" : ">="} ${min}${none}`;
  if (min === null) return `${exclusiveMax ? "<" : "<="} ${max}${none}`;
  return `${exclusiveMin ? "(" : "["}${min}, ${max}${exclusiveMax ? ")" : "]"}${none}`;
}
