import { availableParallelism } from "node:os";
import { invalidValue } from "../errors.ts";
import type { Executor, ExecutorHost } from "./executors/executor.ts";
import { createPoolExecutor } from "./executors/pool.ts";
import type { PlannedPoint, PointEnd, SweepPlan } from "./files.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { publishPlan } from "./publish-plan.ts";
import { endsOf } from "./read-sweep.ts";
import type { SweepOptions } from "./sweep-options.ts";

/** How the work on a sweep ended. */
export interface SweepOutcome {
  /** `completed`: every point of this shard has ended, however it did; `failed`: a failure kept others from being started. */
  readonly status: "completed" | "failed" | "cancelled";
  readonly dir: string;
  readonly plan: SweepPlan;
  /** Ends by point id, those of earlier starts and of other processes among them. */
  readonly ends: ReadonlyMap<string, PointEnd>;
}

const progressMs = 200;

/**
 * Runs the points of a sweep that have not ended yet, the costliest first, by an executor. How a point ends is a value, and no end keeps other points
 * from running unless `failFast` says so. Throws for what is wrong before it starts: `invalid-value`, `run-damaged`, `file-failed`.
 */
export async function runSweep(sweep: PreparedSweep, options: SweepOptions = {}): Promise<SweepOutcome> {
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024))
    throw invalidValue("jobs", "an integer in [1, 1024]", jobs);
  const { dir } = sweep;
  const plan = await publishPlan(sweep, jobs);
  const before = endsOf(dir, plan);
  const ends = new Map(before);
  const again = new Set<PointEnd["status"]>(options.again ?? []);
  const mine = plan.points.filter((_, place) => isInShard(place, options.shard));
  const places = new Map(plan.points.map(({ id }, place) => [id, place]));
  const due = mine
    .filter(({ id }) => again.has(ends.get(id)?.status ?? "completed") || !ends.has(id))
    .sort((left, right) => right.cost - left.cost);
  const tell = (event: Parameters<ExecutorHost["tell"]>[0]) => options.onEvent?.(event);
  tell({
    event: "started",
    scenario: plan.scenario,
    id: plan.id,
    dir,
    points: mine.length,
    ended: mine.length - due.length,
    jobs,
  });
  if (due.length === 0) return { status: "completed", dir, plan, ends };

  const left = new Set(due);
  let isStoppedByFailure = false;
  const executor: Executor = createPoolExecutor(
    {
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
    },
    due.reduce((sum, { members }) => sum + members, 0),
  );
  const cancel = () => executor.stop();
  options.signal?.addEventListener("abort", cancel);
  if (options.signal?.aborted === true) cancel();
  const whole = costOf(mine);
  const tellProgress = setInterval(() => {
    const { running, doneCost } = executor.activity();
    tell({
      event: "progress",
      points: mine.length,
      ended: mine.length - left.size,
      notCompleted: mine.filter((point) => !left.has(point) && ends.get(point.id)?.status !== "completed").length,
      running,
      fraction: whole > 0 ? Math.min(1, 1 - (costOf([...left]) - doneCost) / whole) : 1,
    });
  }, progressMs);
  try {
    await executor.work(due);
  } finally {
    clearInterval(tellProgress);
    options.signal?.removeEventListener("abort", cancel);
  }
  const status = left.size === 0 ? "completed" : isStoppedByFailure ? "failed" : "cancelled";
  return { status, dir, plan, ends };
}

function isInShard(place: number, shard: SweepOptions["shard"]): boolean {
  return shard === undefined || place % shard.count === shard.index;
}

function costOf(points: readonly PlannedPoint[]): number {
  return points.reduce((sum, { cost }) => sum + cost, 0);
}
