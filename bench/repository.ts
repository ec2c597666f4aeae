import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json; compiled code lies in dist, Python and C++ in bench. */
export const repository = ((): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error("bench: no package.json above this file");
  }
})();

/** A file of bench/ by its path there. */
export function benchFile(...parts: readonly string[]): string {
  return join(repository, "bench", ...parts);
}
