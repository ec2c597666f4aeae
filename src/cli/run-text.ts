import { formatInterval, formatNumber } from "../report/index.ts";
import type { RunOutcome } from "../runs/index.ts";
import type { Json, JsonObject } from "../scenario/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

const verdictStyle = { holds: "green", fails: "red", inconclusive: "yellow" } as const;

/** Tells how a run ended: its summary with the headline first, and its claims with their verdicts. */
export function tellRun(terminal: Terminal, outcome: RunOutcome, headline: string): void {
  if (outcome.error !== null && outcome.status !== "cancelled") {
    const where = outcome.error.member === null ? "" : ` in ${outcome.error.member}`;
    const title = `${outcome.status}${where} (${outcome.error.code})`;
    terminal.line(terminal.style("red", title));
    terminal.line(wrap(outcome.error.message, terminal.width, "  "));
    if (outcome.stack !== null) for (const line of scenarioFrames(outcome.stack)) terminal.line(`  ${line}`);
    terminal.line();
  }
  const rows = summaryRows(outcome.summary, headline);
  const nameWidth = Math.min(Math.max(0, ...rows.map(([name]) => name.length)), Math.floor(terminal.width / 2));
  for (const [index, [name, value]] of rows.entries()) {
    const text = `${name.padEnd(nameWidth)}  ${value}`;
    terminal.line(index === 0 && name === headline ? terminal.style("bold", text) : text);
  }
  if (rows.length > 0) terminal.line();
  for (const claim of outcome.claims) {
    const { verdict, id, statement, source, measured, low, high, expected, tolerance } = claim;
    terminal.line(`${terminal.style(verdictStyle[verdict], verdict.padEnd("inconclusive".length))}  ${id}`);
    const wanted = typeof expected === "number" ? formatNumber(expected) : (expected ?? "–");
    const margin =
      typeof tolerance === "number" ? ` ± ${formatNumber(tolerance)}` : tolerance === null ? "" : ` (${tolerance})`;
    const value = measured === null ? "not measured" : formatInterval(measured, low, high);
    terminal.line(wrap(`${statement} [${source}]`, terminal.width, "    "));
    terminal.line(wrap(`measured ${value}, expected ${wanted}${margin}`, terminal.width, "    "));
  }
  if (outcome.claims.length > 0) terminal.line();
}

/** The numbers and texts of a summary by their dotted path, the headline first; lists are left to the report. */
export function summaryRows(summary: JsonObject, headline: string): readonly (readonly [string, string])[] {
  const rows: [string, string][] = [];
  const visit = (value: Json, path: string): void => {
    if (value === null || typeof value === "number") rows.push([path, formatNumber(value)]);
    else if (typeof value === "string" || typeof value === "boolean") rows.push([path, String(value)]);
    else if (!Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(summary, "");
  return [...rows.filter(([path]) => path === headline), ...rows.filter(([path]) => path !== headline)];
}

/** The places of a stack trace, without those inside Node. */
function scenarioFrames(stack: string): readonly string[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") && !line.includes("node:"))
    .slice(0, 3);
}
