import { InvalidArgumentError } from "commander";
import { arithmetics, type EnginePreference, engineNames } from "../engines/index.ts";

/** A count of threads from the command line. */
export function readThreads(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= 1024) return threads;
  throw new InvalidArgumentError("Expected an integer in [1, 1024].");
}

/** A seed from the command line; `--seed --json` has forgotten its value. */
export function readSeedOption(text: string): string {
  if (text !== "" && (!text.startsWith("-") || /^-\d+$/.test(text))) return text;
  throw new InvalidArgumentError("Expected an integer or a text; write a text that starts with - as seed=TEXT.");
}

/** A folder from the command line. */
export function readFolder(text: string): string {
  if (text.trim() !== "" && !text.startsWith("-")) return text;
  throw new InvalidArgumentError("Expected a folder; write one that starts with - as ./-NAME.");
}

/** A scenario's name or file from the command line. */
export function readScenario(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Expected a name or a file; meanfield list shows the names.");
}

/** An engine from the command line. */
export function readEngine(text: string): EnginePreference["engine"] {
  return oneOf(["auto", ...engineNames], text);
}

/** An arithmetic from the command line. */
export function readArithmetic(text: string): EnginePreference["arithmetic"] {
  return oneOf(["auto", ...arithmetics], text);
}

/** A count of tries from the command line. */
export function readCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected an integer in [0, 9999].");
}

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration from the command line in milliseconds: 500ms, 90s, 10m, 2h; a bare number is seconds. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const ms = Number(match?.[1]) * unitMs[(match?.[2] ?? "s") as keyof typeof unitMs];
  // setTimeout takes no more.
  if (ms > 0 && ms < 2 ** 31) return ms;
  throw new InvalidArgumentError("Expected a duration such as 90s, 10m or 2h, at most 24 days.");
}

/** Names of columns from a command line, with commas between them. */
export function readColumns(text: string): readonly string[] {
  const columns = text.split(",").map((column) => column.trim());
  if (columns.every((column) => column !== "" && !column.startsWith("-"))) return columns;
  throw new InvalidArgumentError("Expected columns with commas between them.");
}

/** The coverage of an interval from the command line. */
export function readLevel(text: string): number {
  const level = Number(text);
  if (text.trim() !== "" && level > 0 && level < 1) return level;
  throw new InvalidArgumentError("Expected a number in (0, 1), such as 0.95.");
}

function oneOf<const Choice extends string>(choices: readonly Choice[], text: string): Choice {
  const choice = choices.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new InvalidArgumentError(`Expected one of ${choices.join(", ")}.`);
}
