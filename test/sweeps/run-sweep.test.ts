import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readRun } from "../../src/runs/index.ts";
import { type LoadedScenario, loadScenario } from "../../src/scenario/index.ts";
import {
  prepareSweep,
  readSweep,
  reopenSweep,
  runSweep,
  type SweepEvent,
  type SweepOptions,
  type SweepOutcome,
  type SweepRequest,
} from "../../src/sweeps/index.ts";

let waves: LoadedScenario;
let out = "";
beforeAll(async () => {
  waves = await loadScenario(new URL("../scenario/fixtures/waves.ts", import.meta.url).pathname);
});
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "sweep-test-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const prepare = (parameters: Record<string, unknown>, request: SweepRequest = {}) =>
  prepareSweep(waves, { parameters: { parts: 1, ...parameters }, out, ...request });
const run = (parameters: Record<string, unknown>, options: SweepOptions = {}, request: SweepRequest = {}) =>
  runSweep(prepare(parameters, request), { jobs: 2, ...options });

const statuses = ({ plan, ends }: SweepOutcome) => plan.points.map(({ id }) => ends.get(id)?.status ?? "missing");

/** The bytes of everything below a sweep's points that must be equal on repetition. */
function resultFiles(dir: string): Record<string, string> {
  const points = join(dir, "points");
  const names = readdirSync(points, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(metrics\.jsonl|figures\.json|result\.json|\.npy)$/.test(path),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(points, name), "latin1")]));
}

