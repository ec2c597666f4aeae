import { availableParallelism } from "node:os";
import { invalidValue } from "../errors.ts";
import type { Executor, ExecutorHost, WorkEnd } from "./executors/executor.ts";
import { createPoolExecutor } from "./executors/pool.ts";
import { liveJobs } from "./executors/slurm/live-jobs.ts";
import { createSlurmExecutor } from "./executors/slurm/slurm.ts";
import { resolveSlurmOptions } from "./executors/slurm/slurm-options.ts";
import type { PlannedPoint, PointEnd, SweepPlan } from "./files.ts";
import { readJournals } from "./journal.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { publishPlan } from "./publish-plan.ts";
import { reliableEnds } from "./read-sweep.ts";
import type { SweepOptions } from "./sweep-options.ts";

/** How the work on a sweep ended. */
export interface SweepOutcome {
  /**
   * `completed`: every point of this shard has ended, however it did; `failed`: a failure kept others from being started; `submitted`: a cluster has
   * them, and nobody waits; `incomplete`: a cluster's tasks are gone, and some of their points have not ended.
   */
  readonly status: "completed" | "failed" | "cancelled" | "submitted" | "incomplete";
  readonly dir: string;
  readonly plan: SweepPlan;
  /** Ends by point id, those of earlier starts and of other processes among them. */
  readonly ends: ReadonlyMap<string, PointEnd>;
}

/** Between two events about progress. A cluster's tasks are looked at less often. */
const progressMs = { pool: 200, slurm: 1000 } as const;

/** A part of a sweep's points: what a task of a cluster is given. */
export interface SweepPart {
  readonly points: ReadonlySet<string>;
  /** Names of the journals that there were when it was decided which points are run again. */
  readonly journals: readonly string[];
}

/**
 * Runs the points of a sweep that have not ended yet, the costliest first, by an executor. How a point ends is a value, and no end keeps other points
 * from running unless `failFast` says so. Throws for what is wrong before it starts: `invalid-value`, `run-damaged`, `file-failed`,
 * `slurm-unavailable`, `slurm-refused`.
 *
 * @param part null for all points
 */
export async function runSweep(
  sweep: PreparedSweep,
  options: SweepOptions = {},
  part: SweepPart | null = null,
): Promise<SweepOutcome> {
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024))
    throw invalidValue("jobs", "an integer in [1, 1024]", jobs);
  const slurm = options.executor === "slurm" ? resolveSlurmOptions({ ...sweep.slurm, ...options.slurm }) : null;
  const { dir } = sweep;
  const plan = await publishPlan(sweep, jobs);
  const { mine, due, before } = duePoints(dir, plan, options, part);
  const ends = new Map(before);
  const places = new Map(plan.points.map(({ id }, place) => [id, place]));
  const tell = (event: Parameters<ExecutorHost["tell"]>[0]) => options.onEvent?.(event);
  tell({
    event: "started",
    scenario: plan.scenario,
    id: plan.id,
    dir,
    points: mine.length,
    ended: mine.length - due.length,
    executor: slurm === null ? "pool" : "slurm",
    jobs,
  });
  if (due.length === 0) return { status: "completed", dir, plan, ends };

  if (slurm === null && part === null) {
    const jobs = await liveJobs(dir);
    // Locks keep each point from being run twice; but it may not be what was meant.
    const message = `${jobs.map((job) => `job ${job}`).join(", ")} of this sweep still in Slurm's queue: this process works beside; --executor slurm would wait`;
    if (jobs.length > 0) tell({ event: "notice", message, job: jobs[0] });
  }
  const left = new Set(due);
  let isStoppedByFailure = false;
  const host: ExecutorHost = {
    sweep,
    plan,
    options,
    jobs,
    before,
    tell,
    ended(point, end) {
      ends.set(end.id, end);
      left.delete(point);
      tell({ event: "point", place: places.get(point.id) ?? 0, point, end });
      if (end.status !== "completed" && options.failFast === true) {
        isStoppedByFailure = true;
        executor.stop();
      }
    },
  };
  const executor: Executor =
    slurm === null
      ? createPoolExecutor(
          host,
          due.reduce((sum, { members }) => sum + members, 0),
        )
      : createSlurmExecutor(host, slurm);
  const cancel = () => executor.stop();
  options.signal?.addEventListener("abort", cancel);
  if (options.signal?.aborted === true) cancel();
  const whole = costOf(mine);
  const tellProgress = setInterval(
    () => {
      const { running, pending, doneCost } = executor.activity();
      tell({
        event: "progress",
        points: mine.length,
        ended: mine.length - left.size,
        notCompleted: mine.filter((point) => !left.has(point) && ends.get(point.id)?.status !== "completed").length,
        running,
        pending,
        fraction: whole > 0 ? Math.min(1, 1 - (costOf([...left]) - doneCost) / whole) : 1,
      });
    },
    progressMs[slurm === null ? "pool" : "slurm"],
  );
  let workEnd: WorkEnd;
  try {
    workEnd = await executor.work(due);
  } finally {
    clearInterval(tellProgress);
    options.signal?.removeEventListener("abort", cancel);
  }
  return { status: statusOf(left.size, isStoppedByFailure, workEnd), dir, plan, ends };
}

function statusOf(left: number, isStoppedByFailure: boolean, end: WorkEnd): SweepOutcome["status"] {
  if (left === 0) return "completed";
  if (isStoppedByFailure) return "failed";
  return end === "worked" ? "cancelled" : end === "lost" ? "incomplete" : "submitted";
}

/** The points that a start is about, those that it has to run, the costliest first, and how points had ended before it. */
export function duePoints(
  dir: string,
  plan: SweepPlan,
  options: Pick<SweepOptions, "shard" | "again">,
  part: SweepPart | null = null,
) {
  const again = new Set<PointEnd["status"]>(options.again ?? []);
  const mine = plan.points.filter(
    ({ id }, place) => isInShard(place, options.shard) && (part === null || part.points.has(id)),
  );
  // A task that was begun anew does not run again what its first start has.
  const anew = part === null || again.size === 0 ? null : readJournals(dir, part.journals);
  const before = reliableEnds(dir, part === null ? plan : { ...plan, points: mine });
  const isDue = ({ id }: PlannedPoint) => {
    const end = before.get(id);
    return end === undefined || (again.has(end.status) && anew?.has(id) !== true);
  };
  return { mine, due: mine.filter(isDue).sort((left, right) => right.cost - left.cost), before };
}

function isInShard(place: number, shard: SweepOptions["shard"]): boolean {
  return shard === undefined || place % shard.count === shard.index;
}

function costOf(points: readonly PlannedPoint[]): number {
  return points.reduce((sum, { cost }) => sum + cost, 0);
}
