import { readFileSync, writeFileSync } from "node:fs";
import type { Part, PartResult } from "./part.ts";
import { benchFile } from "./repository.ts";

/** Writes each part's table between `<!-- results: NAME -->` and `<!-- end: NAME -->` of bench/README.md, under the line that says where it was measured. */
export function writeReadme(results: ReadonlyMap<Part, PartResult>, circumstances: string): void {
  const file = benchFile("README.md");
  let text = readFileSync(file, "utf8");
  for (const [{ name }, { markdown }] of results) {
    const region = new RegExp(`(<!-- results: ${name} -->\\n)[\\s\\S]*?(<!-- end: ${name} -->)`);
    if (!region.test(text)) throw new Error(`bench/README.md: expected a region "results: ${name}", found none`);
    text = text.replace(region, (_, begin: string, end: string) => `${begin}${circumstances}\n\n${markdown}\n${end}`);
  }
  writeFileSync(file, text);
}
