import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMember } from "../../src/runs/member-files.ts";
import { type MemberJob, runMember } from "../../src/runs/run-task.ts";
import { createStopFlag, raise, type StopFlag } from "../../src/runs/stop-flag.ts";
import type { JsonObject, Scenario } from "../../src/scenario/index.ts";
import { type FakeOptions, fakeEngine, fakeSimulate } from "./fake-simulation.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "member-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Context = Parameters<Scenario["run"]>[0];

function scenarioOf(run: (context: Context, simulate: Simulated) => Promise<JsonObject>): Scenario {
  return {
    name: "fake",
    version: 1,
    title: "Fake",
    sources: [],
    parameters: {},
    short: {},
    headline: "loss",
    run: (context) => run(context, (options, name) => context.simulate(options as never, name)),
    summarise: () => ({}),
    claims: () => [],
  };
}
type Simulated = (options: FakeOptions, name?: string) => ReturnType<Context["simulate"]>;

function jobIn(dir: string, stop: StopFlag = createStopFlag(), checkpointMs = 30_000): MemberJob {
  const progress = new SharedArrayBuffer(8);
  const preference = { engine: "auto", arithmetic: "auto" } as const;
  const plan = { lock: null, member: { name: "main" }, parameters: {}, seed: 1, threads: 1, preference };
  return { ...plan, dir, stop, progress, index: 0, checkpointMs };
}

const journal = (dir: string, name = "metrics.jsonl") => readFileSync(join(dir, "members/main", name), "utf8");

