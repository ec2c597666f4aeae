import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { abortBarrier, barrierWords, createBarrier, GangAborted } from "../../src/threads/barrier.ts";
import { createGang, type Gang } from "../../src/threads/gang.ts";
import { installationRoot } from "../../src/threads/worker-url.ts";

// Workers' names are paths below dist/workers; this one leads to a worker of these tests.
const lockstep = "../../test/threads/fixtures/lockstep";
const task = (change: object = {}) => ({ shared: new SharedArrayBuffer(4 * 4), victim: -1, end: "", ...change });

/** Fails with the failure's message, and never hangs: a gang that does not come back would meet the test's own limit. */
async function failureOf(run: Promise<void>): Promise<unknown> {
  try {
    await run;
  } catch (error) {
    return error;
  }
  return null;
}

describe("a gang", () => {
  const gangs: Gang[] = [];
  const gangOf = (parts: number) => {
    const gang = createGang(parts, lockstep);
    gangs.push(gang);
    return gang;
  };
  afterEach(async () => {
    for (const gang of gangs.splice(0)) await gang.close();
  });

  it("keeps four parts in step over hundreds of barriers, run after run, also on fewer cores", async () => {
    const gang = gangOf(4);
    for (let run = 0; run < 3; run += 1) {
      const shared = new SharedArrayBuffer(4 * 4);
      await gang.run(task({ shared }));
      expect([...new Int32Array(shared)]).toEqual([400, 400, 400, 400]);
    }
  }, 20_000);

  it.each([
    ["throw", 2, /^a thread of the gang failed: the victim threw/],
    ["throw", 0, /^a thread of the gang failed: the victim threw/],
    ["before", 1, /^a thread of the gang failed: no barrier was reached/],
    ["exit", 2, /^a thread of the gang failed: .*exit/],
  ])(
    "fails as a whole when a part ends by %s (part %i), with the cause and not the abort that follows",
    async (end, victim, message) => {
      const gang = gangOf(3);
      const error = await failureOf(gang.run(task({ shared: new SharedArrayBuffer(12), end, victim })));
      expect(error).toMatchObject({ code: "worker-failed", message: expect.stringMatching(message) });
      // The barrier stays broken: a part that has lost its state must not be asked again.
      expect(await failureOf(gang.run(task({ shared: new SharedArrayBuffer(12) })))).toMatchObject({
        code: "worker-failed",
      });
    },
    20_000,
  );

  it("fails when its data cannot be sent", async () => {
    const error = await failureOf(gangOf(2).run({ ...task(), function: () => 1 }));
    expect(error).toMatchObject({ code: "worker-failed" });
  }, 20_000);

  it("can be closed twice, and while it runs", async () => {
    const gang = gangOf(2);
    const running = failureOf(gang.run(task({ shared: new SharedArrayBuffer(8) })));
    await gang.close();
    await running;
    await gang.close();
  }, 20_000);
});

describe("a barrier", () => {
  it("of one part lets it through", () => {
    const barrier = createBarrier(new Int32Array(new SharedArrayBuffer(4 * barrierWords)), 1);
    for (let round = 0; round < 10; round += 1) barrier.wait();
  });

  it("that was aborted throws at every wait", () => {
    const control = new Int32Array(new SharedArrayBuffer(4 * barrierWords));
    abortBarrier(control);
    for (const parts of [1, 2]) expect(() => createBarrier(control, parts).wait()).toThrow(GangAborted);
  });
});

describe("the threads of a simulation", () => {
  it.each(["completed", "cancelled", "failed"])(
    "are gone when it has %s: the process ends by itself",
    async (status) => {
      // A process of its own, since the test runner's threads would hide what is left.
      const script = `
      import { dynamics, laws, networks, simulate, targets } from "./dist/src/index.js";
      const controller = new AbortController();
      const simulation = simulate({
        problem: { law: laws.ball({ dimension: 3 }), target: targets.hinge() },
        network: { ...networks.twoLayer({ width: 64 }), ...("${status}" === "failed" ? { poison: () => 1 } : {}) },
        dynamics: dynamics.gradientDescent({ stepSize: 0.01, steps: "${status}" === "completed" ? 50 : 1e6 }),
        evaluation: { directions: 6 }, seed: 1, threads: 3, signal: controller.signal,
      });
      if ("${status}" === "cancelled") setTimeout(() => controller.abort(), 100);
      console.log((await simulation.outcome).status);
    `;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
        cwd: installationRoot(),
        timeout: 15_000,
      });
      expect(stdout.trim()).toBe(status);
    },
    20_000,
  );
});
