import { randomInt } from "node:crypto";
import { join } from "node:path";
import {
  chooseEngine,
  type EnginePreference,
  type EngineUse,
  engineUse,
  resolvePreference,
  withEnginePreference,
} from "../engines/index.ts";
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
  /**
   * Engine of the run's simulations: `auto` follows MEANFIELD_ENGINE, else takes the fastest that works here. No part of the run's id. @default "auto"
   */
  readonly engine?: EnginePreference["engine"];
  /** Arithmetic of the run's simulations; `auto` follows MEANFIELD_ARITHMETIC, else comes with the engine. @default "auto" */
  readonly arithmetic?: EnginePreference["arithmetic"];
  /** Folder of all runs. @default "runs" */
  readonly out?: string;
}

/** Where a run stands that is one of many, and shares with them what they have in common. */
export interface RunPlace {
  /** The run folder's parent; the folder's name is the run's id. */
  readonly folder: string;
  /** Path from the run folder to the bundle of a user's scenario, which is there already; null for a built-in one. */
  readonly bundle: string | null;
}

/** A run that is decided in every part; nothing is on disk yet. */
export interface PreparedRun {
  readonly loaded: LoadedScenario;
  readonly config: RunConfig;
  readonly parameters: ResolvedParameters;
  readonly members: readonly Member[];
  /** What its simulations follow where their own options say `auto`. */
  readonly preference: EnginePreference;
  /** The engine to which that leads here. */
  readonly engine: EngineUse;
  /** The run folder: `out`/scenario/id. */
  readonly dir: string;
}

/**
 * Resolves parameters, seed, members and engine of a run, alone under `request.out` or in its place among many. Creates nothing. Throws `unknown-parameter`, `invalid-value`, `engine-unavailable`, and what
 * the scenario's own `validate` throws.
 */
export function prepareRun(
  loaded: LoadedScenario,
  request: RunRequest = {},
  place: RunPlace | null = null,
): PreparedRun {
  const { scenario, codeHash, bundle } = loaded;
  const { seed: seedAmongParameters, ...overrides } = request.parameters ?? {};
  const givenSeed = request.seed ?? seedAmongParameters;
  const seed = givenSeed === undefined ? randomInt(2 ** 32) : readSeed(givenSeed);
  const short = request.short === true;
  // The builders give only what JSON holds: numbers, texts, booleans, null and lists of numbers.
  const parameters = withEnginePreference(
    { engine: request.engine ?? "auto", arithmetic: request.arithmetic ?? "auto" },
    () => resolveParameters(scenario, overrides, { short }),
  ) as ResolvedParameters;
  // A parameter of this name is the precision of the run's simulations (`simulationParameters`).
  const precision = parameters.precision === "float32" ? "float32" : "float64";
  const engine = engineUse(chooseEngine({ ...request, precision }), precision);
  const { engine: preferredEngine, arithmetic } = resolvePreference(request);
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
    bundle: place === null ? (bundle === null ? null : bundleFile) : place.bundle,
    sources,
  };
  const out = request.out ?? "runs";
  const dir = place === null ? join(out, name, id) : join(place.folder, id);
  if (place === null) checkOut(out, dir);
  return { loaded, config, parameters, members, preference: { engine: preferredEngine, arithmetic }, engine, dir };
}