describe("a sweep", () => {
  it("runs every point once, leaves a run folder for each, and reads them when asked again", async () => {
    const events: SweepEvent[] = [];
    const outcome = await run({ terms: "10,20", seed: "0..4" }, { onEvent: (event) => events.push(event) });
    expect(outcome.status).toBe("completed");
    expect(statuses(outcome)).toEqual(Array.from({ length: 10 }, () => "completed"));
    expect(events.filter(({ event }) => event === "point")).toHaveLength(10);
    const { points } = readSweep(outcome.dir);
    for (const { id, seed, end } of points) {
      const stored = readRun(join(outcome.dir, "points", id));
      expect(stored.config.seed).toBe(seed);
      expect(stored.result?.summary).toEqual(end?.summary);
    }
    const before = resultFiles(outcome.dir);
    const again = await run({ terms: "10,20", seed: "0..4" });
    expect(again.dir).toBe(outcome.dir);
    expect(Object.fromEntries(again.ends)).toEqual(Object.fromEntries(outcome.ends));
    expect(resultFiles(outcome.dir)).toEqual(before);
  });

  it("gives each point the bytes of the run that it is", async () => {
    const { runLoaded } = await import("../../src/runs/index.ts");
    const outcome = await run({ terms: "10", parts: "1,3", seed: "7" });
    for (const [index, parts] of [1, 3].entries()) {
      const alone = await runLoaded(waves, { parameters: { parts, terms: 10 }, seed: 7, out: join(out, "alone") });
      expect(alone.id).toBe(outcome.plan.points[index].id);
      const dir = join(outcome.dir, "points", alone.id);
      for (const file of ["metrics.jsonl", "figures.json", "result.json"]) {
        expect(readFileSync(join(dir, file), "utf8")).toBe(readFileSync(join(alone.dir, file), "utf8"));
      }
    }
  });

  it("goes on from an interruption to the bytes of a sweep without one", async () => {
    const parameters = { parts: "1,2,3", pauseMs: 60, seed: "0..5" };
    const whole = await run(parameters, {}, { out: join(out, "whole") });
    const controller = new AbortController();
    let ended = 0;
    const stopped = await run(parameters, {
      signal: controller.signal,
      onEvent({ event }) {
        if (event === "point") ended += 1;
        if (ended === 5) controller.abort();
      },
    });
    expect(stopped.status).toBe("cancelled");
    expect(statuses(stopped).filter((status) => status === "missing").length).toBeGreaterThan(3);
    const redone: string[] = [];
    const rest = await runSweep(await reopenSweep(stopped.dir), {
      jobs: 2,
      onEvent(event) {
        if (event.event === "point") redone.push(event.point.id);
      },
    });
    expect(rest.status).toBe("completed");
    expect(redone.filter((id) => stopped.ends.has(id))).toEqual([]);
    expect(resultFiles(rest.dir)).toEqual(resultFiles(whole.dir));
  });

  it.each([
    ["throw", "the wave broke"],
    ["exit", "a worker thread exited with code 3"],
    ["nan", "expected a finite number"],
    ["summary", "no summary"],
  ])("turns the trouble %s into that point's end, and runs the others", async (trouble, message) => {
    const outcome = await run({ trouble: `none,${trouble}`, seed: "0..2" });
    expect(statuses(outcome)).toEqual([...Array(3).fill("completed"), ...Array(3).fill("failed")]);
    const end = outcome.ends.get(outcome.plan.points[4].id);
    expect(end?.error?.message).toContain(message);
    expect(end?.summary).toEqual({});
  });

  it("runs failed points again only when asked to", async () => {
    const parameters = { trouble: "none,throw", seed: "0..1" };
    const first = await run(parameters);
    const count = async (options: SweepOptions) => {
      const begun: string[] = [];
      await runSweep(await reopenSweep(first.dir), {
        jobs: 1,
        ...options,
        onEvent(event) {
          if (event.event === "point") begun.push(event.end.status);
        },
      });
      return begun;
    };
    expect(await count({})).toEqual([]);
    expect(await count({ again: ["diverged", "timed-out"] })).toEqual([]);
    expect(await count({ again: ["failed"] })).toEqual(["failed", "failed"]);
  });

  it("ends a point that takes too long, also one that hears nothing, and runs the others", async () => {
    // Beside other tests the start of a thread alone can take seconds, which must not use up the time of a short point.
    const outcome = await run({ trouble: "none,stubborn,hang", pauseMs: "10,30000", seed: 0 }, { timeoutMs: 8000 });
    expect(statuses(outcome)).toEqual(["completed", "timed-out", "completed", "timed-out", "timed-out", "timed-out"]);
    expect(outcome.ends.get(outcome.plan.points[5].id)?.error?.message).toContain("longer than the 8 s");
  }, 120_000);

  it("tries a point again at once whose thread ended, and again at the next start", async () => {
    const parameters = { trouble: "none,exit", seed: 0 };
    const first = await run(parameters, { retries: 2 });
    expect(statuses(first)).toEqual(["completed", "failed"]);
    const again = await runSweep(await reopenSweep(first.dir), { jobs: 1, again: ["failed"] });
    expect(statuses(again)).toEqual(["completed", "failed"]);
    expect(existsSync(join(first.dir, "points", first.plan.points[1].id, "lock"))).toBe(false);
  }, 20_000);

  it("knows from the points' folders alone how each ended, also where its thread was ended", async () => {
    const outcome = await run({ trouble: "none,exit,hang", seed: 0 }, { timeoutMs: 6000 });
    rmSync(join(outcome.dir, "journal"), { recursive: true });
    const { points } = readSweep(outcome.dir);
    expect(points.map(({ end }) => end?.status)).toEqual(["completed", "failed", "timed-out"]);
    expect(points.map(({ end }) => end?.error)).toEqual(
      outcome.plan.points.map(({ id }) => outcome.ends.get(id)?.error ?? null),
    );
  }, 60_000);

  it("starts nothing after a failure when told to fail fast", async () => {
    const outcome = await run({ trouble: "throw", pauseMs: 50, seed: "0..9" }, { failFast: true, jobs: 1 });
    expect(outcome.status).toBe("failed");
    expect(statuses(outcome).filter((status) => status === "failed")).toHaveLength(1);
  });

  it("is cut into shards that share no point and leave none out", async () => {
    const parameters = { seed: "0..6" };
    const parts = [];
    for (const index of [0, 1, 2]) parts.push(await run(parameters, { shard: { index, count: 3 } }));
    const mine = parts.map(({ ends }) => ends.size);
    expect(mine).toEqual([3, 5, 7]);
    expect(readSweep(parts[0].dir).points.every(({ end }) => end?.status === "completed")).toBe(true);
  });

  it("starts the costliest points first", async () => {
    const order: number[] = [];
    await run(
      { parts: "1..4", pauseMs: 100, seed: 0 },
      {
        jobs: 1,
        onEvent(event) {
          if (event.event === "point") order.push(event.place);
        },
      },
    );
    expect(order[0]).toBe(3);
    expect(order[3]).toBe(0);
  });

  it("finds what has ended from the points' folders where the index is gone", async () => {
    const outcome = await run({ seed: "0..3" });
    rmSync(join(outcome.dir, "journal"), { recursive: true });
    const { points } = readSweep(outcome.dir);
    expect(points.map(({ end }) => end?.summary)).toEqual(
      outcome.plan.points.map(({ id }) => outcome.ends.get(id)?.summary),
    );
  });

  it("runs a point again whose result was torn before the index knew of it", async () => {
    const outcome = await run({ seed: "0..1" });
    rmSync(join(outcome.dir, "journal"), { recursive: true });
    const [{ id }] = outcome.plan.points;
    const path = join(outcome.dir, "points", id, "result.json");
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole.slice(0, whole.length / 2));
    const again = await run({ seed: "0..1" });
    expect(statuses(again)).toEqual(["completed", "completed"]);
    expect(readFileSync(path, "utf8")).toBe(whole);
  });

  it("runs points again whose results a power failure took although the index has them", async () => {
    const outcome = await run({ seed: "0..3" });
    const before = resultFiles(outcome.dir);
    const [first, second] = outcome.plan.points.map(({ id }) => join(outcome.dir, "points", id));
    writeFileSync(join(first, "result.json"), "");
    writeFileSync(join(first, "metrics.jsonl"), "");
    rmSync(second, { recursive: true });
    const ended: number[] = [];
    const again = await run(
      { seed: "0..3" },
      {
        onEvent(event) {
          if (event.event === "point") ended.push(event.place);
        },
      },
    );
    expect(ended.sort()).toEqual([0, 1]);
    expect(statuses(again)).toEqual(Array(4).fill("completed"));
    expect(resultFiles(outcome.dir)).toEqual(before);
  });

  it("does not go on with other code unless told to", async () => {
    const outcome = await run({ seed: "0..1" });
    const plan = join(outcome.dir, "scenario.mjs");
    writeFileSync(plan, readFileSync(plan, "utf8").replace("no summary", "a summary"));
    await expect(reopenSweep(outcome.dir)).rejects.toThrow("expected the code that the sweep was planned with");
    const sweep = await reopenSweep(outcome.dir, { allowChangedCode: true });
    expect((await runSweep(sweep, { jobs: 1 })).status).toBe("completed");
  });

  it("keeps the order of typed and typed-in values, and counts a value once however it is written", () => {
    const typed = prepare({ terms: [10, 20], seed: [1, 2] });
    const texts = prepare({ terms: "10,20", seed: "1,2" });
    expect(typed.plan.points.map(({ id }) => id)).toEqual(texts.plan.points.map(({ id }) => id));
    expect(() => prepare({ scale: "1,1.0" })).toThrow("points that differ");
  });

  it("is refused as a whole where one point is not allowed, and leaves nothing", () => {
    expect(() => prepare({ terms: "10,0", seed: "1" })).toThrow(
      "at parts=1 terms=0: terms: expected an integer in [1, 1000000]",
    );
    expect(() => prepare({ term: "10,20" })).toThrow("did you mean terms?");
    expect(existsSync(join(out, "waves"))).toBe(false);
  });

  it("draws one seed for all points where none is given", () => {
    const { plan } = prepare({ terms: "10,20,30" });
    expect(new Set(plan.points.map(({ seed }) => seed)).size).toBe(1);
  });
});

describe("two processes on one sweep", () => {
  it("run no point twice", async () => {
    const parameters = { pauseMs: 150, seed: "0..9" };
    const begun: string[] = [];
    const watch = (event: SweepEvent) => {
      if (event.event === "point") begun.push(event.point.id);
    };
    // In one process the lock's owner is the same, so each start has points of its own to wait for: what one has locked the other reads.
    const [first, second] = await Promise.all([
      run(parameters, { onEvent: watch, jobs: 1 }),
      run(parameters, { onEvent: watch, jobs: 1 }),
    ]);
    expect(statuses(first)).toEqual(Array(10).fill("completed"));
    expect(statuses(second)).toEqual(Array(10).fill("completed"));
    const folders = readdirSync(join(first.dir, "points"));
    expect(folders).toHaveLength(10);
  });
});
