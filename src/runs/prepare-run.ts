import { randomInt } from "node:crypto";
import { join } from "node:path";
import type { RootSeed } from "../numerics/random/key.ts";
import {
  bundleFile,
  type LoadedScenario,
  type Member,
  membersOf,
  parameterEntries,
  type ResolvedParameters,
  readSeed,
  resolveParameters,
} from "../scenario/index.ts";
import { type RunConfig, schemaVersion } from "./files.ts";
import { checkOut } from "./make-folder.ts";
import { runId } from "./run-id.ts";

/** What decides which run is meant. */
export interface RunRequest {
  /** Typed values, or texts as typed on a command line. `seed` among them is the root seed. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** @default drawn, and recorded in config.json */
  readonly seed?: RootSeed;
  /** The scenario's short form. @default false */
  readonly short?: boolean;
  /** Folder of all runs. @default "runs" */
  readonly out?: string;
}

/** A run that is decided in every part; nothing is on disk yet. */
export interface PreparedRun {
  readonly loaded: LoadedScenario;
  readonly config: RunConfig;
  readonly parameters: ResolvedParameters;
  readonly members: readonly Member[];
  /** The run folder: `out`/scenario/id. */
  readonly dir: string;
}

/** Resolves parameters, seed and members of a run. Throws `unknown-parameter` or `invalid-value`; creates nothing. */
export function prepareRun(loaded: LoadedScenario, request: RunRequest = {}): PreparedRun {
  const { scenario, codeHash, bundle } = loaded;
  const { seed: seedAmongParameters, ...overrides } = request.parameters ?? {};
  const givenSeed = request.seed ?? seedAmongParameters;
  const seed = givenSeed === undefined ? randomInt(2 ** 32) : readSeed(givenSeed);
  const short = request.short === true;
  // The builders give only what JSON holds: numbers, texts, booleans, null and lists of numbers.
  const parameters = resolveParameters(scenario, overrides, { short }) as ResolvedParameters;
  const members = membersOf(scenario, parameters as Readonly<Record<string, never>>);
  const { name, version, title, headline, sources } = scenario;
  const id = runId({ scenario: name, scenarioVersion: version, codeHash, parameters, seed, schemaVersion });
  const config: RunConfig = {
    schemaVersion,
    scenario: name,
    scenarioVersion: version,
    title,
    headline,
    codeHash,
    parameters,
    parameterEntries: parameterEntries(scenario, parameters),
    seed,
    short,
    id,
    bundle: bundle === null ? null : bundleFile,
    sources,
  };
  const out = request.out ?? "runs";
  const dir = join(out, name, id);
  checkOut(out, dir);
  return { loaded, config, parameters, members, dir };
}
