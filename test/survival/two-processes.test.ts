import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyInstallation } from "../cli/installation.ts";
import { runProcess } from "../cli/run-process.ts";

let folder = "";
let bin = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "two-processes-"));
  mkdirSync(join(folder, "installation"));
  bin = copyInstallation(join(folder, "installation"));
  cpSync(new URL("counted.ts", import.meta.url), join(folder, "counted.ts"));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("two processes that begin the same sweep at the same time", () => {
  it("share its points and begin no member twice, be it one that completes, throws or takes its thread with it", async () => {
    process.env.SURVIVAL_LOG = join(folder, "log");
    const grid = ["steps=1000", "members=1,2", "trouble=none,throw,exit", "seed=0..4"];
    const words = ["sweep", "counted.ts", ...grid, "--jobs", "1", "--json"];
    const ends = await Promise.all([runProcess(bin, words, folder), runProcess(bin, words, folder)]);
    delete process.env.SURVIVAL_LOG;
    const documents = ends.map(({ stdout }) => JSON.parse(stdout));
    for (const { dir, points } of documents) {
      expect(dir).toBe(documents[0].dir);
      expect(points.map(({ status }: { status: string }) => status).sort()).toEqual([
        ...Array(10).fill("completed"),
        ...Array(20).fill("failed"),
      ]);
    }
    const begun = readFileSync(join(folder, "log"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"begun"'))
      .map((line) => JSON.parse(line));
    const times = new Map<string, number>();
    for (const { run, member } of begun) times.set(`${run} ${member}`, (times.get(`${run} ${member}`) ?? 0) + 1);
    expect([...times].filter(([, count]) => count > 1)).toEqual([]);
    expect(times.size).toBe(45);
    const processes = new Set(begun.map(({ pid }) => pid));
    expect(processes.size).toBe(2);
  });
});
