import { expectedText, formatInterval, verdictSentence } from "../report/index.ts";
import type { RunOutcome } from "../runs/index.ts";
import { tellSummary } from "./summary-text.ts";
import { type Terminal, wrap } from "./terminal.ts";

const verdictStyle = { holds: "green", fails: "red", inconclusive: "yellow" } as const;
const verdictWidth = "inconclusive".length;

/** Tells how a run ended: its summary with the headline first, and its claims with their verdicts. */
export function tellRun(terminal: Terminal, outcome: RunOutcome, headline: string): void {
  if (outcome.error !== null && outcome.status !== "cancelled") {
    const where = outcome.error.member === null ? "" : ` in ${outcome.error.member}`;
    const code = outcome.error.code === outcome.status ? "" : ` (${outcome.error.code})`;
    const title = `${outcome.status}${where}${code}`;
    terminal.line(terminal.style("red", title));
    terminal.line(wrap(outcome.error.message, terminal.width, "  "));
    if (outcome.stack !== null) for (const line of scenarioFrames(outcome.stack)) terminal.line(`  ${line}`);
    terminal.line();
  }
  tellSummary(terminal, outcome.summary, headline);
  if (outcome.claims.length === 0) return;
  for (const claim of outcome.claims) tellClaim(terminal, claim);
  terminal.line(wrap(verdictSentence(outcome), terminal.width));
  terminal.line();
}

/** Verdict, name and numbers on one line where they fit; below what was claimed, for a claim that does not hold with its source. */
function tellClaim(terminal: Terminal, claim: RunOutcome["claims"][number]): void {
  const { verdict, id, statement, source, measured, low, high } = claim;
  const value = measured === null ? "not measured" : formatInterval(measured, low, high);
  const numbers = `${value}, expected ${expectedText(claim, "plain")}`;
  const isNarrow = terminal.width < 60;
  const label = isNarrow ? verdict : verdict.padEnd(verdictWidth);
  const text = wrap(isNarrow ? id : `${id}: ${numbers}`, terminal.width, "", `${label}  `).slice(label.length);
  terminal.line(`${terminal.style(verdictStyle[verdict], label)}${text}`);
  const indent = " ".repeat(isNarrow ? 2 : verdictWidth + 2);
  if (isNarrow) terminal.line(wrap(numbers, terminal.width, indent));
  const said = verdict === "holds" ? statement : `${statement} [${source}]`;
  for (const part of wrap(said, terminal.width, indent).split("\n")) terminal.line(terminal.style("dim", part));
}

/** The places of a stack trace, without those inside Node. */
function scenarioFrames(stack: string): readonly string[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") && !line.includes("node:"))
    .slice(0, 3);
}
