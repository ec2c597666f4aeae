import { existsSync } from "node:fs";
import { arch, availableParallelism, cpus, platform } from "node:os";
import {
  automaticChoices,
  availableMemory,
  bytesText,
  type EngineOffers,
  type EngineState,
  engineText,
  kernelSources,
  surveyEngines,
  vectorInstructions,
} from "../engines/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

/** What the machine offers, as `meanfield doctor --json` prints it. */
export interface Diagnosis {
  /** Versions of the toolkit and of Node.js. */
  readonly meanfield: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  /** Vector instructions of the processor, the widest first; null where the system does not tell. */
  readonly instructions: readonly string[] | null;
  readonly cores: number;
  /** Threads that a run takes unless told otherwise. */
  readonly threads: number;
  /** Bytes that a process can have at most. */
  readonly memory: number;
  readonly engines: readonly EngineState[];
  /** What `auto` takes. */
  readonly automatic: ReturnType<typeof automaticChoices>;
  /** The variables that decide where options leave engine and arithmetic open; null where they are not set. */
  readonly environment: Readonly<Record<"MEANFIELD_ENGINE" | "MEANFIELD_ARITHMETIC", string | null>>;
  /** Where the native engine's addon is looked for, and what builds it. */
  readonly addon: { readonly file: string; readonly exists: boolean; readonly build: string };
}

const buildCommand = "npm run build:native";

/** Looks at this machine and installation; changes nothing. */
export function diagnose(version: string, offers?: EngineOffers): Diagnosis {
  const file = kernelSources().addonFile;
  const { MEANFIELD_ENGINE, MEANFIELD_ARITHMETIC } = process.env;
  return {
    meanfield: version,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    instructions: vectorInstructions(),
    cores: cpus().length,
    threads: availableParallelism(),
    memory: availableMemory(),
    engines: surveyEngines(offers),
    automatic: automaticChoices(offers),
    environment: {
      MEANFIELD_ENGINE: MEANFIELD_ENGINE ?? null,
      MEANFIELD_ARITHMETIC: MEANFIELD_ARITHMETIC ?? null,
    },
    addon: { file, exists: existsSync(file), build: buildCommand },
  };
}

/** Tells a diagnosis to people. */
export function tellDiagnosis(terminal: Terminal, diagnosis: Diagnosis): void {
  const { meanfield, node, platform, processor, instructions, cores, threads, memory, addon } = diagnosis;
  const tell = (label: string, text: string) => terminal.line(wrap(text, terminal.width, "", label.padEnd(12)));
  tell("meanfield", `${meanfield}, Node.js ${node}, ${platform}`);
  tell("processor", `${processor}, ${cores} ${cores === 1 ? "core" : "cores"}`);
  tell("vectors", instructions?.join(", ") ?? "not known on this system");
  tell("threads", `${threads} unless --threads says otherwise`);
  tell("memory", bytesText(memory));
  terminal.line();
  for (const { name, arithmetic, available, instructions: used, precisions, reason } of diagnosis.engines) {
    const label = `${name.padEnd(12)}${arithmetic.padEnd(7)}${available ? "works" : "no"}`.padEnd(26);
    terminal.line(wrap(available ? `${used}; ${precisions.join(", ")}` : (reason ?? ""), terminal.width, "", label));
  }
  terminal.line();
  for (const { precision, choice, error } of diagnosis.automatic) {
    tell("auto", `${precision}: ${choice === null ? error : engineText(choice)}`);
  }
  for (const [name, value] of Object.entries(diagnosis.environment)) {
    if (value !== null) tell("set", `${name}=${value}, which holds where options leave it open`);
  }
  tell("addon", `${addon.file} (${addon.exists ? "built" : "not there"})`);
  tell("", `built by ${addon.build}; in a package that depends on meanfield by npm rebuild meanfield`);
}
