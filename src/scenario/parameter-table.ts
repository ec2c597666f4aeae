import type { Json, Scenario, Source } from "./definition.ts";
import type { Parameter, ParameterSet } from "./parameter.ts";
import { resolveParameters } from "./resolve.ts";

/** A parameter as `meanfield list --json` shows it. `default` is the value that it has when nothing is given. */
export interface ParameterEntry {
  readonly name: string;
  readonly type: Parameter<unknown>["type"];
  readonly unit: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly exclusiveMin: boolean;
  readonly exclusiveMax: boolean;
  readonly choices: readonly string[] | null;
  readonly nullable: boolean;
  readonly default: Json;
  /** The default in words, such as `sqrt(dimension)`. */
  readonly defaultText: string;
  readonly help: string;
}

/** A scenario as `meanfield list --json` shows it. */
export interface ScenarioEntry {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly sources: readonly Source[];
  readonly headline: string;
  readonly parameters: readonly ParameterEntry[];
  /** The short form's overrides. */
  readonly short: { readonly [name: string]: Json };
}

/** Describes a scenario as plain data. */
export function describeScenario(scenario: Scenario): ScenarioEntry {
  const { name, version, title, sources, headline } = scenario;
  const defaults = resolveParameters(scenario) as Readonly<Record<string, Json>>;
  const parameters = Object.entries(scenario.parameters as ParameterSet).map(([key, parameter]) => ({
    name: key,
    type: parameter.type,
    unit: parameter.unit,
    min: parameter.min,
    max: parameter.max,
    exclusiveMin: parameter.exclusiveMin,
    exclusiveMax: parameter.exclusiveMax,
    choices: parameter.choices,
    nullable: parameter.nullable,
    default: defaults[key],
    defaultText: parameter.defaultText,
    help: parameter.help,
  }));
  return {
    name,
    version,
    title,
    sources,
    headline,
    parameters,
    short: scenario.short as Readonly<Record<string, Json>>,
  };
}
