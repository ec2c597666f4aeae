import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MeanfieldError } from "../../../../src/errors.ts";
import { type LoadedScenario, loadScenario } from "../../../../src/scenario/index.ts";
import type { ExecutorHost } from "../../../../src/sweeps/executors/executor.ts";
import type { SlurmCommands } from "../../../../src/sweeps/executors/slurm/commands.ts";
import { createSlurmExecutor } from "../../../../src/sweeps/executors/slurm/slurm.ts";
import { resolveSlurmOptions, type SlurmOptions } from "../../../../src/sweeps/executors/slurm/slurm-options.ts";
import {
  prepareSweep,
  readSweep,
  runSlurmTask,
  type SweepEvent,
  type SweepOptions,
} from "../../../../src/sweeps/index.ts";
import { publishPlan } from "../../../../src/sweeps/publish-plan.ts";
import { duePoints } from "../../../../src/sweeps/run-sweep.ts";

let waves: LoadedScenario;
let out = "";
beforeAll(async () => {
  waves = await loadScenario(new URL("../../../scenario/fixtures/waves.ts", import.meta.url).pathname);
});
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "slurm-executor-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** How a task of the pretended cluster goes: it runs its points as a real one does, or ends in a state without having done so. */
type Fate = "runs" | "OUT_OF_MEMORY" | "CANCELLED" | "hangs";

/** Slurm's commands without a cluster: tasks run in this process. What the cluster itself does is the matter of test/slurm. */
function pretendedCluster(fate: (submission: number, task: number) => Fate) {
  const states = new Map<string, Map<number, string>>();
  const work: Promise<unknown>[] = [];
  const commands: SlurmCommands = {
    maxArraySize: async () => 1001,
    async submit(words) {
      const jobName = words.find((word) => word.startsWith("--job-name="))?.slice(11) ?? "";
      const last = Number(/--array=0-(\d+)/.exec(words.join(" "))?.[1]);
      const folder = dirname(words.at(-1) ?? "");
      const tasks = new Map<number, string>();
      states.set(jobName, tasks);
      const number = states.size;
      for (let task = 0; task <= last; task += 1) {
        const how = fate(number, task);
        tasks.set(task, how === "runs" || how === "hangs" ? "RUNNING" : how);
        if (how !== "runs") continue;
        const run = runSlurmTask(dirname(dirname(folder)), `${basename(folder)}/${task}`);
        work.push(run.then(() => tasks.set(task, "COMPLETED")));
      }
      return String(number);
    },
    async queue(names) {
      return [...states.entries()].flatMap(([jobName, tasks], index) =>
        names.includes(jobName)
          ? [...tasks].map(([task, state]) => ({
              jobName,
              job: String(index + 1),
              tasks: [task],
              state,
              reason: "None",
            }))
          : [],
      );
    },
    async cancel(jobs) {
      [...states.values()].forEach((tasks, index) => {
        if (!jobs.includes(String(index + 1))) return;
        for (const [task, state] of tasks) if (state === "RUNNING") tasks.set(task, "CANCELLED");
      });
    },
  };
  const running = () =>
    [...states.values()].flatMap((tasks) => [...tasks.values()]).filter((state) => state === "RUNNING").length;
  return { commands, own: commands, work, running };
}

/** Works on a sweep of waves as `runSweep` does, with commands of ours. */
async function work(
  parameters: Record<string, unknown>,
  cluster: ReturnType<typeof pretendedCluster>,
  options: SweepOptions = {},
  slurm: SlurmOptions = {},
) {
  const sweep = prepareSweep(waves, { parameters: { parts: 1, ...parameters }, out });
  const plan = await publishPlan(sweep, 1);
  const { due, before } = duePoints(sweep.dir, plan, options);
  const notices: string[] = [];
  const ended: string[] = [];
  const tell = (event: SweepEvent) => {
    if (event.event === "notice") notices.push(event.message);
  };
  const host: ExecutorHost = {
    sweep,
    plan,
    options,
    jobs: 1,
    before,
    tell,
    ended(point, end) {
      ended.push(point.id);
      if (end.status !== "completed" && options.failFast === true) executor.stop();
    },
  };
  const executor = createSlurmExecutor(
    host,
    resolveSlurmOptions({ pollMs: 100, chunkPoints: 1, ...slurm }),
    cluster.commands,
  );
  const end = await executor.work(due);
  await Promise.all(cluster.work);
  const { points } = readSweep(sweep.dir);
  const submissions = () => readdirSync(join(sweep.dir, "slurm"));
  return { end, notices, ended, points, submissions, statuses: points.map(({ end }) => end?.status ?? "missing") };
}

const unavailable = () => new MeanfieldError("slurm-unavailable", "squeue: no answer within 30 s");

