import { optionsFor, type RunConfig, type RunProvenance } from "../runs/index.ts";
import type { Json } from "../scenario/index.ts";

/** Stands for the path of a user's scenario file, which a run folder does not know. */
export const scenarioPlaceholder = "SCENARIO.ts";

/**
 * The command that runs the same scenario at the same parameters and seed, and with the same numerics where an engine took steps, quoted for a
 * shell.
 */
export function runCommand(config: RunConfig, provenance: RunProvenance | null): string {
  const scenario = config.bundle === null ? config.scenario : scenarioPlaceholder;
  const parameters = Object.entries(config.parameters).map(([name, value]) => `${name}=${commandValue(value)}`);
  const words = [
    "meanfield",
    "run",
    scenario,
    ...(config.short ? ["--short"] : []),
    ...parameters,
    `seed=${config.seed}`,
    ...(provenance === null || provenance.used.length === 0 ? [] : optionsFor(provenance.engine.numerics).split(" ")),
  ];
  return words.map(shellWord).join(" ");
}

/** The command that repeats the run in its default folder and compares the bits. */
export function repeatCommand(config: RunConfig): string {
  return ["meanfield", "repeat", `runs/${config.scenario}/${config.id}`].map(shellWord).join(" ");
}

/** A parameter as the command line takes it: lists with commas, null as `none`. */
export function commandValue(value: Json): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.map(commandValue).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function shellWord(word: string): string {
  return /^[\w.,:/=+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
