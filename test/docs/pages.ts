import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const docsFolder = fileURLToPath(new URL("../../docs/", import.meta.url));

/** A page of the manual: its path below docs/ and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** All pages of docs/, by path. */
export function pages(): readonly Page[] {
  return readdirSync(docsFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(docsFolder, path), "utf8") }));
}

/** A fenced block that a page marks as the text or the output of an example: `<!-- example: NAME -->` or `<!-- output: NAME -->` before it. */
export interface MarkedBlock {
  readonly page: string;
  readonly kind: "example" | "output";
  readonly name: string;
  readonly content: string;
}

/** The marked blocks of all pages, in order. */
export function markedBlocks(): readonly MarkedBlock[] {
  return pages().flatMap(({ path, text }) =>
    [...text.matchAll(/<!-- (example|output): (\S+) -->\n```\w*\n([\s\S]*?)\n```/g)].map(([, kind, name, content]) => ({
      page: path,
      kind: kind === "example" ? ("example" as const) : ("output" as const),
      name,
      content,
    })),
  );
}
