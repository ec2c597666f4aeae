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

function oneOf<const Choice extends string>(choices: readonly Choice[], text: string): Choice {
  const choice = choices.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new InvalidArgumentError(`Expected one of ${choices.join(", ")}.`);
}
