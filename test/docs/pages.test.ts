import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { createProgram } from "../../src/cli/program.ts";
import { errorCodes } from "../../src/errors.ts";
import { docsFolder, type Page, pages } from "./pages.ts";

const all = pages();

function page(path: string): Page {
  const found = all.find((each) => each.path === path);
  if (found === undefined) throw new Error(`docs/${path} does not exist`);
  return found;
}

/** Targets of the links of a page that are neither addresses nor places on the page itself. */
function localLinks({ text }: Page): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));
}

describe("the manual", () => {
  it("has no link to a file that does not exist", () => {
    const dead = all.flatMap((each) =>
      localLinks(each)
        .filter((target) => !existsSync(join(docsFolder, dirname(each.path), target)))
        .map((target) => `${each.path}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("has an index that links every page", () => {
    const linked = localLinks(page("README.md")).map((target) => normalize(target));
    const missing = all.map(({ path }) => path).filter((path) => path !== "README.md" && !linked.includes(path));
    expect(missing).toEqual([]);
  });

  it("has a row for every error code with its meaning, and none for a code that does not exist", () => {
    const rows = [...page("guide.md").text.matchAll(/^\| `([a-z-]+)` \| ([^|]+) \|/gm)].map(
      ([, code, meaning]) => [code, meaning.trim()] as const,
    );
    expect(Object.fromEntries(rows)).toEqual(errorCodes);
  });

  it("has a row for every exit code, and none for another", () => {
    const rows = [...page("guide.md").text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(rows.sort((left, right) => left - right)).toEqual(
      Object.values(exitCodes).sort((left, right) => left - right),
    );
  });

  for (const command of createProgram("0").commands) {
    it(`has a section on \`${command.name()}\` that names each of its options`, () => {
      const section = page("cli.md")
        .text.split(/^## /m)
        .find((text) => text.startsWith(`${command.name()}\n`));
      expect(section).toBeDefined();
      const missing = command.options.map(({ long }) => long).filter((long) => !section?.includes(`\`${long}`));
      expect(missing).toEqual([]);
    });
  }
});
