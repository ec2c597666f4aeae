import { invalidValue } from "../errors.ts";
import type { Member, Scenario } from "./definition.ts";
import type { Parameter, ParameterSet, ParameterValues } from "./parameter.ts";
import { resolveParameters } from "./resolve.ts";

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const nameRule = "lower case letters, digits and single hyphens";
const parameterPattern = /^[a-z][A-Za-z0-9]*$/;

/**
 * Checks a scenario's definition and freezes it: names, a version of at least 1, a short form that resolves, functions where functions belong.
 * Throws `invalid-value` with the place in the definition.
 */
export function defineScenario<const Set extends ParameterSet>(definition: Scenario<Set>): Scenario<Set> {
  checkDefinition(definition);
  const scenario = Object.freeze({
    ...definition,
    sources: Object.freeze([...definition.sources]),
    parameters: Object.freeze({ ...definition.parameters }),
    short: Object.freeze({ ...definition.short }),
  });
  checked.add(scenario);
  return scenario;
}

/** What `defineScenario` has returned: frozen, so that it stays as it was found. Resolving its defaults again would build its simulations again. */
const checked = new WeakSet<object>();

/** Throws `invalid-value` unless `value` is a scenario; also for what a file exports, about which nothing is known. */
export function checkDefinition(value: unknown): asserts value is Scenario {
  if (typeof value === "object" && value !== null && checked.has(value)) return;
  if (!isRecord(value)) throw invalidValue("scenario", "what defineScenario returns", value);
  checkName("name", value.name);
  if (typeof value.version !== "number" || !Number.isSafeInteger(value.version) || value.version < 1) {
    throw invalidValue("version", "an integer >= 1", value.version);
  }
  checkText("title", value.title);
  checkText("headline", value.headline);
  for (const name of ["run", "summarise", "claims"]) {
    if (typeof value[name] !== "function") throw invalidValue(name, "a function", value[name]);
  }
  for (const name of ["members", "figures", "validate", "estimate"]) {
    if (value[name] !== undefined && typeof value[name] !== "function") {
      throw invalidValue(name, "a function or nothing", value[name]);
    }
  }
  checkSources(value.sources);
  checkParameters(value.parameters);
  if (!isRecord(value.short)) throw invalidValue("short", "an object of parameter values", value.short);
  const scenario = value as unknown as Scenario;
  for (const [name, short] of Object.entries(scenario.short)) {
    const parameter: Parameter<unknown> | undefined = scenario.parameters[name];
    if (parameter === undefined) throw invalidValue(`short.${name}`, "the name of a parameter", name);
    parameter.check(`short.${name}`, short);
  }
  resolveParameters(scenario);
  resolveParameters(scenario, {}, { short: true });
}

/**
 * The members of a run at these parameters: what `members` returns, or one named `main`.
 * Throws `invalid-value` if there is none, a name is unfit for a folder or comes twice, or a cost is not positive.
 */
export function membersOf<Set extends ParameterSet>(
  scenario: Pick<Scenario<Set>, "members">,
  parameters: ParameterValues<Set>,
): readonly Member[] {
  const members: readonly Member[] = scenario.members?.(parameters) ?? [{ name: "main" }];
  if (members.length === 0) throw invalidValue("members", "at least one member", members);
  const seen = new Set<string>();
  for (const [index, member] of members.entries()) {
    checkName(`members[${index}].name`, member.name);
    if (seen.has(member.name)) throw invalidValue(`members[${index}].name`, "a name used once", member.name);
    seen.add(member.name);
    if (member.cost !== undefined && !(member.cost > 0 && member.cost < Number.POSITIVE_INFINITY)) {
      throw invalidValue(`members[${index}].cost`, "a finite number > 0", member.cost);
    }
  }
  return members;
}

function checkName(path: string, value: unknown): void {
  if (typeof value !== "string" || value.length > 80 || !namePattern.test(value))
    throw invalidValue(path, nameRule, value);
}

function checkText(path: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw invalidValue(path, "a text", value);
}

function checkSources(value: unknown): void {
  if (!Array.isArray(value)) throw invalidValue("sources", "a list of sources", value);
  for (const [index, source] of value.entries()) {
    if (!isRecord(source)) throw invalidValue(`sources[${index}]`, "an object { key, text }", source);
    checkText(`sources[${index}].key`, source.key);
    checkText(`sources[${index}].text`, source.text);
  }
}

function checkParameters(value: unknown): void {
  if (!isRecord(value)) throw invalidValue("parameters", "an object of parameters", value);
  for (const [name, parameter] of Object.entries(value)) {
    if (!parameterPattern.test(name) || name === "seed") {
      throw invalidValue(
        `parameters.${name}`,
        "a name in camelCase other than seed",
        name,
        "the seed is not a parameter",
      );
    }
    if (!isRecord(parameter) || typeof parameter.check !== "function") {
      throw invalidValue(`parameters.${name}`, "what a builder of `parameter` returns", parameter);
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
