import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPool, type Pool } from "../../src/threads/pool.ts";
import { installationRoot, workerUrl } from "../../src/threads/worker-url.ts";

describe("a pool", () => {
  let pool: Pool;
  beforeAll(() => {
    pool = createPool({
      threads: 2,
      worker: new URL("fixtures/troubled-worker.mjs", import.meta.url),
      heapMegabytes: 32,
    });
  });
  afterAll(() => pool.close());

  it("gives back what the worker's function returns, in the order of the tasks", async () => {
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map((task) => pool.runTask<number>(task)));
    expect(outcomes).toEqual([2, 4, 6, 8, 10].map((value) => ({ ok: true, value })));
  });

  it.each([
    ["throw", "the task threw"],
    ["throw-text", "only a text"],
    ["exit", "a worker thread exited"],
    ["memory", "a worker thread ran out of memory"],
    ["reject-later", "nobody waits for me"],
  ])("turns a worker that does %s into data, and goes on", async (task, message) => {
    const outcome = await pool.runTask<number>(task);
    expect(outcome).toEqual({ ok: false, code: "worker-failed", message: expect.stringContaining(message) });
    expect(await pool.runTask<number>(21)).toEqual({ ok: true, value: 42 });
  });

  it("fails only the task of the worker that dies", async () => {
    const outcomes = await Promise.all([pool.runTask("exit"), pool.runTask(1), pool.runTask(2)]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, true]);
  });
});

describe("workerUrl", () => {
  it("names a compiled worker that is there", () => {
    expect(existsSync(workerUrl("run-member"))).toBe(true);
    expect(workerUrl("run-member").pathname.startsWith(installationRoot())).toBe(true);
  });
});
