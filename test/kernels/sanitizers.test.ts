import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const call = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const kernels = fileURLToPath(new URL("../../kernels", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "meanfield-sanitizers-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Compiler {
  readonly name: string;
  readonly flags: readonly string[];
}

// Checks as calls, not in place: a fifth of the time to compile. Without -g1 a report would not say where.
const checks = "-fsanitize=address,signed-integer-overflow,shift,bounds,alignment,float-cast-overflow";
const common = [
  checks,
  "-fno-sanitize-recover=all",
  "-g1",
  "-O1",
  "-std=c++17",
  "-ffp-contract=off",
  "-fno-math-errno",
];
const quiet = ["-Wall", "-Wno-psabi", "-Wno-ignored-attributes", "-Wno-unknown-pragmas", "-Wno-unused-function"];
const families: readonly (readonly Compiler[])[] = [
  [{ name: "g++", flags: ["--param", "asan-instrumentation-with-call-threshold=0"] }],
  ["clang++", "clang++-19"].map((name) => ({ name, flags: ["-mllvm", "-asan-instrumentation-with-call-threshold=0"] })),
];

/** Whether programs with these sanitizers can be built and run here. */
function works({ name, flags }: Compiler): boolean {
  const source = join(folder, "probe.cpp");
  const program = join(folder, "probe");
  writeFileSync(source, "int main(int count, char**) { return count - 1; }\n");
  try {
    execFileSync(name, [...common, ...flags, source, "-o", program], { stdio: "ignore" });
    execFileSync(program, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const compilers =
  process.arch === "x64" && process.platform === "linux" ? families.flatMap((family) => family.find(works) ?? []) : [];

const avx2 = ["-mavx2", "-mfma"];
const avx512 = [...avx2, "-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mprefer-vector-width=512"];
const redZones = ["-include", join(here, "red-zones.h")];
const units: readonly { readonly object: string; readonly parameters: readonly string[] }[] = [
  { name: "avx512_fused", isFused: 1, instructions: avx512 },
  { name: "avx2_fused", isFused: 1, instructions: avx2 },
  { name: "sse2_plain", isFused: 0, instructions: [] },
]
  .map(({ name, isFused, instructions }) => ({
    object: name,
    parameters: [
      ...instructions,
      ...redZones,
      `-DMEANFIELD_VARIANT=${name}`,
      `-DMEANFIELD_FUSED=${isFused}`,
      join(kernels, "kernels.cpp"),
    ],
  }))
  .concat({ object: "steps", parameters: [join(here, "sanitized-steps.cpp")] });

/** Compiles kernels and driver, runs the steps, and returns the line that the driver ends with. */
async function runSteps({ name, flags }: Compiler): Promise<string> {
  const own = (object: string): string => join(folder, `${name}-${object}`);
  const waiting = [...units];
  const compile = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const { object, parameters } = unit;
      await call(name, [...common, ...flags, ...quiet, ...parameters, "-c", "-o", `${own(object)}.o`]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, compile));
  const objects = units.map(({ object }) => `${own(object)}.o`);
  await call(name, [checks, ...objects, "-o", own("program")]);
  // A step that never ends is a failure like any other.
  const { stdout } = await call(own("program"), ["200"], { timeout: 120_000, maxBuffer: 2 ** 26 });
  return stdout.trim();
}

describe("kernels under sanitizers", () => {
  it.runIf(process.env.CI !== undefined && process.platform === "linux" && process.arch === "x64")(
    "have a compiler to be built with where they must be tested",
    () => expect(compilers).not.toEqual([]),
  );

  // Skipped where no compiler with these sanitizers is installed.
  it.skipIf(compilers.length === 0)(
    "stay within their arrays, overflow nowhere, and give the same bits built by every compiler",
    { timeout: 300_000 },
    async () => {
      const lines: string[] = [];
      for (const compiler of compilers) lines.push(await runSteps(compiler));
      for (const line of lines)
        expect(line).toMatch(/^\d+ steps on sse2_plain.*: plain [0-9a-f]{16} fused [0-9a-f]{16}$/);
      expect(new Set(lines)).toEqual(new Set([lines[0]]));
    },
  );
});
