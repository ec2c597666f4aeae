import type { Command } from "commander";
import { formatNumber } from "../report/index.ts";
import { describeScenario, loadScenario, type ParameterEntry, valueText } from "../scenario/index.ts";
import { writeDocument } from "./documents.ts";
import { readScenario } from "./options.ts";
import { createTerminal, type Terminal, wrap } from "./terminal.ts";

/** `meanfield describe`: a scenario's parameters and sources. */
export function addDescribeCommand(program: Command): void {
  program
    .command("describe")
    .description("show a scenario's parameters with their units, ranges and defaults")
    .argument("<scenario>", "name or file", readScenario)
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
    for (const { key, text } of entry.sources) terminal.line(wrap(text, terminal.width, "", `[${key}] `));
  }
}

const header = ["parameter", "type", "range", "unit", "default"];
/** Columns that the meaning needs beside the others; with fewer, each parameter gets lines of its own. */
const leastMeaning = 28;

/** One row a parameter where the window is wide enough, one block a parameter elsewhere. */
function tellParameters(terminal: Terminal, parameters: readonly ParameterEntry[]): void {
  if (parameters.length === 0) {
    terminal.line("No parameters.");
    return;
  }
  const rows = parameters.map((each) => [each.name, each.type, rangeText(each), each.unit ?? "", valueShown(each)]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const label = (cells: readonly string[]) => cells.map((cell, column) => `${cell.padEnd(widths[column])}  `).join("");
  if (label(header).length + leastMeaning > terminal.width) {
    for (const [index, each] of parameters.entries()) tellBlock(terminal, each, rows[index]);
    return;
  }
  terminal.line(terminal.style("bold", `${label(header)}meaning`));
  for (const [index, each] of parameters.entries())
    terminal.line(wrap(meaning(each), terminal.width, "", label(rows[index])));
}

function tellBlock(
  terminal: Terminal,
  parameter: ParameterEntry,
  [name, type, range, unit, standard]: readonly string[],
): void {
  const shown = [type, range, unit === "" ? "" : `(${unit})`].filter((part) => part !== "").join(" ");
  terminal.line(terminal.style("bold", name));
  terminal.line(wrap(`${shown}; default ${standard}`, terminal.width, "  "));
  terminal.line(wrap(meaning(parameter), terminal.width, "  "));
}

/** The line of help; what would make the other columns too wide stands behind it: a choice's words, a default's rule. */
function meaning({ help, choices, defaultText, default: value }: ParameterEntry): string {
  const words = choices === null ? "" : `: ${choices.join(", ")}`;
  const rule = defaultText === valueText(value) ? "" : ` (default: ${defaultText})`;
  return `${help}${words}${rule}`;
}

function valueShown({ default: value }: ParameterEntry): string {
  return typeof value === "number" ? formatNumber(value, 6) : valueText(value);
}

function rangeText({ choices, min, max, exclusiveMin, exclusiveMax, nullable }: ParameterEntry): string {
  const none = nullable ? " or none" : "";
  if (choices !== null) return `one of ${choices.length}${none}`;
  if (min === null && max === null) return none.trim();
  if (max === null) return `${exclusiveMin ? ">" : ">="} ${formatNumber(min)}${none}`;
  if (min === null) return `${exclusiveMax ? "<" : "<="} ${formatNumber(max)}${none}`;
  return `${exclusiveMin ? "(" : "["}${formatNumber(min)}, ${formatNumber(max)}${exclusiveMax ? ")" : "]"}${none}`;
}
