import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { meanfield } from "./meanfield.ts";

const fixtures = new URL("../scenario/fixtures/", import.meta.url).pathname;
const waves = join(fixtures, "waves.ts");
let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "command-test-"));
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(out, { recursive: true }));

describe("a wrong command line", () => {
  it.each([
    [["rn"], 2, "usage", "unknown command 'rn'"],
    [["run"], 2, "usage", "missing required argument 'scenario'"],
    [["run", waves, "--thread", "2"], 2, "usage", "unknown option '--thread'"],
    [["run", waves, "--threads", "0"], 2, "usage", "Expected an integer in [1, 1024]."],
    [["list", "all"], 2, "usage", "too many arguments"],
    [["run", "depth-seperation"], 2, "unknown-scenario", "depth-seperation: no scenario of that name"],
    [["run", "./gone.ts"], 2, "unknown-scenario", "./gone.ts: no such file"],
    [["describe", "nothing-like-it-at-all"], 2, "unknown-scenario", "meanfield list shows all"],
    [["run", join(fixtures, "wave.ts")], 3, "scenario-invalid", "wave.ts: it has no default export"],
    [
      ["run", waves, "part=3"],
      3,
      "unknown-parameter",
      "part: waves has no parameter of that name; did you mean parts?",
    ],
    [["run", waves, "sed=3"], 3, "unknown-parameter", "sed: waves has no parameter of that name; did you mean seed?"],
    [["run", waves, "parts=1,2"], 3, "invalid-value", 'expected one value, got "1,2"; meanfield sweep takes several'],
    [["run", waves, "seed=0..9"], 3, "invalid-value", 'seed: expected one value, got "0..9"; meanfield sweep'],
    [["sweep"], 2, "usage", "missing required argument 'scenario'"],
    [["sweep", "seed=0..9"], 3, "invalid-value", "scenario: expected a scenario's name or file before its parameters"],
    [
      ["sweep", waves, "--keep-going", "--fail-fast"],
      2,
      "usage",
      "'--keep-going' cannot be used with option '--fail-fast'",
    ],
    [["sweep", waves, "sed=0..9"], 3, "unknown-parameter", "did you mean seed?"],
    [["sweep", waves, "parts=1,1.0"], 3, "invalid-value", "parts=1 seed="],
    [["run", waves, "parts=many"], 3, "invalid-value", 'parts: expected an integer in [1, 20], got "many"'],
    [
      ["run", waves, "scale=Infinity"],
      3,
      "invalid-value",
      'scale: expected a finite number in (0, 10], got "Infinity"',
    ],
    [["run", waves, "limit=NaN"], 3, "invalid-value", "limit: expected a finite number, or none"],
    [["run", waves, "trouble=non"], 3, "invalid-value", "did you mean none?"],
    [["run", waves, "parts"], 3, "invalid-value", "parts: expected key=value"],
    [["run", waves, "parts="], 3, "invalid-value", "parts: expected a value after ="],
    [["run", waves, "=3"], 3, "invalid-value", "expected key=value"],
    [["run", waves, "parts= "], 3, "invalid-value", "leave parts out for its default"],
    [["run", waves, "parts=1", "parts=2"], 3, "invalid-value", 'given once, got "parts=1 parts=2"; leave one'],
    [["run", waves, ""], 3, "invalid-value", "parameters: expected key=value"],
    [["run", waves, "__proto__=1"], 3, "unknown-parameter", "__proto__: waves has no parameter of that name"],
    [["run", waves, "--parts=2"], 2, "usage", "unknown option '--parts=2'"],
    [["run", waves, "--seed", "--events"], 2, "usage", "'--seed <seed>' argument '--events' is invalid"],
    [["run", waves, "--seed", ""], 2, "usage", "Expected an integer or a text"],
    [["run", waves, "--engine", "fast"], 2, "usage", "Expected one of auto, native, wasm, reference."],
    [["run", waves, "--arithmetic", ""], 2, "usage", "Expected one of auto, fused, plain."],
    [
      ["run", waves, "--engine", "reference", "--arithmetic", "fused"],
      3,
      "engine-unavailable",
      "engine: expected an engine that works here in fused arithmetic, got reference (reference: it computes in plain",
    ],
    [["run", waves, "--out", ""], 2, "usage", "Expected a folder"],
    [["run", waves, "--out", waves], 3, "invalid-value", "waves.ts is not a folder; give another one"],
    [["run", waves, "--out", "/proc/none"], 1, "file-failed", "/proc/none: could not make"],
    [["run", ""], 2, "usage", "Expected a name or a file"],
    [["repeat", ""], 2, "usage", "Expected a folder"],
    [["run", waves, "seed="], 3, "invalid-value", "seed: expected a value after ="],
    [["run", waves, "seed=1", "--seed", "2"], 3, "invalid-value", "seed: expected one seed"],
    [["ls", "gone"], 1, "file-failed", "gone: no such folder; give sweeps/<scenario>/<sweep-id>"],
    [["ls", fixtures], 1, "file-failed", "neither a sweep folder nor a run folder"],
    [["ls", fixtures, "--sort", ""], 2, "usage", "Expected a column, or -column."],
    [["ls", fixtures, "--columns", "id,,seed"], 2, "usage", "Expected columns with commas between them."],
    [["report", "gone"], 1, "file-failed", "gone: no run folder"],
    [["repeat", "gone"], 1, "file-failed", "gone: no run folder"],
  ])("%j exits with %i and one document", async (words, code, errorCode, message) => {
    const elsewhere = words[0] === "run" && !words.includes("--out") ? ["--out", join(out, "never")] : [];
    const end = await meanfield(...words, ...elsewhere, "--json");
    expect(end.code).toBe(code);
    expect(end.stdout.trim().split("\n")).toHaveLength(1);
    const { status, error } = JSON.parse(end.stdout);
    expect(status).toBe(code === 1 ? "failed" : "invalid");
    expect(error.code).toBe(errorCode);
    expect(error.message).toContain(message);
    expect(Object.keys(error)).toEqual(["code", "message", "path", "expected", "got", "suggestion"]);
    expect(end.stderr).toContain(message);
    expect(readdirSync(out)).not.toContain("never");
  });

  it("without a command says how to see them", async () => {
    const { code, stderr } = await meanfield();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: meanfield(.|\n)* report (.|\n)*\nerror: a command is missing; .*\n$/);
  });

  it("suggests what was meant", async () => {
    expect((await meanfield("run", waves, "--parts", "2")).stderr).toContain("written as parts=value, without --");
    expect((await meanfield("run", waves, "--sed", "1")).stderr).toContain("Did you mean --seed?");
    expect((await meanfield("descrbe")).stderr).toContain("Did you mean describe?");
  });
});

