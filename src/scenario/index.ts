export { bundleScenario, type ScenarioBundle } from "./bundle.ts";
export type { Claim, Verdict } from "./claim.ts";
export { type ClaimOptions, claim, passOf } from "./claims.ts";
export { installationCodeHash } from "./code-hash.ts";
export { checkDefinition, defineScenario, membersOf } from "./define.ts";
export type {
  FinishedSimulation,
  Json,
  JsonObject,
  Member,
  MemberResult,
  MemberResults,
  RunContext,
  RunEstimate,
  Scenario,
  Source,
} from "./definition.ts";
export type { Axis, Figure, Series } from "./figure.ts";
export { sha256 } from "./hash.ts";
export { builtInNames, loadBuiltIn } from "./library.ts";
export {
  bundleFile,
  bundleFiles,
  importScenario,
  installationEntry,
  type LoadedScenario,
  loadBundle,
  loadScenario,
  readBundle,
  type ScenarioReference,
} from "./load.ts";
export { type Parameter, type ParameterSet, type ParameterValues, parameter, valueText } from "./parameter.ts";
export { describeScenario, type ParameterEntry, parameterEntries, type ScenarioEntry } from "./parameter-table.ts";
export { lawNames, type ProblemValues, problemOf, problemParameters, targetNames } from "./problem.ts";
export { type ResolvedParameters, readSeed, resolveParameters } from "./resolve.ts";
export { simulationParameters } from "./simulation-parameters.ts";
export { type ProfileCurve, standardFigures } from "./standard-figures.ts";
