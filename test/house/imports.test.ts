import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** The floors of the house, ground floor first; rooms of one floor do not import each other, except where the second list says so. */
const floors = [
  ["errors.ts"],
  ["numerics"],
  ["threads", "laws", "targets", "networks", "deep-networks", "datasets"],
  ["engines"],
  ["dynamics", "neural-kernels", "deep-training", "checks"],
  ["limits"],
  ["error-budget"],
  ["simulation"],
  ["scenario"],
  ["runs"],
  ["tables"],
  ["sweeps"],
  ["report"],
  ["cli"],
];
/** Data types of a neighbour on the same floor: linear pieces are the targets' word, and a null loss is the target's under a law. */
const neighbours = ["networks -> targets", "targets -> laws"];

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]);
}

describe("imports go one way", () => {
  it("every import inside src points to a lower floor", () => {
    const wrong: string[] = [];
    for (const file of sources("src")) {
      const room = relative("src", file).split("/")[0];
      if (room === "index.ts") continue;
      for (const target of importsOf(file).filter((path) => path.startsWith("."))) {
        const other = relative("src", join(dirname(file), target)).split("/")[0];
        if (other === room || neighbours.includes(`${room} -> ${other}`)) continue;
        if (!(floorOf(other) >= 0 && floorOf(other) < floorOf(room))) wrong.push(`${file} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("scenarios import the public API and their own parts only", () => {
    const wrong = sources("scenarios").flatMap((file) =>
      importsOf(file)
        .filter((path) => path !== "meanfield" && relative("scenarios", join(dirname(file), path)).startsWith(".."))
        .map((path) => `${file} -> ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it("a worker is one re-export", () => {
    for (const file of sources("workers")) {
      expect(readFileSync(join(root, file), "utf8").trim()).toMatch(
        /^export \{ \w+ as default \} from "\.\.\/src\/[^"]+";$/,
      );
    }
  });

  it("only one room knows each of the libraries that are hidden behind it", () => {
    const homes: Record<string, string> = {
      "ml-matrix": "src/numerics/",
      piscina: "src/threads/",
      commander: "src/cli/",
      cephes: "src/numerics/",
      esbuild: "src/scenario/",
      vega: "src/report/",
      "hyparquet-writer": "src/tables/",
      "@duckdb/node-api": "src/tables/",
    };
    for (const [library, home] of Object.entries(homes)) {
      const users = sources("src").filter((file) => importsOf(file).includes(library));
      expect(users.filter((file) => !file.startsWith(home))).toEqual([]);
    }
  });
});