describe("a member", () => {
  const plain = scenarioOf(async (_, simulate) => {
    const { records } = await simulate({ steps: 100 });
    return { loss: records.at(-1)?.loss ?? null, count: records.length };
  });

  it("journals each record and publishes its result", async () => {
    const job = jobIn(folder);
    expect(await runMember(plain, job, fakeSimulate)).toEqual({ status: "completed", error: null, stack: null });
    expect(readMember(folder, "main")?.result.count).toBe(11);
    expect(journal(folder).trim().split("\n")).toHaveLength(11);
    expect(new Float64Array(job.progress)[0]).toBe(1);
  });

  it.each([1, 10, 37, 99])(
    "stopped at step %i and started again has the same bytes as one never stopped",
    async (at) => {
      const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
      await runMember(plain, jobIn(whole), fakeSimulate);
      const stop = createStopFlag();
      const stoppable = scenarioOf(async (_, simulate) => {
        const { records } = await simulate({ steps: 100, onStep: (step) => step === at && raise(stop) });
        return { loss: records.at(-1)?.loss ?? null, count: records.length };
      });
      expect((await runMember(stoppable, jobIn(stopped, stop), fakeSimulate)).status).toBe("cancelled");
      expect(readMember(stopped, "main")).toBeNull();
      // A crash may have torn the journal's last line on top.
      writeFileSync(join(stopped, "members/main/metrics.jsonl"), '{"torn', { flag: "a" });
      expect((await runMember(plain, jobIn(stopped), fakeSimulate)).status).toBe("completed");
      expect(journal(stopped)).toBe(journal(whole));
      expect(readMember(stopped, "main")).toEqual(readMember(whole, "main"));
    },
  );

  it("goes on from the last checkpoint by the clock after a crash", async () => {
    const [whole, crashed] = [join(folder, "whole"), join(folder, "crashed")];
    await runMember(plain, jobIn(whole), fakeSimulate);
    let firstStep = Number.POSITIVE_INFINITY;
    const crashing = scenarioOf(async (_, simulate) => {
      await simulate({
        steps: 100,
        onStep(step) {
          // Gives the timer of the checkpoints its turn.
          const until = performance.now() + 1;
          while (performance.now() < until);
          if (step === 80) throw new Error("power failure");
        },
      });
      return {};
    });
    expect((await runMember(crashing, jobIn(crashed, createStopFlag(), 5), fakeSimulate)).status).toBe("failed");
    const resumed = scenarioOf(async (_, simulate) => {
      const onStep = (step: number) => {
        firstStep = Math.min(firstStep, step);
      };
      const { records } = await simulate({ steps: 100, onStep });
      return { loss: records.at(-1)?.loss ?? null, count: records.length };
    });
    expect((await runMember(resumed, jobIn(crashed), fakeSimulate)).status).toBe("completed");
    expect(firstStep).toBeGreaterThan(1);
    expect(journal(crashed)).toBe(journal(whole));
  });

  it("that runs several simulations does not run the finished ones again", async () => {
    const steps: string[] = [];
    const stop = createStopFlag();
    const several = (stopAt: number) =>
      scenarioOf(async (_, simulate) => {
        const watch = (name: string) => (step: number) => {
          steps.push(`${name} ${step}`);
          if (name === "second" && step === stopAt) raise(stop);
        };
        const first = await simulate({ steps: 20, onStep: watch("first") }, "first");
        const second = await simulate({ steps: 30, onStep: watch("second") }, "second");
        return { first: first.records.length, second: second.records.length };
      });
    expect((await runMember(several(15), jobIn(folder, stop), fakeSimulate)).status).toBe("cancelled");
    expect((await runMember(several(0), jobIn(folder), fakeSimulate)).status).toBe("completed");
    expect(steps.filter((step) => step.startsWith("first"))).toHaveLength(20);
    expect(steps.filter((step) => step.startsWith("second"))).toHaveLength(30);
    expect(readMember(folder, "main")).toMatchObject({
      result: { first: 3, second: 4 },
      simulations: ["first", "second"],
      engines: [fakeEngine],
    });
    expect(journal(folder, "second.metrics.jsonl")).toContain('"simulation":"second"');
  });

  it("that diverges keeps its records and says so", async () => {
    const diverging = scenarioOf(async (_, simulate) => {
      await simulate({ steps: 100, divergeAt: 55 });
      return {};
    });
    const end = await runMember(diverging, jobIn(folder), fakeSimulate);
    expect(end).toEqual({
      status: "diverged",
      error: { code: "diverged", message: "lower stepSize", member: "main", step: 54 },
      stack: null,
    });
    expect(journal(folder).trim().split("\n")).toHaveLength(6);
    expect(readMember(folder, "main")?.status).toBe("diverged");
  });

  it("may not run two simulations of one name, nor name one like a path", async () => {
    const twins = scenarioOf(async (_, simulate) => {
      await simulate({ steps: 10 }, "one");
      await simulate({ steps: 10 }, "one");
      return {};
    });
    expect((await runMember(twins, jobIn(folder), fakeSimulate)).error?.message).toContain("name each simulation");
    const path = scenarioOf(async (_, simulate) => {
      await simulate({ steps: 10 }, "../one");
      return {};
    });
    expect((await runMember(path, jobIn(folder), fakeSimulate)).error?.code).toBe("invalid-value");
    expect(existsSync(join(folder, "one.metrics.jsonl"))).toBe(false);
  });

  it("that returns early when told to stop is cancelled, not completed", async () => {
    const stop = createStopFlag();
    const impatient = scenarioOf(async ({ signal }) => {
      expect(signal.aborted).toBe(false);
      raise(stop);
      // Seen at once, with no turn of the event loop in between.
      return { aborted: signal.aborted };
    });
    expect((await runMember(impatient, jobIn(folder, stop))).status).toBe("cancelled");
    expect(readMember(folder, "main")).toBeNull();
  });

  it("hears of the stop through the signal's event and throwIfAborted", async () => {
    const stop = createStopFlag();
    const listening = scenarioOf(async ({ signal }) => {
      raise(stop);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
      return {};
    });
    expect((await runMember(listening, jobIn(folder, stop))).status).toBe("cancelled");
  });

  it("that pauses in a long computation of its own stops there, and lets timers have their turn", async () => {
    const stop = createStopFlag();
    const busy = scenarioOf(async ({ pause }) => {
      setTimeout(() => raise(stop), 5);
      for (;;) await pause();
    });
    expect((await runMember(busy, jobIn(folder, stop))).status).toBe("cancelled");
  });

  it("tells its progress, between 0 and 1 only", async () => {
    const telling = scenarioOf(async ({ progress }) => {
      progress(0.25);
      progress(Number.NaN);
      return {};
    });
    const job = jobIn(folder);
    expect((await runMember(telling, job)).error?.message).toContain("progress: expected a number in [0, 1], got NaN");
    expect(new Float64Array(job.progress)[0]).toBe(0.25);
  });
});
