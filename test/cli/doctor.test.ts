import { afterEach, describe, expect, it, vi } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.ts";
import { diagnose, tellDiagnosis } from "../../src/cli/diagnosis.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { type EngineOffers, referenceEngine } from "../../src/engines/index.ts";
import { namedInstructions } from "../../src/engines/processor.ts";

afterEach(() => {
  delete process.env.MEANFIELD_ENGINE;
  process.exitCode = 0;
});

/** A machine on which the addon was not built and WebAssembly has no fused multiply-add. */
const offers: EngineOffers = (name, arithmetic) => {
  if (name === "native") return { reason: "it was not built" };
  if (name === "reference" && arithmetic === "plain") return { engine: referenceEngine };
  if (arithmetic === "fused") return { reason: `no fused multiply-add in ${name}` };
  return { engine: { ...referenceEngine, name, instructions: "SIMD128", precisions: ["float64", "float32"] } };
};

function told(width: number): readonly string[] {
  const lines: string[] = [];
  const line = (text = "") => lines.push(...text.split("\n"));
  const terminal: Terminal = { width, isInteractive: false, line, redraw: () => {}, style: (_, text) => text };
  const addon = { file: "/opt/meanfield/kernels/build/meanfield.node", exists: false, build: "npm run build:native" };
  const machine = { processor: "EPYC", instructions: ["AVX-512", "FMA"], cores: 2, threads: 2, memory: 15.6 * 2 ** 30 };
  const software = { node: "20.19.0", platform: "linux x64" };
  tellDiagnosis(terminal, { ...diagnose("1.2.3", offers), ...software, ...machine, addon });
  return lines;
}

describe("meanfield doctor", () => {
  it("says of each engine whether it works and why not, what auto takes, and where the addon is looked for", () => {
    expect(told(120)).toEqual([
      "meanfield   1.2.3, Node.js 20.19.0, linux x64",
      "processor   EPYC, 2 cores",
      "vectors     AVX-512, FMA",
      "threads     2 unless --threads says otherwise",
      "memory      15.6 GiB",
      "",
      "native      fused  no     it was not built",
      "native      plain  no     it was not built",
      "wasm        fused  no     no fused multiply-add in wasm",
      "wasm        plain  works  SIMD128; float64, float32",
      "reference   fused  no     no fused multiply-add in reference",
      "reference   plain  works  TypeScript; float64",
      "",
      "auto        float64: wasm (SIMD128), plain multiply-add",
      "auto        float32: wasm (SIMD128), plain multiply-add, float32",
      "addon       /opt/meanfield/kernels/build/meanfield.node (not there)",
      "            built by npm run build:native; in a package that depends on meanfield by npm rebuild meanfield",
    ]);
  });

  it("fits a narrow window", () => {
    for (const line of told(60).filter((text) => !text.includes("/opt/"))) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("shows the environment's wish, and what is wrong with it", () => {
    process.env.MEANFIELD_ENGINE = "native";
    const lines = told(1000);
    expect(lines).toContain("set         MEANFIELD_ENGINE=native, which holds where options leave it open");
    expect(lines.filter((line) => line.startsWith("auto"))).toEqual(
      ["float64", "float32"].map((precision) =>
        expect.stringContaining(`auto        ${precision}: MEANFIELD_ENGINE: expected an engine that works here`),
      ),
    );
  });

  it("prints the same as one document and exits with 0", async () => {
    let stdout = "";
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += text;
      return true;
    });
    await runCommandLine(["doctor", "--json"]);
    spy.mockRestore();
    expect(process.exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toEqual(diagnose(document.meanfield));
    expect(document.node).toBe(process.versions.node);
    expect(document.engines).toHaveLength(6);
    expect(document.engines).toContainEqual({
      name: "reference",
      arithmetic: "plain",
      available: true,
      instructions: "TypeScript",
      precisions: ["float64"],
      reason: null,
    });
    expect(document.automatic).toMatchObject([{ precision: "float64" }, { precision: "float32" }]);
  });
});

describe("the processor's vector instructions", () => {
  it.each([
    ["processor : 0\nflags\t\t: fpu sse2 fma avx avx2 avx512f\nbugs : x", ["AVX-512", "AVX2", "FMA", "AVX", "SSE2"]],
    ["flags : sse2\n\nprocessor : 1\nflags : sse2 avx2", ["SSE2"]],
    ["Features\t: fp asimd evtstrm", ["NEON"]],
    ["flags : fpu avx2x", null],
    ["", null],
  ])("are read from %j", (text, names) => {
    expect(namedInstructions(text)).toEqual(names);
  });
});
