import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planRun } from "../../src/runs/plan.ts";
import { prepareRun } from "../../src/runs/prepare-run.ts";
import { readRun } from "../../src/runs/read-run.ts";
import { repeatRun } from "../../src/runs/repeat-run.ts";
import { type RunEvent, type RunOptions, runLoaded } from "../../src/runs/run-scenario.ts";
import { type LoadedScenario, loadScenario } from "../../src/scenario/load.ts";

let waves: LoadedScenario;
let out = "";
beforeAll(async () => {
  waves = await loadScenario(new URL("../scenario/fixtures/waves.ts", import.meta.url).pathname);
});
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "run-test-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** One member unless told otherwise: it runs in this thread, so that most tests start no pool. */
const run = (parameters: Record<string, unknown> = {}, options: RunOptions & { out?: string; seed?: number } = {}) =>
  runLoaded(waves, { parameters: { parts: 1, ...parameters }, seed: 7, out, threads: 2, ...options });

/** All that must be equal on repetition, by path. */
function resultFiles(dir: string): Record<string, string> {
  const names = ["metrics.jsonl", "figures.json", "result.json"];
  const arrays = existsSync(join(dir, "particles"))
    ? readdirSync(join(dir, "particles"), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".npy"))
        .map((path) => join("particles", path))
    : [];
  return Object.fromEntries(
    [...names, ...arrays.sort()].map((name) => [name, readFileSync(join(dir, name), "latin1")]),
  );
}

