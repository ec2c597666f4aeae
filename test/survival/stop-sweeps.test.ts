import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSweep } from "../../src/sweeps/index.ts";
import { copyInstallation } from "../cli/installation.ts";
import { runProcess } from "../cli/run-process.ts";
import { resultFiles } from "./result-files.ts";

let folder = "";
let bin = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stops-"));
  mkdirSync(join(folder, "installation"));
  bin = copyInstallation(join(folder, "installation"));
  cpSync(new URL("counted.ts", import.meta.url), join(folder, "counted.ts"));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The last, or the first, step that each member was seen at. */
function steps(log: string, which: "first" | "last"): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []) {
    const { event, run, member, step } = JSON.parse(line);
    const name = `${run} ${member}`;
    if (event === "measured" && (which === "last" || !found.has(name))) found.set(name, step);
  }
  return found;
}

const start = (words: readonly string[], log: string, watch?: Parameters<typeof runProcess>[3]) => {
  process.env.SURVIVAL_LOG = log;
  const end = runProcess(bin, [...words, "--jobs", "2", "--events"], folder, watch);
  delete process.env.SURVIVAL_LOG;
  return end;
};
const dirOf = (stdout: string): string => join(folder, JSON.parse(stdout.split("\n")[0]).dir);
const grid = ["steps=30000", "members=1,2", "seed=0..1"];
let whole: Readonly<Record<string, string>> | null = null;

/** The result files of the sweep that nobody stops. */
async function wholeFiles(): Promise<Readonly<Record<string, string>>> {
  if (whole === null) {
    const { code, stdout } = await start(["sweep", "counted.ts", ...grid, "--out", "whole"], join(folder, "whole.log"));
    expect(code).toBe(0);
    whole = resultFiles(dirOf(stdout));
  }
  return whole;
}

describe("a sweep of long simulations", () => {
  it.each([
    ["SIGTERM", 75, "30s"],
    ["SIGINT", 130, "30s"],
    ["SIGKILL", null, "50ms"],
  ] as const)(
    "stopped by %s ends with code %s, and goes on inside the simulations to the same bytes",
    async (signal, code, checkpoint) => {
      const words = ["sweep", "counted.ts", ...grid, "--out", signal, "--checkpoint", checkpoint];
      const logs = [join(folder, `${signal}.1`), join(folder, `${signal}.2`)];
      const stopped = await start(words, logs[0], (child) => {
        const seen = [...steps(logs[0], "last").values()];
        // Two threads work at once: both are to be well inside.
        if (!child.killed && seen.filter((step) => step >= 7500).length >= 2) child.kill(signal);
      });
      expect(stopped.code).toBe(code);
      const dir = dirOf(stopped.stdout);
      const at = steps(logs[0], "last");
      expect(at.size).toBeLessThan(6);
      const resumed = await start(["resume", dir], logs[1]);
      expect(resumed.code).toBe(0);
      const from = steps(logs[1], "first");
      const again = [...from].filter(([name, step]) => at.has(name) && step <= (at.get(name) ?? 0));
      const inside = [...from].filter(([name, step]) => at.has(name) && step > 0);
      expect(inside.length).toBeGreaterThanOrEqual(2);
      // A signal that is heard costs not one measured step; a kill costs what came after the last checkpoint.
      if (code !== null) expect(again).toEqual([]);
      expect(resultFiles(dir)).toEqual(await wholeFiles());
      expect(readdirSync(join(dir, "points")).length).toBe(4);
    },
    300_000,
  );

  it("gives points that run out of memory, hang, throw, end their thread or diverge a status and a reason, and the others their bytes", async () => {
    const words = ["sweep", "counted.ts", "steps=500", "seed=0"];
    const healthy = await start([...words, "--out", "healthy"], join(folder, "healthy.log"));
    // Small heaps, so that one is soon full.
    process.env.NODE_OPTIONS = "--max-old-space-size=200";
    const troubles = "trouble=none,memory,hang,throw,exit,diverge";
    const sick = await start([...words, troubles, "--out", "sick", "--timeout", "15s"], join(folder, "sick.log"));
    delete process.env.NODE_OPTIONS;
    expect([healthy.code, sick.code]).toEqual([0, 1]);
    const { points } = readSweep(dirOf(sick.stdout));
    const ends = points.map(({ values, end }) => [values.trouble, end?.status, end?.error?.code ?? null]);
    const expected = [
      ["none", "completed", null],
      ["memory", "failed", "worker-failed"],
      ["hang", "timed-out", "timed-out"],
      ["throw", "failed", "user-function-failed"],
      ["exit", "failed", "worker-failed"],
      ["diverge", "diverged", "diverged"],
    ];
    expect(ends.sort()).toEqual(expected.sort());
    const reason = (trouble: string) =>
      points.filter(({ values }) => values.trouble === trouble).map(({ end }) => end?.error?.message);
    for (const message of reason("memory")) expect(message).toContain("ran out of memory");
    for (const message of reason("exit")) expect(message).toContain("exited with code 3");
    for (const message of reason("hang")) expect(message).toContain("longer than the 15 s");
    const bytes = resultFiles(dirOf(sick.stdout));
    for (const [path, content] of Object.entries(resultFiles(dirOf(healthy.stdout)))) expect(bytes[path]).toBe(content);
  }, 180_000);
});
