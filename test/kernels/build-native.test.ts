import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const kernels = fileURLToPath(new URL("../../kernels", import.meta.url));
const headers = dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json"));
const folder = mkdtempSync(join(tmpdir(), "meanfield-build-"));
const build = join(folder, "kernels", "build");

beforeAll(() => {
  cpSync(kernels, join(folder, "kernels"), { recursive: true, filter: (path) => basename(path) !== "build" });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(headers, join(folder, "node_modules", "node-api-headers"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the install script in a copy of the kernels; an exit code other than 0 throws. */
function install(environment: Readonly<Record<string, string>>): string {
  const file = join(folder, "kernels", "build-native.js");
  return execFileSync(process.execPath, [file], { encoding: "utf8", env: { ...process.env, ...environment } });
}

/** A compiler that answers to --version and then prints and fails. */
function brokenCompiler(): string {
  const file = join(folder, "compiler");
  writeFileSync(file, '#!/bin/sh\n[ "$1" = "--version" ] && exit 0\necho "kernels.cpp: it is broken" >&2\nexit 3\n');
  chmodSync(file, 0o755);
  return file;
}

describe.runIf(process.platform === "linux" && process.arch === "x64")("the install script", () => {
  it("succeeds without a compiler, says why there is no addon and keeps the reason", () => {
    const said = install({ CXX: "", PATH: folder });
    expect(said).toBe(
      "meanfield: no native engine: no C++ compiler was found (looked for $CXX, c++, g++, clang++). The WebAssembly engine is used instead.\n",
    );
    expect(readFileSync(join(build, "failure.txt"), "utf8")).toMatch(/^no C\+\+ compiler was found/);
  });

  it("succeeds with a compiler that fails, shows what it printed and leaves nothing half built", () => {
    const compiler = brokenCompiler();
    expect(install({ CXX: compiler })).toBe(
      "meanfield: the native engine could not be built; the WebAssembly engine is used instead.\nkernels.cpp: it is broken\n",
    );
    expect(readFileSync(join(build, "failure.txt"), "utf8")).toBe(`${compiler} failed: kernels.cpp: it is broken\n`);
    expect(readdirSync(build)).toEqual(["failure.txt"]);
  });

  it("succeeds where it cannot write", () => {
    rmSync(build, { recursive: true, force: true });
    writeFileSync(build, "in the way\n");
    expect(install({ CXX: brokenCompiler() })).toMatch(/^meanfield: the native engine could not be built/);
    expect(existsSync(join(build, "failure.txt"))).toBe(false);
  });
});
