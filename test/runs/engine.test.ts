import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EngineUse, engineUse, referenceEngine, surveyEngines } from "../../src/engines/index.ts";
import type { RunProvenance } from "../../src/runs/files.ts";
import { prepareRun } from "../../src/runs/prepare-run.ts";
import { readRun } from "../../src/runs/read-run.ts";
import { distinctUses, neededNumerics, preferenceFor } from "../../src/runs/recorded-engine.ts";
import { repeatRun } from "../../src/runs/repeat-run.ts";
import { runMembers } from "../../src/runs/run-members.ts";
import { type RunOptions, runLoaded, runPrepared } from "../../src/runs/run-scenario.ts";
import { type LoadedScenario, loadScenario } from "../../src/scenario/load.ts";

let drift: LoadedScenario;
let waves: LoadedScenario;
let out = "";
beforeAll(async () => {
  const fixture = (name: string) => loadScenario(new URL(`../scenario/fixtures/${name}`, import.meta.url).pathname);
  [drift, waves] = [await fixture("drift.ts"), await fixture("waves.ts")];
});
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "engine-test-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const reference = engineUse(referenceEngine, "float64");
const request = () =>
  ({ parameters: { steps: 30 }, seed: 1, out, lock: null, threads: 1, engine: "reference" }) as const;
const run = (options: RunOptions = {}) => runLoaded(drift, { ...request(), ...options });

