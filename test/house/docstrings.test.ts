import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Exported functions of src without a comment that ends on the line above; further signatures of a function share its first one's. */
function undocumented(): string[] {
  const found: string[] = [];
  for (const path of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path.endsWith(".d.ts")) continue;
    const lines = readFileSync(join(root, "src", path), "utf8").split("\n");
    lines.forEach((line, index) => {
      const name = /^export (?:async )?function\*? (\w+)/.exec(line)?.[1];
      const above = (lines[index - 1] ?? "").trimEnd();
      if (name === undefined || above.endsWith("*/") || above.startsWith(`export function ${name}(`)) return;
      found.push(`${path}: ${name}`);
    });
  }
  return found;
}

it("every exported function says what it does", () => {
  expect(undocumented()).toEqual([]);
});
