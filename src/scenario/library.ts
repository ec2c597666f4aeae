import { existsSync, readdirSync } from "node:fs";
import { MeanfieldError, nearestName } from "../errors.ts";
import { checkDefinition } from "./define.ts";
import type { Scenario } from "./definition.ts";

// The scenarios lie beside src in the sources and beside dist/src once compiled, so one relative path serves both.
const folder = new URL("../../scenarios/", import.meta.url);
const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/** Names of the built-in scenarios, sorted: one file each in scenarios/. */
export function builtInNames(): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.endsWith(`.d${extension}`))
    .map((file) => file.slice(0, -extension.length))
    .sort();
}

/** A built-in scenario. Throws `unknown-scenario` with the nearest name. */
export async function loadBuiltIn(name: string): Promise<Scenario> {
  const names = builtInNames();
  if (!names.includes(name)) throw unknownScenario(name, names);
  const module: { readonly default?: unknown } = await import(new URL(`${name}${extension}`, folder).href);
  checkDefinition(module.default);
  if (module.default.name !== name) {
    throw new MeanfieldError(
      "scenario-invalid",
      `scenarios/${name}: its scenario is named ${module.default.name}; both must agree`,
    );
  }
  return module.default;
}

function unknownScenario(name: string, names: readonly string[]): MeanfieldError {
  const near = nearestName(name, names);
  const suggestion =
    near === null ? "meanfield list shows all; a file needs its ending, such as ./mine.ts" : `did you mean ${near}?`;
  return new MeanfieldError("unknown-scenario", `${name}: no scenario of that name; ${suggestion}`, {
    path: "scenario",
    expected: names.length === 0 ? "a scenario file" : `one of ${names.join(", ")}, or a file`,
    got: name,
    suggestion,
  });
}
