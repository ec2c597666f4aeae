import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installationRoot } from "../threads/worker-url.ts";
import { sha256 } from "./hash.ts";

/** Rooms that only show what a run has left behind: an edit there changes no result, so it does not change a run's id. */
const roomsWithoutResults = ["cli", "report", "sweeps"];

let known: string | undefined;

/**
 * SHA-256 over the code that results depend on: the paths and contents of the .js files below dist/src (without the rooms that only show results)
 * and dist/scenarios, and of the kernels' C++ sources, in the order of their paths. Does not depend on where the installation lies, nor on what was
 * built from the kernels there: results of one arithmetic are the same.
 */
export function installationCodeHash(): string {
  known ??= codeHashOf(installationRoot());
  return known;
}

/** The code hash of the installation at `root`. */
export function codeHashOf(root: string): string {
  const dist = join(root, "dist");
  const lines: string[] = [];
  for (const room of ["scenarios", "src"]) {
    for (const path of scriptsBelow(dist, room)) lines.push(`${path} ${sha256(readFileSync(join(dist, path)))}`);
  }
  for (const path of kernelSources(root)) lines.push(`${path} ${sha256(readFileSync(join(root, path)))}`);
  return sha256(lines.join("\n"));
}

function kernelSources(root: string): readonly string[] {
  return readEntries(join(root, "kernels"))
    .filter((entry) => entry.isFile() && /\.(cpp|h)$/.test(entry.name))
    .map(({ name }) => `kernels/${name}`)
    .sort();
}

function scriptsBelow(dist: string, folder: string): readonly string[] {
  const found: string[] = [];
  for (const entry of readEntries(join(dist, folder))) {
    const path = `${folder}/${entry.name}`;
    const isHidden = folder === "src" && roomsWithoutResults.includes(entry.name);
    if (entry.isDirectory() && !isHidden) found.push(...scriptsBelow(dist, path));
    else if (entry.isFile() && entry.name.endsWith(".js")) found.push(path);
  }
  return found.sort();
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // An installation without scenarios of its own is one without that folder.
    return [];
  }
}
