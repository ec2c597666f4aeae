import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyInstallation } from "../cli/installation.ts";
import {
  type Cluster,
  logs,
  missingPrograms,
  pathsIn,
  type Running,
  resultFiles,
  start,
  startCluster,
  until,
} from "./cluster.ts";

// Where Slurm is not installed, or may not be started, its tests are left out, but not in continuous integration.
const isRequired = process.env.CI === "true";
const missing = missingPrograms();
const leaveOut = (reason: string) => console.warn(`The tests on a real Slurm are left out: ${reason}`);
if (missing !== null && !isRequired) leaveOut(missing);

it.runIf(isRequired)("there is a Slurm to test sweeps on", () => {
  expect(missing ?? "all programs").toBe("all programs");
});

describe.skipIf(missing !== null)("a sweep on a Slurm cluster", { timeout: 120_000 }, () => {
  let cluster: Cluster;
  let reason: string | null = null;
  let folder = "";
  let bin = "";
  const commands: Running[] = [];

  beforeAll(() => {
    const started = startCluster();
    if (typeof started === "string") {
      if (!isRequired) leaveOut(started);
      reason = started;
      return;
    }
    cluster = started;
    folder = mkdtempSync(join(tmpdir(), "slurm-sweeps-"));
    mkdirSync(join(folder, "an installation"));
    bin = copyInstallation(join(folder, "an installation"));
    cpSync(new URL("../scenario/fixtures", import.meta.url), folder, { recursive: true });
  }, 60_000);
  beforeEach(({ skip }) => {
    if (reason === null) return;
    if (isRequired) throw new Error(reason);
    skip(reason);
  });
  afterEach(async () => {
    if (reason !== null) return;
    for (const { child, end } of commands.splice(0)) {
      child.kill("SIGKILL");
      await end;
    }
    cluster.run("scancel", `--user=${process.getuid?.()}`);
    await until("an empty queue", () => cluster.run("squeue", "--noheader") === "");
  }, 60_000);
  afterAll(() => {
    if (reason === null) cluster?.stop();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const begin = (words: readonly string[], env: Cluster["env"] = cluster.env) => {
    const command = start(bin, words, folder, env);
    commands.push(command);
    return command;
  };
  const onSlurm = ["--executor", "slurm", "--poll", "500ms"];
  const sweep = (name: string, words: readonly string[]) =>
    begin(["sweep", ...words, ...onSlurm, "--out", name, "--events"]);
  const resume = (dir: string, ...words: readonly string[]) => begin(["resume", dir, ...onSlurm, "--events", ...words]);
  /** The events of a command, the document last. */
  const eventsOf = (stdout: string) =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const documentOf = async ({ end }: Running) => eventsOf((await end).stdout).at(-1);
  const dirOf = async (command: Running) =>
    join(
      folder,
      await until("the first event", () => /"event":"started".*?"dir":"([^"]+)"/.exec(command.text())?.[1] ?? null),
    );
  const submissions = (dir: string) => readdirSync(join(dir, "slurm"));
  const isQueued = (job: string) => cluster.run("squeue", "--noheader", "--format=%F").split("\n").includes(job);
  const jobOf = (command: Running) =>
    until("a submission", () => /"event":"notice".*?"job":"(\d+)"/.exec(command.text())?.[1] ?? null);
  const known = new Map<readonly string[], Record<string, string>>();
  /** The same sweep on the threads of one process: the bytes that are expected. */
  const expected = async (words: readonly string[]) => {
    const files =
      known.get(words) ??
      resultFiles(join(folder, (await documentOf(begin(["sweep", ...words, "--out", "pool", "--json"]))).dir));
    known.set(words, files);
    return files;
  };

  const long = ["drift.ts", "steps=10000", "seed=0..3"];
  const inSmallSteps = ["--chunk-points", "2", "--checkpoint", "200ms"];
  const untilCheckpoint = (dir: string) => until("a checkpoint", () => pathsIn(dir, /checkpoint\.bin$/).length > 0);

  it("gives the bytes of one on threads, in more arrays than one where they are limited", async () => {
    const words = ["waves.ts", "parts=1,2", "seed=0..6"];
    const command = sweep("it's %a folder", [
      ...words,
      "--chunk-points",
      "2",
      "--setup",
      "echo set up",
      "--sbatch",
      "--comment='two words'",
    ]);
    const { code, stdout, stderr } = await command.end;
    expect([code, stderr.includes("14 completed")]).toEqual([0, true]);
    const dir = await dirOf(command);
    expect(resultFiles(dir)).toEqual(await expected(words));
    // Seven tasks, of which the test's cluster allows five an array.
    expect(submissions(dir)).toHaveLength(2);
    expect(Object.values(logs(dir)).filter((text) => text.startsWith("set up\ntask "))).toHaveLength(7);
    expect(eventsOf(stdout).filter(({ event }) => event === "point")).toHaveLength(14);
    expect(stderr).toContain("points, on Slurm");
    const again = await resume(dir).end;
    expect([again.code, submissions(dir).length]).toEqual([0, 2]);
  });

  it("takes a divergence as that point's end, and a failure as one that --retry runs again", async () => {
    const diverging = sweep("out", ["drift.ts", "stepSize=0.1,1000", "seed=1"]);
    const { status, points } = await documentOf(diverging);
    expect([status, (await diverging.end).code]).toEqual(["completed", 0]);
    expect(points.map(({ status }: { status: string }) => status)).toEqual(["completed", "diverged"]);
    const failing = sweep("out", ["waves.ts", "parts=1", "trouble=none,throw", "seed=1", "--setup", "echo again"]);
    expect((await failing.end).code).toBe(1);
    const dir = await dirOf(failing);
    const again = resume(dir, "--retry", "failed");
    const events = eventsOf((await again.end).stdout);
    expect(events.filter(({ event }) => event === "point").map(({ end }) => end.status)).toEqual(["failed"]);
    expect(submissions(dir)).toHaveLength(2);
    // What Slurm was asked for the first time is asked again.
    expect(Object.values(logs(dir)).every((text) => text.startsWith("again\ntask "))).toBe(true);
  });

  it("tells of tasks that were cancelled, and goes on from their checkpoints to the same bytes", async () => {
    const command = sweep("cancelled", [...long, ...inSmallSteps]);
    const dir = await dirOf(command);
    await untilCheckpoint(dir);
    cluster.run("scancel", await jobOf(command));
    const { code, stderr } = await command.end;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /task \d of job \d+ is gone \(CANCELLED\) with \d points? left; .*\.out ends in:\n(.*\n)*.*: cancelled/,
    );
    expect((await documentOf(command)).status).toBe("incomplete");
    expect(pathsIn(dir, /checkpoint\.bin$/).length).toBeGreaterThan(0);
    expect((await resume(dir).end).code).toBe(0);
    expect(resultFiles(dir)).toEqual(await expected(long));
  });

  it("survives a node that dies with all that runs there", async () => {
    const command = sweep("killed", [...long, ...inSmallSteps]);
    const dir = await dirOf(command);
    await untilCheckpoint(dir);
    const task = await until(
      "a task on n1",
      () =>
        Object.values(logs(dir))
          .map((text) => /on n1, process (\d+)/.exec(text)?.[1] ?? null)
          .find((pid) => pid !== null) ?? null,
    );
    // The task's process, and the one of Slurm's that watches it.
    const watcher = Number(readFileSync(`/proc/${task}/stat`, "utf8").split(") ")[1].split(" ")[1]);
    cluster.killNode("n1");
    for (const pid of [watcher, Number(task)]) process.kill(pid, "SIGKILL");
    try {
      const { code } = await command.end;
      expect(code).toBe(0);
      // The same task began twice: Slurm put it back into the queue by itself.
      expect(Object.values(logs(dir)).map((text) => text.match(/^task /gm)?.length)).toContain(2);
      expect(submissions(dir)).toHaveLength(1);
      expect(resultFiles(dir)).toEqual(await expected(long));
    } finally {
      cluster.startNode("n1");
      await until(
        "both nodes",
        () => cluster.run("sinfo", "--noheader", "--states=idle", "--format=%D").trim() === "2",
      );
    }
  });

  it("submits what a task left when its time was up, and goes on", async () => {
    const command = sweep("late", [...long, ...inSmallSteps]);
    const dir = await dirOf(command);
    await untilCheckpoint(dir);
    // What Slurm sends to a batch script when its time is nearly up.
    const job = await jobOf(command);
    cluster.run("scancel", "--batch", "--signal=TERM", job);
    const { code, stderr } = await command.end;
    expect(code).toBe(0);
    expect(stderr).toMatch(/is gone \(FAILED\) with \d points? left, submitted again/);
    expect(submissions(dir).length).toBeGreaterThan(1);
    expect(resultFiles(dir)).toEqual(await expected(long));
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 75],
  ] as const)("stopped by %s cancels its jobs and exits with %i, to be resumed", async (signal, code) => {
    const command = sweep(signal, [...long, ...inSmallSteps]);
    const dir = await dirOf(command);
    await untilCheckpoint(dir);
    command.child.kill(signal);
    const end = await command.end;
    expect(end.code).toBe(code);
    expect(end.stderr).toContain("--executor slurm goes on.");
    expect(isQueued(await jobOf(command))).toBe(false);
    if (signal === "SIGTERM") return;
    // On threads, for a change.
    expect((await begin(["resume", dir]).end).code).toBe(0);
    expect(resultFiles(dir)).toEqual(await expected(long));
  });

  it("leaves jobs running when it is killed, and waits for them when it is called again", async () => {
    const command = sweep("waiter", [...long, ...inSmallSteps]);
    const dir = await dirOf(command);
    const job = await jobOf(command);
    command.child.kill("SIGHUP");
    await command.end;
    expect(isQueued(job)).toBe(true);
    const { code, stderr } = await resume(dir).end;
    expect(code).toBe(0);
    expect(stderr).toContain(`job ${job} of an earlier start still has 4 points`);
    expect(submissions(dir)).toHaveLength(1);
    expect(resultFiles(dir)).toEqual(await expected(long));
  });

  it("says why its jobs do not begin", async () => {
    const command = sweep("held", ["waves.ts", "parts=1", "seed=1", "--sbatch", "--hold"]);
    const job = await jobOf(command);
    await until("a sentence", () => command.text().includes(`tasks of job ${job} wait: JobHeldUser`));
    cluster.run("scontrol", "release", job);
    expect((await command.end).code).toBe(0);
  });

  it("returns at once with --no-wait", async () => {
    const command = sweep("alone", ["waves.ts", "parts=1", "pauseMs=1000", "seed=0..1", "--no-wait"]);
    const { status, counts } = await documentOf(command);
    expect([status, counts.missing, (await command.end).code]).toEqual(["submitted", 2, 0]);
    expect((await documentOf(resume(await dirOf(command)))).counts.completed).toBe(2);
  });

  it("passes on what Slurm refuses, and leaves nothing in the queue", async () => {
    const command = sweep("refused", ["waves.ts", "seed=1", "--partition", "nowhere"]);
    const { status, error } = await documentOf(command);
    expect([status, error.code, (await command.end).code]).toEqual(["invalid", "slurm-refused", 3]);
    expect(error.message).toContain("Invalid partition name specified");
    expect(cluster.run("squeue", "--noheader")).toBe("");
  });

  it("is told within seconds that no controller answers, or that there are no commands", async () => {
    const conf = readFileSync(cluster.env.SLURM_CONF ?? "", "utf8");
    const path = join(folder, "dead.conf");
    writeFileSync(path, conf.replace(/^SlurmctldPort=.*$/m, "SlurmctldPort=9"));
    const words = ["sweep", "waves.ts", "seed=1", "--out", "dead", "--executor", "slurm", "--json"];
    for (const env of [
      { ...cluster.env, SLURM_CONF: path },
      { ...cluster.env, PATH: "/nowhere" },
    ]) {
      const began = Date.now();
      const command = begin(words, env);
      expect((await documentOf(command)).error.code).toBe("slurm-unavailable");
      expect((await command.end).code).toBe(1);
      expect(Date.now() - began).toBeLessThan(20_000);
    }
  });
});
