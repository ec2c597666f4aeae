import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MeanfieldError } from "../errors.ts";
import { installationRoot } from "../threads/worker-url.ts";
import { bundleScenario, type ScenarioBundle } from "./bundle.ts";
import { installationCodeHash } from "./code-hash.ts";
import { checkDefinition } from "./define.ts";
import type { Scenario } from "./definition.ts";
import { sha256 } from "./hash.ts";
import { loadBuiltIn } from "./library.ts";

/** A scenario with what identifies its code. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The code that its results depend on: part of every run's id. */
  readonly codeHash: string;
  /** A user's scenario as one module; null for a built-in one. */
  readonly bundle: ScenarioBundle | null;
}

/** How a thread finds a scenario: its name in the library, or the file of its bundle. */
export type ScenarioReference =
  | { readonly kind: "built-in"; readonly name: string }
  | { readonly kind: "bundle"; readonly file: string };

/** File name of the bundle in a run folder; the packages it uses stand beside it in `imports/`. */
export const bundleFile = "scenario.mjs";

const mapComment = "//# sourceMappingURL=data:application/json;base64,";

/**
 * Loads a scenario by its name in the library or from a file (.ts, .mts, .js, .mjs; anything with such an ending is a file).
 * Throws `unknown-scenario` with the nearest name, also for a file that is not there, `scenario-invalid` for one that
 * cannot be compiled or does not export a scenario.
 */
export async function loadScenario(nameOrFile: string): Promise<LoadedScenario> {
  if (!/\.[mc]?[jt]s$/.test(nameOrFile)) {
    return { scenario: await loadBuiltIn(nameOrFile), codeHash: installationCodeHash(), bundle: null };
  }
  const file = resolve(nameOrFile);
  if (!existsSync(file)) {
    throw new MeanfieldError("unknown-scenario", `${nameOrFile}: no such file`, {
      path: "scenario",
      expected: "a scenario file",
      got: nameOrFile,
    });
  }
  return loadBundle(await bundleScenario(file, installationEntry()), basename(file));
}

/** Loads a bundle: writes it to a folder of the system's for temporary files, imports it and removes the folder. */
export async function loadBundle(bundle: ScenarioBundle, name: string): Promise<LoadedScenario> {
  const folder = await mkdtemp(join(tmpdir(), "meanfield-"));
  try {
    await mkdir(join(folder, "imports"));
    for (const { path, text } of await bundleFiles(bundle)) await writeFile(join(folder, path), text);
    const scenario = await importScenario({ kind: "bundle", file: join(folder, bundleFile) }, name);
    // The library's own code decides results as much as the user's does.
    return { scenario, codeHash: sha256(`${bundle.hash} ${installationCodeHash()}`), bundle };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files of a bundle by their paths in its folder: one small module for each package that it uses, and last the scenario. */
export async function bundleFiles(
  bundle: ScenarioBundle,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const modules = Object.entries(bundle.packages).map(async ([name, url]) => ({
    path: `imports/${name}.mjs`,
    text: await reexport(name, url),
  }));
  const map = Buffer.from(bundle.sourceMap).toString("base64");
  return [...(await Promise.all(modules)), { path: bundleFile, text: `${bundle.text}${mapComment}${map}\n` }];
}

/** The bundle in the text of its file `bundleFile`, with the packages where they are now. */
export function readBundle(text: string, packages: Readonly<Record<string, string>>): ScenarioBundle {
  const end = text.lastIndexOf(mapComment);
  const code = end === -1 ? text : text.slice(0, end);
  const sourceMap = end === -1 ? "" : Buffer.from(text.slice(end + mapComment.length), "base64").toString("utf8");
  return { text: code, sourceMap, hash: sha256(code), packages };
}

/** Imports a scenario in the current thread. Throws `scenario-invalid` with what is wrong with it. */
export async function importScenario(reference: ScenarioReference, name = bundleFile): Promise<Scenario> {
  if (reference.kind === "built-in") return loadBuiltIn(reference.name);
  // Errors of users' scenarios then show places in their own files, not in the bundle. A setting of each thread, made only here: from now on Node
  // reads the maps of all that is loaded, the drawing library's among them.
  process.setSourceMapsEnabled(true);
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(reference.file).href);
  } catch (error) {
    throw invalidScenario(name, error instanceof Error ? error.message : String(error), error);
  }
  if (module.default === undefined) {
    throw invalidScenario(name, "it has no default export; write `export default defineScenario({ ... })`");
  }
  try {
    checkDefinition(module.default);
  } catch (error) {
    throw invalidScenario(name, error instanceof Error ? error.message : String(error), error);
  }
  return module.default;
}

/** The compiled public API of this installation, which users' scenarios import as `meanfield`. */
export function installationEntry(): URL {
  return pathToFileURL(join(installationRoot(), "dist", "src", "index.js"));
}

function invalidScenario(name: string, reason: string, cause?: unknown): MeanfieldError {
  return new MeanfieldError("scenario-invalid", `${name}: ${reason}`, { path: name }, { cause });
}

async function reexport(name: string, url: string): Promise<string> {
  const all = `export * from ${JSON.stringify(url)};\n`;
  if (name === "meanfield") return all;
  let module: object;
  try {
    module = await import(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidScenario(name, `this package could not be loaded (${reason}); install it again`, error);
  }
  return "default" in module ? `${all}export { default } from ${JSON.stringify(url)};\n` : all;
}