describe("the Slurm executor", () => {
  it("tells of each point once that tasks have ended", async () => {
    const { end, ended, points } = await work(
      { seed: "0..3" },
      pretendedCluster(() => "runs"),
    );
    expect(end).toBe("worked");
    expect([...ended].sort()).toEqual(points.map(({ id }) => id).sort());
  });

  it("is patient with a queue that does not answer, and says so", async () => {
    let calls = 0;
    const cluster = pretendedCluster(() => "runs");
    const queue: SlurmCommands["queue"] = async (names) => {
      calls += 1;
      if (calls === 2 || calls === 3) throw unavailable();
      return await cluster.own.queue(names);
    };
    const { statuses, notices } = await work(
      { pauseMs: 900, seed: "0..1" },
      { ...cluster, commands: { ...cluster.commands, queue } },
    );
    expect(statuses).toEqual(["completed", "completed"]);
    expect(notices.filter((text) => text.includes("the queue does not answer"))).toHaveLength(1);
    expect(notices).toContain("the queue answers again");
  });

  it("submits what a dead task left as often as it is told to, and otherwise says where to look", async () => {
    const dying = (submission: number, task: number): Fate =>
      submission === 1 && task === 1 ? "OUT_OF_MEMORY" : "runs";
    const once = await work({ seed: "0..2" }, pretendedCluster(dying));
    expect([once.end, once.statuses.filter((status) => status === "missing").length]).toEqual(["lost", 1]);
    expect(once.notices.at(-1)).toMatch(
      /^task 1 of job 1 is gone \(OUT_OF_MEMORY\) with 1 point left; it wrote no log \(.*1\.out\): does the node see/,
    );
    const twice = await work({ seed: "3..5" }, pretendedCluster(dying), { retries: 1 });
    expect([twice.end, twice.submissions().length]).toEqual(["worked", 2]);
    expect(twice.notices.some((text) => text.includes("1 point left, submitted again"))).toBe(true);
    const never = await work(
      { seed: "6..8" },
      pretendedCluster(() => "OUT_OF_MEMORY"),
      { retries: 2 },
    );
    expect([never.end, never.submissions().length]).toEqual(["lost", 3]);
  });

  it("does not submit again what somebody cancelled", async () => {
    const { end, submissions } = await work(
      { seed: "0..1" },
      pretendedCluster(() => "CANCELLED"),
      { retries: 3 },
    );
    expect([end, submissions().length]).toEqual(["lost", 1]);
  });

  it("goes on with a chunk that came further before it died, without being told to", async () => {
    // The second point of the chunk is not run by the first task.
    const cluster = pretendedCluster((submission) => (submission === 1 ? "OUT_OF_MEMORY" : "runs"));
    const submit: SlurmCommands["submit"] = async (words) => {
      const job = await cluster.own.submit(words);
      if (job === "1") {
        const folder = dirname(words.at(-1) ?? "");
        const controller = new AbortController();
        await runSlurmTask(dirname(dirname(folder)), `${basename(folder)}/0`, {
          signal: controller.signal,
          onEvent: ({ event }) => event === "point" && controller.abort(),
        });
      }
      return job;
    };
    const { end, statuses, submissions } = await work(
      { pauseMs: "0,300", seed: "0" },
      { ...cluster, commands: { ...cluster.commands, submit } },
      {},
      { chunkPoints: 2 },
    );
    expect([end, submissions().length]).toEqual(["worked", 2]);
    expect(statuses).toEqual(["completed", "completed"]);
  });

  it("finds a job whose id sbatch could not tell any more", async () => {
    const cluster = pretendedCluster(() => "runs");
    const submit: SlurmCommands["submit"] = async (words) => {
      await cluster.own.submit(words);
      throw new MeanfieldError("slurm-unavailable", "sbatch: no answer within 90 s");
    };
    const { end, submissions } = await work(
      { seed: "0..1" },
      { ...cluster, commands: { ...cluster.commands, submit } },
    );
    expect([end, submissions().length]).toEqual(["worked", 1]);
  });

  it("keeps what the cluster does not take at once until the rest is done, and gives up where it takes nothing", async () => {
    const refuse = () => {
      throw new MeanfieldError("slurm-refused", "sbatch: Job violates accounting/QOS policy");
    };
    const cluster = pretendedCluster(() => "runs");
    let submissions = 0;
    const submit: SlurmCommands["submit"] = async (words) => {
      submissions += 1;
      return submissions === 2 ? refuse() : await cluster.own.submit(words);
    };
    const commands = { ...cluster.commands, submit, maxArraySize: async () => 2 };
    const { end, statuses, notices, submissions: folders } = await work({ seed: "0..4" }, { ...cluster, commands });
    expect([end, statuses.every((status) => status === "completed")]).toEqual(["worked", true]);
    expect(notices).toContain("sbatch: Job violates accounting/QOS policy. 3 tasks follow when the others are done");
    // Of the refused one nothing is left.
    expect(folders()).toHaveLength(3);
    await expect(work({ seed: "5..6" }, { ...cluster, commands: { ...commands, submit: refuse } })).rejects.toThrow(
      "QOS",
    );
  });

  it("cancels everything once a point failed where that was asked for", async () => {
    const cluster = pretendedCluster((_, task) => (task === 0 ? "runs" : "hangs"));
    const { end, statuses } = await work({ trouble: "throw", seed: "0..2" }, cluster, { failFast: true });
    expect(end).toBe("worked");
    expect(statuses.sort()).toEqual(["failed", "missing", "missing"]);
    expect(cluster.running()).toBe(0);
  });

  it("waits for a job of an earlier start instead of submitting its points again", async () => {
    const cluster = pretendedCluster(() => "runs");
    const first = await work({ pauseMs: 800, seed: "0..1" }, { ...cluster, work: [] }, {}, { wait: false });
    expect([first.end, first.ended]).toEqual(["submitted", []]);
    const second = await work({ pauseMs: 800, seed: "0..1" }, cluster);
    expect([second.end, second.ended.length, second.submissions().length]).toEqual(["worked", 2, 1]);
    expect(second.notices).toEqual(["job 1 of an earlier start still has 2 points: these are not submitted again"]);
  });
});
