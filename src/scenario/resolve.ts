import { invalidValue, MeanfieldError, nearestName } from "../errors.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import type { Json, Scenario } from "./definition.ts";
import type { ParameterSet, ParameterValues } from "./parameter.ts";

/** Parameter values as they are stored: by name, in the order of declaration. */
export type ResolvedParameters = { readonly [name: string]: Json };

/**
 * The values a run uses: the defaults in their order of declaration (each may look at those before it), under the scenario's short form
 * if `short`, under `overrides` (typed values, or texts as typed on a command line).
 * Throws `unknown-parameter` with the nearest name, `invalid-value` for a value that is not allowed, and what `validate` throws.
 */
export function resolveParameters<Set extends ParameterSet>(
  scenario: Pick<Scenario<Set>, "name" | "parameters" | "short" | "validate">,
  overrides: Readonly<Record<string, unknown>> = {},
  { short = false }: { readonly short?: boolean } = {},
): ParameterValues<Set> {
  refuseUnknownNames(Object.keys(overrides), Object.keys(scenario.parameters), scenario.name);
  const shortValues: Readonly<Record<string, unknown>> = short ? scenario.short : {};
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(scenario.parameters)) {
    if (overrides[name] !== undefined) values[name] = parameter.check(name, overrides[name]);
    else if (shortValues[name] !== undefined) values[name] = parameter.check(name, shortValues[name]);
    else if (typeof parameter.default === "function") {
      const earlier = Object.freeze({ ...values }) as Readonly<Record<string, never>>;
      values[name] = parameter.check(name, parameter.default(earlier));
    } else values[name] = parameter.check(name, parameter.default);
  }
  const resolved = Object.freeze(values) as ParameterValues<Set>;
  scenario.validate?.(resolved);
  return resolved;
}

function refuseUnknownNames(given: readonly string[], known: readonly string[], scenario: string): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    // The seed is no parameter, but is written as one.
    const near = nearestName(name, [...known, "seed"]);
    const list = known.length === 0 ? "none" : known.join(", ");
    const suggestion = near === null ? `the parameters are ${list}` : `did you mean ${near}?`;
    throw new MeanfieldError("unknown-parameter", `${name}: ${scenario} has no parameter of that name; ${suggestion}`, {
      path: name,
      expected: `one of ${list}`,
      got: name,
      suggestion,
    });
  }
}

/**
 * A root seed from what was typed or passed: a safe integer, or a text of 1 to 200 characters. A text that reads as an integer is that
 * integer, so that `seed=7` on a command line and 7 in a program are one seed and one run.
 */
export function readSeed(given: unknown): RootSeed {
  if (typeof given === "number" && Number.isSafeInteger(given)) return given === 0 ? 0 : given;
  if (typeof given === "string" && given.length > 0 && given.length <= 200) {
    const isCanonical = /^(0|-?[1-9]\d*)$/.test(given) && Number.isSafeInteger(Number(given));
    return isCanonical ? Number(given) : given;
  }
  throw invalidValue("seed", "an integer or a text of 1 to 200 characters", given);
}
