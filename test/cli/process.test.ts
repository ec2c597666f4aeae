import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repeatRun } from "../../src/runs/index.ts";
import { copyInstallation } from "./installation.ts";
import { runProcess } from "./run-process.ts";

let folder = "";
let bin = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-test-"));
  mkdirSync(join(folder, "installation"));
  bin = copyInstallation(join(folder, "installation"));
  cpSync(new URL("../scenario/fixtures", import.meta.url), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An event that tells of progress already made. */
const someSteps = /"fraction":0\.0*[1-9]/;

/** Without reports, of which one test has its own: drawing takes longer than most of these runs. */
const start = (words: readonly string[], watch?: Parameters<typeof runProcess>[3]) =>
  runProcess(bin, [...words, "--no-report"], folder, watch);
const run = (...words: string[]) => start(words);

/** The files that must be equal on repetition. */
function resultFiles(dir: string): readonly string[] {
  const files = ["metrics.jsonl", "figures.json", "result.json"].map((name) => join(dir, name));
  return files.map((file) => readFileSync(join(folder, file), "latin1"));
}

describe("meanfield run", () => {
  it("runs a user's file, prints one document, and prints it again when asked again", async () => {
    const first = await runProcess(bin, ["run", "waves.ts", "parts=2", "seed=3", "--json"], folder);
    expect(first.code).toBe(0);
    const document = JSON.parse(first.stdout);
    expect(document).toMatchObject({
      status: "completed",
      scenario: "waves",
      parameters: { parts: 2, scale: Math.SQRT2 },
      seed: 3,
      claims: [{ id: "bounded", verdict: "holds", pass: true }],
    });
    expect(Object.keys(document)).toEqual([
      "status",
      "scenario",
      "id",
      "dir",
      "parameters",
      "seed",
      "engines",
      "summary",
      "claims",
    ]);
    expect(document.dir).toBe(join("runs", "waves", document.id));
    expect(readdirSync(join(folder, document.dir))).toEqual(expect.arrayContaining(["report.html", "sums.svg"]));
    const second = await run("run", "waves.ts", "parts=2", "--seed", "3", "--json");
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain("its stored result follows");
  });

  it.each([
    ["SIGINT", 130, "drift.ts", ["steps=20000"]],
    ["SIGTERM", 75, "drift.ts", ["steps=20000", "members=2"]],
  ] as const)("stopped by %s exits with %i and goes on to the same bytes", async (signal, code, file, parameters) => {
    const words = ["run", file, ...parameters, "seed=5", "--events"];
    const stopped = await start(words, (child, stdout) => {
      if (someSteps.test(stdout) && !child.killed) child.kill(signal);
    });
    expect(stopped.code).toBe(code);
    const { dir, status } = JSON.parse(stopped.stdout.trim().split("\n").at(-1) ?? "");
    expect(status).toBe("cancelled");
    expect(existsSync(join(folder, dir, "result.json"))).toBe(false);
    const member = join(folder, dir, "members", "replica-0");
    expect(JSON.parse(readFileSync(join(member, "checkpoint.bin"), "latin1").split("\n")[0]).finished).toBe(false);
    const [resumed, whole] = await Promise.all([run(...words), run(...words, "--out", "whole")]);
    expect([resumed.code, whole.code]).toEqual([0, 0]);
    expect(resultFiles(dir)).toEqual(resultFiles(dir.replace("runs", "whole")));
  });

  it("ends at once at the second signal, also where the scenario does not listen", async () => {
    const words = ["run", "waves.ts", "parts=2", "pauseMs=10000", "trouble=stubborn", "--events"];
    const { code, stdout, stderr } = await start(words, (child) => {
      if (child.killed) return;
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGINT"), 700);
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Once more ends at once");
    expect(stdout).not.toContain('"result"');
  });

  it("killed outright leaves a folder that the next start takes over", async () => {
    const words = ["run", "waves.ts", "parts=3", "pauseMs=200", "--threads", "1", "seed=1", "--events"];
    const killed = await start(words, (child, stdout) => {
      if (stdout.includes('"member"') && !child.killed) child.kill("SIGKILL");
    });
    expect(killed.code).toBeNull();
    const { dir } = JSON.parse(killed.stdout.split("\n")[0]);
    expect(existsSync(join(folder, dir, "lock"))).toBe(true);
    const resumed = await run(...words);
    expect(resumed.code).toBe(0);
    expect(existsSync(join(folder, dir, "lock"))).toBe(false);
    expect((await repeatRun(join(folder, dir))).same).toBe(true);
  });

  it("by two processes at once is done by one, and the other is told so", async () => {
    const words = ["run", "waves.ts", "parts=1", "pauseMs=1000", "seed=1", "--json"];
    const ends = await Promise.all([run(...words), run(...words)]);
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = JSON.parse(ends.find(({ code }) => code === 1)?.stdout ?? "");
    expect(refused).toMatchObject({ status: "failed", error: { code: "run-locked" } });
  });

  it("shows the author where in the file a scenario broke", async () => {
    const { code, stderr } = await run("run", "waves.ts", "parts=2", "trouble=throw", "--quiet");
    expect(code).toBe(1);
    expect(stderr).toContain("TypeError: the wave broke");
    expect(stderr).toMatch(/waves\.ts:\d+:\d+/);
  });

  it("tells an import that the library does not have", async () => {
    writeFileSync(join(folder, "wrong.ts"), `import { nothing } from "meanfield"; export default nothing;`);
    const { code, stdout } = await run("run", "wrong.ts", "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, "scenario-invalid"]);
    expect(stdout).toContain("nothing");
  });

  it("goes on when the reader of its output has gone", async () => {
    const words = ["run", "waves.ts", "parts=1", "pauseMs=300", "seed=2", "--events"];
    const { code, stdout } = await start(words, (child) => child.stdout?.destroy());
    const { dir } = JSON.parse(stdout.split("\n")[0]);
    expect(code).toBe(0);
    expect(existsSync(join(folder, dir, "result.json"))).toBe(true);
  });
});