describe("what people read", () => {
  it("goes to standard error, and nothing to standard output", async () => {
    const ends = [
      await meanfield("list"),
      await meanfield("describe", waves),
      await meanfield("--help"),
      await meanfield("run", waves, "parts=1", "--out", out, "seed=1"),
      await meanfield("run", waves, "parts=1", "--out", out, "seed=1", "--dry-run"),
    ];
    for (const { code, stdout, stderr } of ends) {
      expect([code, stdout]).toEqual([0, ""]);
      expect(stderr).not.toContain("\x1b[");
      expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
    }
  });

  it("describes each parameter with type, range, unit, default and meaning", async () => {
    const { stderr } = await meanfield("describe", waves);
    const line = stderr.split("\n").find((text) => text.startsWith("scale"));
    expect(line).toMatch(/^scale +number +\(0, 10\] +1\.73205 +factor of the phases \(default: sqrt\(parts\)\)$/);
    expect(stderr).toContain("--short: terms=10");
  });

  it("shows the headline first, then claims with their verdicts", async () => {
    const { stderr, code } = await meanfield("run", waves, "parts=1", "trouble=claim", "--out", out, "seed=1");
    expect(code).toBe(1);
    const lines = stderr.split("\n").filter((text) => text !== "");
    expect(lines[1]).toMatch(/^largest {2}/);
    expect(stderr).toMatch(
      /fails +bounded: .*, expected <= -1.*\n +The largest sum is bounded \[our derivation\]\n0 of 1 claim holds, 1 fails\./,
    );
    expect(stderr).toContain("report.html");
  });

  it("is left out with --quiet", async () => {
    expect((await meanfield("run", waves, "parts=1", "--out", out, "seed=9", "--quiet")).stderr).toBe("");
  });
});

describe("a run that cannot complete", () => {
  it("exits with 4 where a simulation diverges, keeps its records, and does not try again", async () => {
    const words = ["run", join(fixtures, "drift.ts"), "stepSize=1000", "seed=1", "--json", "--out", out];
    const { code, stdout, stderr } = await meanfield(...words);
    const { status, error, dir } = JSON.parse(stdout);
    expect([code, status, error.code]).toEqual([4, "diverged", "diverged"]);
    expect(stderr).toContain("lower stepSize");
    expect(readFileSync(join(dir, "metrics.jsonl"), "utf8")).toContain('"step":0');
    expect((await meanfield(...words)).stdout).toBe(stdout);
  });

  it("writes no report with --no-report, which can be had later", async () => {
    const words = ["run", waves, "parts=1", "seed=31", "--json", "--no-report", "--out", out];
    const { stdout, stderr } = await meanfield(...words);
    const { dir } = JSON.parse(stdout);
    expect(stderr).not.toContain("Report");
    expect(readdirSync(dir)).not.toContain("report.html");
    await meanfield("report", dir);
    expect(readdirSync(dir)).toContain("report.html");
  });
});