describe("a run", () => {
  it("leaves a folder whose files agree with each other", async () => {
    const outcome = await run({ parts: 3 });
    expect(outcome).toMatchObject({ status: "completed", scenario: "waves", seed: 7, isStored: false, error: null });
    expect(outcome.claims).toMatchObject([{ id: "bounded", verdict: "holds", pass: true }]);
    const stored = readRun(outcome.dir);
    expect(stored.result?.summary).toEqual(outcome.summary);
    expect(stored.figures).toHaveLength(1);
    expect(stored.config.parameters).toEqual({
      parts: 3,
      terms: 100,
      scale: Math.sqrt(3),
      pauseMs: 0,
      trouble: "none",
      limit: null,
    });
    expect(Object.keys(stored.timing?.members ?? {})).toEqual(["wave-0", "wave-1", "wave-2"]);
    expect(stored.provenance).toMatchObject({ threads: 2, node: process.versions.node });
    expect(readdirSync(outcome.dir).sort()).toEqual([
      "config.json",
      "figures.json",
      "imports",
      "metrics.jsonl",
      "particles",
      "provenance.json",
      "result.json",
      "scenario.mjs",
      "timing.json",
    ]);
  });

  it("has the same bytes for one to four threads", async () => {
    const files = [];
    for (const threads of [1, 2, 3, 4]) {
      const { dir } = await run({ parts: 5 }, { threads, out: join(out, String(threads)) });
      files.push(resultFiles(dir));
    }
    for (const other of files) expect(other).toEqual(files[0]);
    expect(Object.keys(files[0])).toHaveLength(3 + 5);
  });

  it("that has ended is read, not run again, unless it is forced", async () => {
    const first = await run();
    const before = readFileSync(join(first.dir, "timing.json"), "utf8");
    const again = await run();
    expect(again).toEqual({ ...first, isStored: true });
    expect(readFileSync(join(first.dir, "timing.json"), "utf8")).toBe(before);
    const files = resultFiles(first.dir);
    const forced = await run({}, { force: true });
    expect(forced.isStored).toBe(false);
    expect(readFileSync(join(first.dir, "timing.json"), "utf8")).not.toBe(before);
    expect(resultFiles(first.dir)).toEqual(files);
  });

  it("has an id and results of its own for each seed and each parameter", async () => {
    const ids = [await run(), await run({ terms: 99 }), await run({}, { seed: 8 })];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(3);
    expect(new Set(ids.map(({ summary }) => summary.largest)).size).toBe(3);
  });

  it("draws a seed when none is given, and records it", async () => {
    const { seed, dir } = await runLoaded(waves, { parameters: { parts: 1 }, out });
    expect(Number.isSafeInteger(seed)).toBe(true);
    expect(readRun(dir).config.seed).toBe(seed);
  });

  it("tells what happens", async () => {
    const events: RunEvent[] = [];
    await run({ parts: 3, pauseMs: 300 }, { onEvent: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ event: "started", scenario: "waves", members: ["wave-0", "wave-1", "wave-2"] });
    expect(events.filter(({ event }) => event === "member")).toHaveLength(3);
    const fractions = events.flatMap((event) => (event.event === "progress" ? [event.fraction] : []));
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  it("of one member runs in this thread, with all threads for its simulation", async () => {
    expect((await run({ parts: 1, trouble: "threads" }, { threads: 3 })).summary.threads).toEqual([3]);
    expect((await run({ parts: 2, trouble: "threads" }, { threads: 3 })).summary.threads).toEqual([1, 1]);
  });

  it.each([
    [{ terms: 0 }, "terms: expected an integer in [1, 1000000], got 0"],
    [{ trouble: "thow" }, "did you mean throw?"],
    [{ term: 3 }, "did you mean terms?"],
  ])("with bad parameters %j creates nothing on disk", async (parameters, message) => {
    await expect(async () => run(parameters)).rejects.toThrow(message);
    expect(readdirSync(out)).toEqual([]);
  });

  it.each([0, 1.5, Number.NaN, 2000])("on %s threads is refused before anything is written", async (threads) => {
    await expect(run({}, { threads })).rejects.toThrow("threads: expected an integer in [1, 1024]");
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("a run in trouble", () => {
  it.each([
    ["throw", 3, "user-function-failed", "wave-1", "TypeError: the wave broke"],
    ["throw", 1, "user-function-failed", "wave-0", "TypeError: the wave broke"],
    [
      "nan",
      3,
      "not-finite",
      "wave-1",
      'wave-1.result.sum: expected a finite number, got NaN; return null for "not measured"',
    ],
    ["nan", 1, "not-finite", "wave-0", "wave-0.result.sum: expected a finite number, got NaN"],
    ["exit", 3, "worker-failed", "wave-1", "a worker thread exited with code 3"],
    ["summary", 1, "user-function-failed", null, "RangeError: no summary"],
    ["twin-claims", 1, "invalid-value", null, "claims[1].id: expected an id used once"],
  ])("by %s with %i members fails with what happened", async (trouble, parts, code, member, message) => {
    const { status, error, dir } = await run({ trouble, parts });
    expect(status).toBe("failed");
    expect(error).toEqual({ code, member, message: expect.stringContaining(message), step: null });
    expect(readRun(dir).result).toMatchObject({ status: "failed", summary: {}, claims: [] });
  });

  it("runs only what failed when started again", async () => {
    const { dir } = await run({ parts: 3, trouble: "throw" });
    const finished = readFileSync(join(dir, "members/wave-2/result.json"), "utf8");
    const members: RunEvent[] = [];
    expect((await run({ parts: 3, trouble: "throw" }, { onEvent: (event) => members.push(event) })).isStored).toBe(
      false,
    );
    expect(members).toContainEqual({ event: "member", member: "wave-2", status: "completed" });
    expect(readFileSync(join(dir, "members/wave-2/result.json"), "utf8")).toBe(finished);
    expect(readdirSync(join(dir, "members")).sort()).toEqual(["wave-0", "wave-1", "wave-2"]);
  });

  it("with a claim that fails has completed all the same", async () => {
    const { status, claims } = await run({ trouble: "claim" });
    expect(status).toBe("completed");
    expect(claims).toMatchObject([{ verdict: "fails", pass: false }]);
  });
});

describe("a run that is stopped", () => {
  it("goes on with what is left, to the same bytes", async () => {
    const whole = await run({ parts: 3, pauseMs: 100 }, { out: join(out, "whole") });
    const controller = new AbortController();
    const stopped = await run(
      { parts: 3, pauseMs: 100 },
      { threads: 1, signal: controller.signal, onEvent: ({ event }) => event === "member" && controller.abort() },
    );
    expect(stopped.status).toBe("cancelled");
    expect(existsSync(join(stopped.dir, "result.json"))).toBe(false);
    expect(existsSync(join(stopped.dir, "lock"))).toBe(false);
    const ended: string[] = [];
    const resumed = await run({ parts: 3, pauseMs: 100 }, { onEvent: ({ event }) => ended.push(event) });
    expect(resumed.status).toBe("completed");
    expect(resultFiles(resumed.dir)).toEqual(resultFiles(whole.dir));
  });

  it("before it starts leaves nothing finished", async () => {
    const outcome = await run({}, { signal: AbortSignal.abort() });
    expect(outcome.status).toBe("cancelled");
  });
});

describe("a run folder", () => {
  it("is written by one at a time; the other is told who has it", async () => {
    const options = { pauseMs: 300 };
    const [one, two] = await Promise.allSettled([run(options), run(options)]);
    expect([one.status, two.status].sort()).toEqual(["fulfilled", "rejected"]);
    const refused = one.status === "rejected" ? one : two;
    expect(refused).toMatchObject({ reason: { code: "run-locked" } });
  });

  it.each(["metrics.jsonl", "figures.json", "result.json", "particles/wave-0/sum.npy"])(
    "with a damaged %s is refused until it is forced",
    async (name) => {
      const { dir } = await run();
      appendFileSync(join(dir, name), " ");
      await expect(run()).rejects.toThrow(
        expect.objectContaining({ code: "run-damaged", message: expect.stringContaining(name) }),
      );
      expect(() => readRun(dir)).toThrow("--force");
      expect((await run({}, { force: true })).status).toBe("completed");
    },
  );

  it("with a missing file or another run's result is refused", async () => {
    const { dir } = await run();
    const other = await run({ terms: 5 });
    const result = readFileSync(join(dir, "result.json"));
    writeFileSync(join(dir, "result.json"), readFileSync(join(other.dir, "result.json")));
    expect(() => readRun(dir)).toThrow(`it belongs to run ${other.id}`);
    writeFileSync(join(dir, "result.json"), result);
    rmSync(join(dir, "figures.json"));
    expect(() => readRun(dir)).toThrow("figures.json: it has gone");
  });

  it("of an unfinished run with another run's config is refused", async () => {
    const { dir } = await run({ trouble: "throw" });
    const other = await run({ terms: 5 });
    writeFileSync(join(dir, "config.json"), readFileSync(join(other.dir, "config.json")));
    await expect(run({ trouble: "throw" })).rejects.toThrow(/belongs to run|describes another run/);
  });

  it("that cannot be made is told before anything runs", async () => {
    writeFileSync(join(out, "file"), "");
    await expect(run({}, { out: join(out, "file") })).rejects.toMatchObject({
      code: "invalid-value",
      details: { path: "out" },
    });
  });

  it("that is none is told so", () => {
    mkdirSync(join(out, "empty"));
    expect(() => readRun(join(out, "empty"))).toThrow("no run folder (config.json and provenance.json)");
  });
});

describe("repeatRun", () => {
  it("gives the same bits from the folder alone", async () => {
    const { dir } = await run();
    expect(await repeatRun(dir, { threads: 1 })).toMatchObject({ same: true, differences: [], isCodeChanged: false });
  });

  it("tells the first line that differs, and that the code has changed", async () => {
    const { dir } = await run();
    const bundle = readFileSync(join(dir, "scenario.mjs"), "utf8");
    writeFileSync(join(dir, "scenario.mjs"), bundle.replace("/ term", "/ (term + 1)"));
    const { same, differences, isCodeChanged } = await repeatRun(dir, { threads: 1 });
    expect({ same, isCodeChanged }).toEqual({ same: false, isCodeChanged: true });
    const figures = differences.find(({ file }) => file === "figures.json");
    const stored = readFileSync(join(dir, "figures.json"), "utf8").split("\n");
    expect(figures?.expected).toBe(stored[(figures?.line ?? 0) - 1]);
    expect(figures?.got).not.toBe(figures?.expected);
    // Its own checksum differs whenever anything does: the first line of content is told instead.
    expect(differences.find(({ file }) => file === "result.json")?.expected).not.toContain("checksum");
  });

  it("refuses a run that has not ended", async () => {
    const { dir } = await run({}, { signal: AbortSignal.abort() });
    await expect(repeatRun(dir)).rejects.toThrow("this run has not ended");
  });
});

describe("planRun", () => {
  it("tells state, members, cost and the last run's time, and creates nothing", async () => {
    const prepare = () => prepareRun(waves, { parameters: { parts: 1, pauseMs: 50 }, seed: 7, out });
    expect(planRun(prepare())).toMatchObject({
      state: "new",
      members: [{ name: "wave-0" }],
      estimate: { seconds: 0.05, bytes: 8e6 },
      previous: null,
    });
    expect(readdirSync(out)).toEqual([]);
    const { id } = await run({ pauseMs: 50 });
    expect(planRun(prepare())).toMatchObject({ state: "ended", previous: { id } });
  });
});
