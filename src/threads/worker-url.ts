import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The folder of this installation's package.json, found by walking up from this file, so that source and compiled code agree on it. */
export function installationRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** URL of a worker's entry point: always the compiled file dist/workers/NAME.js, since worker threads cannot run TypeScript on Node 20. */
export function workerUrl(name: string): URL {
  return pathToFileURL(join(installationRoot(), "dist", "workers", `${name}.js`));
}