describe("the engine of a run", () => {
  it("stands in the header, in the dry run and in the document, and a stored result of another one says so", async () => {
    const words = ["run", join(fixtures, "drift.ts"), "steps=20", "seed=41", "--engine", "reference", "--no-report"];
    const text = "reference (TypeScript), plain multiply-add";
    const dry = await meanfield(...words, "--out", out, "--dry-run", "--json");
    expect(dry.stderr).toContain(`  engine   ${text}\n`);
    expect(JSON.parse(dry.stdout).engine).toMatchObject({ name: "reference", numerics: "reference" });
    const { stdout, stderr } = await meanfield(...words, "--out", out, "--json");
    const { id, dir, engines } = JSON.parse(stdout);
    expect(stderr.split("\n")[0]).toBe(`drift ${id} on ${text}`);
    expect(stderr).not.toContain("Steps were taken");
    expect(engines).toEqual([JSON.parse(dry.stdout).engine]);
    const path = join(dir, "provenance.json");
    const fused = {
      name: "native",
      instructions: "AVX2",
      arithmetic: "fused",
      numerics: "fused",
      precision: "float64",
    };
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), used: [fused] }));
    expect((await meanfield(...words, "--out", out)).stderr.replace(/\s+/g, " ")).toContain(
      `Steps were taken on native (AVX2), fused multiply-add; this command would take ${text} where it can.`,
    );
  });

  it("by the environment, where it cannot be had, is refused with the variable's name", async () => {
    process.env.MEANFIELD_ARITHMETIC = "fused";
    try {
      const { code, stdout } = await meanfield(
        "run",
        waves,
        "--engine",
        "reference",
        "--out",
        join(out, "not"),
        "--json",
      );
      expect([code, JSON.parse(stdout).error.code]).toEqual([3, "engine-unavailable"]);
      process.env.MEANFIELD_ARITHMETIC = "exact";
      const wrong = await meanfield("run", waves, "--out", join(out, "not"), "--json");
      expect([wrong.code, JSON.parse(wrong.stdout).error.path]).toEqual([3, "MEANFIELD_ARITHMETIC"]);
    } finally {
      delete process.env.MEANFIELD_ARITHMETIC;
    }
    expect(readdirSync(out)).not.toContain("not");
  });

  it("is refused with what to lower where a simulation is too large, in a dry run too", async () => {
    // More than WebAssembly can address, on a machine of any size.
    const sizes = ["dimension=2000", "firstLayerWidth=100000", "--engine", "wasm"];
    for (const more of [[], ["--dry-run"]]) {
      const words = ["run", "depth-separation", ...sizes, ...more, "--out", join(out, "not"), "--json"];
      const { code, stdout, stderr } = await meanfield(...words);
      expect([code, JSON.parse(stdout).error.code]).toEqual([3, "out-of-memory"]);
      expect(stderr).toContain("(bottleneck network, w 100000 x 2000, v 16, b 16, a 16, float64, 128 points a batch)");
      expect(stderr).toContain("; lower the widths or the dimension");
    }
    expect(readdirSync(out)).not.toContain("not");
  });
});

describe("documents", () => {
  it("list all scenarios with their parameters", async () => {
    const scenarios = JSON.parse((await meanfield("list", "--json")).stdout);
    for (const scenario of scenarios) {
      expect(scenario).toMatchObject({
        name: expect.any(String),
        title: expect.any(String),
        sources: expect.any(Array),
      });
      for (const parameter of scenario.parameters) {
        expect(Object.keys(parameter)).toEqual(
          expect.arrayContaining(["name", "type", "unit", "min", "max", "choices", "default", "defaultText", "help"]),
        );
      }
    }
  });

  it("describe a user's file", async () => {
    const { parameters } = JSON.parse((await meanfield("describe", waves, "--json")).stdout);
    expect(parameters).toContainEqual({
      name: "scale",
      type: "number",
      unit: null,
      min: 0,
      max: 10,
      exclusiveMin: true,
      exclusiveMax: false,
      choices: null,
      nullable: false,
      default: Math.sqrt(3),
      defaultText: "sqrt(parts)",
      help: "factor of the phases",
    });
  });

  it("tell what a run would do, which then does it", async () => {
    const words = ["run", waves, "parts=1", "--short", "--out", out, "seed=77"];
    const plan = JSON.parse((await meanfield(...words, "--dry-run", "--json")).stdout);
    expect(plan).toMatchObject({
      status: "planned",
      state: "new",
      members: [{ name: "wave-0" }],
      parameters: { terms: 10 },
    });
    const events = (await meanfield(...words, "--events")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event).filter((event) => event !== "progress")).toEqual([
      "started",
      "member",
      "result",
    ]);
    expect(events.at(-1)).toMatchObject({ status: "completed", id: plan.id });
    const files = readdirSync(plan.dir);
    expect(files).toEqual(expect.arrayContaining(plan.files.filter((name: string) => !name.includes(" "))));
    expect(JSON.parse((await meanfield("repeat", plan.dir, "--json")).stdout)).toMatchObject({
      status: "completed",
      same: true,
    });
    expect(JSON.parse((await meanfield("report", plan.dir, "--json")).stdout).html).toContain("report.html");
  });
});
