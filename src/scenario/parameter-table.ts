import type { Json, Scenario, Source } from "./definition.ts";
import type { Parameter, ParameterSet } from "./parameter.ts";
import { type ResolvedParameters, resolveParameters } from "./resolve.ts";

/** A parameter as data: as `meanfield list --json` shows it, and as a run's config.json keeps it. */
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
  /** The value when nothing is given; a default that depends on other parameters is that at their values. */
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
  return {
    name,
    version,
    title,
    sources,
    headline,
    parameters: parameterEntries(scenario, resolveParameters(scenario) as ResolvedParameters),
    short: scenario.short as Readonly<Record<string, Json>>,
  };
}

/** The scenario's parameters in the order of their declaration, with the defaults that they have where the others are `values`. */
export function parameterEntries(scenario: Pick<Scenario, "parameters">, values: ResolvedParameters): ParameterEntry[] {
  const earlier: Record<string, Json> = {};
  return Object.entries(scenario.parameters as ParameterSet).map(([name, parameter]) => {
    const { type, unit, min, max, exclusiveMin, exclusiveMax, choices, nullable, defaultText, help } = parameter;
    const standard =
      typeof parameter.default === "function"
        ? parameter.check(name, parameter.default(Object.freeze({ ...earlier }) as Readonly<Record<string, never>>))
        : parameter.check(name, parameter.default);
    earlier[name] = values[name];
    return {
      name,
      type,
      unit,
      min,
      max,
      exclusiveMin,
      exclusiveMax,
      choices,
      nullable,
      default: standard as Json,
      defaultText,
      help,
    };
  });
}
