import { describe, expect, it } from "vitest";
import {
  readArithmetic,
  readEngine,
  readFolder,
  readScenario,
  readSeedOption,
  readThreads,
} from "../../src/cli/options.ts";

describe("options", () => {
  it("pass what they allow", () => {
    expect([readThreads("1"), readThreads("1024")]).toEqual([1, 1024]);
    expect(["7", "-7", "a b", "ü"].map(readSeedOption)).toEqual(["7", "-7", "a b", "ü"]);
    expect([readFolder("./-x"), readScenario("a b.ts")]).toEqual(["./-x", "a b.ts"]);
    expect(["auto", "native", "wasm", "reference"].map(readEngine)).toEqual(["auto", "native", "wasm", "reference"]);
    expect(["auto", "fused", "plain"].map(readArithmetic)).toEqual(["auto", "fused", "plain"]);
  });

  it.each([
    [readThreads, ["", "0", "1025", "-1", "2x", "1.5", "1e2"]],
    [readSeedOption, ["", "--json", "-x"]],
    [readFolder, ["", " ", "--json", "-x"]],
    [readScenario, ["", " "]],
    [readEngine, ["", "Native", "--json", "fused"]],
    [readArithmetic, ["", "native", "-x"]],
  ])("%o refuses what is empty, out of range or another option", (read, texts) => {
    for (const text of texts) expect(() => read(text)).toThrow("Expected");
  });
});
