import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a sweep's runs that must be equal on repetition, by their paths below `points`: each one's bytes, one character a byte. */
export function resultFiles(dir: string, below = "points"): Readonly<Record<string, string>> {
  const points = join(dir, below);
  const found: Record<string, string> = {};
  for (const id of existsSync(points) ? readdirSync(points).sort() : []) {
    for (const name of ["result.json", "metrics.jsonl", "figures.json", ...arraysOf(join(points, id))]) {
      const path = join(points, id, name);
      if (existsSync(path)) found[`${id}/${name}`] = readFileSync(path, "latin1");
    }
  }
  return found;
}

function arraysOf(run: string): readonly string[] {
  const folder = join(run, "particles");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".npy"))
    .map((path) => `particles/${path}`)
    .sort();
}
