import { join } from "node:path";
import type { Member, ScenarioReference } from "../scenario/index.ts";
import { createPool, type Pool, workerUrl } from "../threads/index.ts";
import { readMember } from "./member-files.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { type MemberEnd, type MemberJob, type MemberTask, runMember } from "./run-task.ts";
import { createStopFlag, raise } from "./stop-flag.ts";

export interface RunMembersOptions {
  /** The text of the run folder's lock; null where nobody else can know of the folder. */
  readonly lock: string | null;
  readonly threads: number;
  /** Workers that several runs share; null: the run starts its own. */
  readonly pool: Pool | null;
  readonly checkpointMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called a few times a second with the fraction done, in [0, 1]. */
  readonly onProgress: ((fraction: number) => void) | undefined;
  readonly onMember: ((member: string, end: MemberEnd) => void) | undefined;
}

const progressMs = 200;

/**
 * Runs the members that have no result yet: a run's only member in this thread, so that its simulation may use a gang of threads; several
 * on a pool of min(threads, members) workers, the heaviest first. Returns how each ended; all are run even where one fails, since what
 * is on disk must not depend on which came first.
 */
export async function runMembers(
  run: PreparedRun,
  options: RunMembersOptions,
): Promise<ReadonlyMap<string, MemberEnd>> {
  const { members, dir } = run;
  const ends = new Map<string, MemberEnd>();
  const stop = createStopFlag();
  const progress = new SharedArrayBuffer(8 * members.length);
  const raiseStop = () => raise(stop);
  if (options.signal?.aborted === true) raiseStop();
  options.signal?.addEventListener("abort", raiseStop);
  const finish = (member: Member, end: MemberEnd) => {
    ends.set(member.name, end);
    options.onMember?.(member.name, end);
  };
  const jobs: MemberJob[] = [];
  for (const [index, member] of members.entries()) {
    const stored = readMember(dir, member.name);
    if (stored !== null) {
      new Float64Array(progress)[index] = 1;
      finish(member, { status: stored.status, error: stored.error, stack: null });
    } else {
      const threads = members.length === 1 ? options.threads : 1;
      const { parameters, config } = run;
      jobs.push({
        dir,
        lock: options.lock,
        member,
        parameters,
        seed: config.seed,
        threads,
        preference: run.preference,
        stop,
        progress,
        index,
        checkpointMs: options.checkpointMs,
      });
    }
  }
  const costs = members.map((member) => member.cost ?? 1);
  const tellProgress = setInterval(
    () => options.onProgress?.(weightedMean(new Float64Array(progress), costs)),
    progressMs,
  );
  try {
    if (members.length === 1) {
      for (const job of jobs) finish(job.member, await runMember(run.loaded.scenario, job));
    } else await runOnPool(run, jobs, options, finish);
  } finally {
    clearInterval(tellProgress);
    options.signal?.removeEventListener("abort", raiseStop);
  }
  return ends;
}

async function runOnPool(
  run: PreparedRun,
  jobs: readonly MemberJob[],
  { threads, pool: shared }: RunMembersOptions,
  finish: (member: Member, end: MemberEnd) => void,
): Promise<void> {
  if (jobs.length === 0) return;
  const { bundle } = run.config;
  const reference: ScenarioReference =
    bundle === null ? { kind: "built-in", name: run.config.scenario } : { kind: "bundle", file: join(run.dir, bundle) };
  const heaviestFirst = [...jobs].sort((left, right) => (right.member.cost ?? 1) - (left.member.cost ?? 1));
  const worker = workerUrl("run-member");
  const pool = shared ?? createPool({ threads: Math.min(threads, jobs.length), worker });
  try {
    await Promise.all(
      heaviestFirst.map(async (job) => {
        const task: MemberTask = { ...job, reference };
        const outcome = await pool.runTask<MemberEnd>(task, { worker });
        finish(job.member, outcome.ok ? outcome.value : crashed(job.member.name, outcome.code, outcome.message));
      }),
    );
  } finally {
    if (shared === null) await pool.close();
  }
}

function crashed(member: string, code: NonNullable<MemberEnd["error"]>["code"], message: string): MemberEnd {
  return { status: "failed", error: { code, message, member, step: null }, stack: null };
}

function weightedMean(values: Float64Array, weights: readonly number[]): number {
  let total = 0;
  let weight = 0;
  for (const [index, value] of values.entries()) {
    total += weights[index] * value;
    weight += weights[index];
  }
  return total / weight;
}