/** Writes what another engine would have left. */
function recordAs(dir: string, change: Partial<RunProvenance>): void {
  const path = join(dir, "provenance.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
}

const other: EngineUse = {
  name: "native",
  instructions: "AVX-512",
  arithmetic: "fused",
  numerics: "fused",
  precision: "float64",
};

describe("a run's engine", () => {
  it.each([1, 2])("is recorded in its provenance and nowhere in its result (%i members)", async (members) => {
    const { dir, engines, status } = await runLoaded(drift, { ...request(), parameters: { steps: 30, members } });
    expect([status, engines]).toEqual(["completed", [reference]]);
    expect(readRun(dir).provenance).toMatchObject({ engine: reference, used: [reference] });
    for (const name of ["result.json", "metrics.jsonl", "figures.json", "config.json"]) {
      expect(readFileSync(join(dir, name), "utf8")).not.toMatch(/reference|numerics|plain/);
    }
  });

  it("is none where no simulation ran, of a stored result too", async () => {
    const first = await runLoaded(waves, { parameters: { parts: 1 }, seed: 1, out, threads: 1 });
    expect(first.engines).toEqual([]);
    expect(readRun(first.dir).provenance.used).toEqual([]);
    const simulated = await run();
    expect(await run()).toEqual({ ...simulated, isStored: true });
  });

  it.each([1, 2])("is what each member's simulations are asked to take (%i members)", async (members) => {
    const prepared = prepareRun(drift, { ...request(), parameters: { steps: 30, members } });
    // A wish that no engine can meet shows that it has arrived.
    const impossible = { ...prepared, preference: { engine: "reference", arithmetic: "fused" } } as const;
    const outcome = await runPrepared(impossible, { threads: 2 });
    expect([outcome.status, outcome.error?.code, outcome.error?.member]).toEqual([
      "failed",
      "engine-unavailable",
      "replica-0",
    ]);
    const { signal } = new AbortController();
    const ends = await runMembers(prepared, {
      lock: null,
      threads: 2,
      pool: null,
      checkpointMs: 1000,
      signal,
      onProgress: undefined,
      onMember: undefined,
    });
    expect([...ends.values()].map(({ status }) => status)).toEqual(Array.from({ length: members }, () => "completed"));
  });

  it("is no part of the run's id", () => {
    const ids = [request(), { ...request(), engine: "auto" as const }].map((each) => prepareRun(drift, each).config.id);
    expect(ids[0]).toBe(ids[1]);
  });

  it("comes from the environment where the run leaves it open, with the variable named where it is wrong", () => {
    const { engine: _, ...open } = request();
    process.env.MEANFIELD_ENGINE = "reference";
    try {
      expect(prepareRun(drift, open)).toMatchObject({ engine: reference, preference: { engine: "reference" } });
      process.env.MEANFIELD_ENGINE = "refrence";
      expect(() => prepareRun(drift, open)).toThrow('did you mean "reference"?');
      expect(() => prepareRun(drift, open)).toThrow(/^MEANFIELD_ENGINE: /);
      expect(prepareRun(drift, request()).engine).toEqual(reference);
    } finally {
      delete process.env.MEANFIELD_ENGINE;
    }
  });

  it("is refused before anything is written where it does not work", async () => {
    await expect(runLoaded(drift, { ...request(), arithmetic: "fused" })).rejects.toMatchObject({
      code: "engine-unavailable",
    });
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("a run that was begun with other numerics", () => {
  /** An interrupted run whose steps so far were taken by `other`. */
  async function begun(): Promise<string> {
    const controller = new AbortController();
    const { status, dir } = await run({
      signal: controller.signal,
      onEvent: ({ event }) => event === "started" && controller.abort(),
    });
    expect(status).toBe("cancelled");
    recordAs(dir, { engine: other });
    return dir;
  }
  const filesOf = (dir: string) =>
    Object.fromEntries(
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "lock")
        .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "latin1")]),
    );

  it("does not go on, says what to do, and stays as it is", async () => {
    const dir = await begun();
    const before = filesOf(dir);
    await expect(run()).rejects.toMatchObject({
      code: "unsupported-combination",
      message: `${dir}: expected to go on with the bits that it was begun with (native (AVX-512), fused multiply-add), got reference (TypeScript), plain multiply-add, which would not give those of an uninterrupted run; add --arithmetic fused to go on, or --force to start it again`,
    });
    expect(filesOf(dir)).toEqual(before);
  });

  it("goes on, half way, on another engine of the same numerics to the bytes of one never stopped", async () => {
    const works = (name: string) => surveyEngines().some((each) => each.name === name && each.available);
    // Long enough that progress is told before the end, on the fastest engine too.
    // Without the addon the same engine goes on, which must give the same bytes all the more.
    const first = works("native") ? "native" : "wasm";
    const plan = { ...request(), parameters: { steps: 100_000 }, arithmetic: "plain" } as const;
    const whole = await runLoaded(drift, { ...plan, engine: first, out: join(out, "whole") });
    const controller = new AbortController();
    const stopped = await runLoaded(drift, {
      ...plan,
      engine: first,
      signal: controller.signal,
      onEvent: (event) => event.event === "progress" && event.fraction > 0 && controller.abort(),
    });
    expect(stopped.status).toBe("cancelled");
    const checkpoint = readFileSync(join(stopped.dir, "members/replica-0/checkpoint.bin"), "latin1");
    expect(JSON.parse(checkpoint.split("\n")[0])).toMatchObject({ finished: false, engines: [{ name: first }] });
    const resumed = await runLoaded(drift, { ...plan, engine: "wasm" });
    expect(resumed.engines.map(({ name }) => name)).toEqual(first === "wasm" ? ["wasm"] : ["native", "wasm"]);
    for (const name of ["result.json", "metrics.jsonl", "particles/replica-0/particles.npy"]) {
      expect(readFileSync(join(resumed.dir, name), "latin1")).toBe(readFileSync(join(whole.dir, name), "latin1"));
    }
  });

  it("starts again where that is wanted, and goes on where the numerics are the same", async () => {
    const dir = await begun();
    expect((await run({ force: true })).status).toBe("completed");
    rmSync(dir, { recursive: true });
    await begun();
    recordAs(dir, { engine: { ...reference, instructions: "another TypeScript" } });
    expect((await run()).status).toBe("completed");
  });
});

describe("a repetition", () => {
  it("takes the numerics that are recorded, whatever the environment prefers", async () => {
    const { dir } = await run();
    process.env.MEANFIELD_ARITHMETIC = "fused";
    try {
      expect(await repeatRun(dir)).toMatchObject({ status: "completed", same: true });
    } finally {
      delete process.env.MEANFIELD_ARITHMETIC;
    }
  });

  it("says why it cannot be had where no engine here has those numerics", async () => {
    const { dir } = await run();
    // The order of sums of the reference engine is its own: neither a missing nor a working wasm engine has its bits.
    await expect(repeatRun(dir, { engine: "wasm" })).rejects.toMatchObject({
      code: "engine-unavailable",
      message: expect.stringContaining(
        `${dir}: expected to repeat the bits of reference (TypeScript), plain multiply-add, which cannot be had here: `,
      ),
    });
    recordAs(dir, { engine: other, used: [other] });
    await expect(repeatRun(dir, { engine: "reference" })).rejects.toThrow(
      "the bits of native (AVX-512), fused multiply-add, which cannot be had here: engine: expected an engine that works here in fused arithmetic, got reference",
    );
  });

  it("needs no numerics where the run's own engine took no step", () => {
    const provenance = (engine: EngineUse, ...used: readonly EngineUse[]) => ({ engine, used }) as RunProvenance;
    expect(neededNumerics(provenance(other))).toBeNull();
    expect(neededNumerics(provenance(other, reference))).toBeNull();
    expect(neededNumerics(provenance(other, reference, other))).toBe("fused");
  });

  it.each([
    [null, undefined, { engine: "auto", arithmetic: "auto" }],
    ["fused", undefined, { engine: "auto", arithmetic: "fused" }],
    ["plain", "wasm", { engine: "wasm", arithmetic: "plain" }],
    ["reference", undefined, { engine: "reference", arithmetic: "plain" }],
    ["reference", "native", { engine: "native", arithmetic: "plain" }],
  ] as const)("of a run with %s numerics on engine %s asks for %j", (numerics, engine, preference) => {
    expect(preferenceFor(numerics, engine)).toEqual(preference);
  });
});

it("uses are told once each, by engine, instructions, arithmetic and precision", () => {
  const single = { ...other, precision: "float32" } as const;
  expect(distinctUses([other, reference, { ...other }, single, reference])).toEqual([other, reference, single]);
});
