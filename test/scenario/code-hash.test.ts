import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { codeHashOf } from "../../src/scenario/code-hash.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hash-test-"));
  for (const path of ["dist/src/laws/law.js", "dist/scenarios/one.js", "kernels/kernels.cpp"]) write(path, path);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

it.each(["dist/src/laws/law.js", "dist/src/new.js", "dist/scenarios/one.js", "kernels/kernels.cpp", "kernels/simd.h"])(
  "a change of %s changes the code hash",
  (path) => {
    const before = codeHashOf(root);
    write(path, "changed");
    expect(codeHashOf(root)).not.toBe(before);
  },
);

it.each([
  "dist/src/report/page.js",
  "dist/src/cli/run.js",
  "dist/src/laws/law.d.ts",
  "kernels/build/meanfield.node",
  "kernels/build-native.js",
])("a change of %s, on which no result depends, leaves it", (path) => {
  const before = codeHashOf(root);
  write(path, "changed");
  expect(codeHashOf(root)).toBe(before);
});

it("does not depend on where the installation lies", () => {
  const before = codeHashOf(root);
  const moved = `${root}-moved`;
  renameSync(root, moved);
  root = moved;
  expect(codeHashOf(root)).toBe(before);
});
