import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problemFields } from "../../src/engines/compiled/problem-record.ts";

interface Sources {
  readonly kernelFolder: string;
  readonly wasmDigestFile: string;
  wasmFile(arithmetic: "plain" | "fused"): string;
  sourceDigest(except?: readonly string[]): string;
}

const sources: Sources = createRequire(import.meta.url)("../../kernels/sources.cjs");
const digests: Record<"sources" | "plain" | "fused", string> = JSON.parse(readFileSync(sources.wasmDigestFile, "utf8"));

describe("the committed WebAssembly", () => {
  it("was built from these sources", () => {
    expect(sources.sourceDigest(["addon.cpp"]), "npm run build:wasm builds it again").toBe(digests.sources);
  });

  it.each(["plain", "fused"] as const)("is what was built (%s)", (arithmetic) => {
    const bytes = readFileSync(sources.wasmFile(arithmetic));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(digests[arithmetic]);
  });
});

it("the record of a problem has the fields of the kernels' struct, in their order", () => {
  const header = readFileSync(join(sources.kernelFolder, "problem.h"), "utf8");
  const body = /^struct Problem \{\n(.*?)^\};/ms.exec(header)?.[1] ?? "";
  const fields = body.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("///"));
  expect(fields.map((line) => /^ {2}double (\w+);$/.exec(line)?.[1])).toEqual([...problemFields]);
});
