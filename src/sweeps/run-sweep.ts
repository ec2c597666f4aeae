import { availableParallelism } from "node:os";
import { join } from "node:path";
import { chooseEngine, engineUse } from "../engines/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { canonicalJson, currentProvenance, makeFolder, publishChecked, publishJson } from "../runs/index.ts";
import { writeBundle } from "../scenario/index.ts";
import { createPool, workerUrl } from "../threads/index.ts";
import { type PlannedPoint, type PointEnd, planFile, type SweepPlan } from "./files.ts";
import { startJournal } from "./journal.ts";
import { createPointWork } from "./point-work.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { createQueue, type Handled } from "./queue.ts";
import { endsOf, readPlan } from "./read-sweep.ts";
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
/** How long to wait before looking again at a point that another process is running. */
const lockedMs = 500;

/**
 * Runs the points of a sweep that have not ended yet, the costliest first, on one pool of threads: a run with one member takes one thread, the members
 * of larger runs share the pool. How a point ends is a value, and no end keeps other points from running unless `failFast` says so.
 * Throws for what is wrong before it starts: `invalid-value`, `run-damaged`, `file-failed`.
 */
export async function runSweep(sweep: PreparedSweep, options: SweepOptions = {}): Promise<SweepOutcome> {
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024))
    throw invalidValue("jobs", "an integer in [1, 1024]", jobs);
  const { dir } = sweep;
  const plan = await publishPlan(sweep, jobs);
  const ends = new Map(endsOf(dir, plan));
  const again = new Set<PointEnd["status"]>(options.again ?? []);
  const mine = plan.points.filter((_, place) => isInShard(place, options.shard));
  const places = new Map(plan.points.map(({ id }, place) => [id, place]));
  const due = mine
    .filter(({ id }) => again.has(ends.get(id)?.status ?? "completed") || !ends.has(id))
    .sort((left, right) => right.cost - left.cost);
  options.onEvent?.({
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
  const tasks = due.reduce((sum, { members }) => sum + members, 0);
  const pool = createPool({ threads: Math.min(jobs, tasks), worker: workerUrl("run-point") });
  const work = createPointWork(sweep, pool, options, jobs);
  const queue = createQueue(due, { capacity: jobs, tasksOf: ({ members }) => members, laterMs: lockedMs });
  const journal = startJournal(dir);
  let isStoppedByFailure = false;
  const handle = async (point: PlannedPoint, giveBack: () => void): Promise<Handled> => {
    const force = ends.get(point.id)?.status === "diverged";
    let outcome = await work.run(point, force, giveBack);
    // Nobody has said that this point has ended, so what is torn in its folder was being written when the machine went down.
    if (!force && outcome.kind === "ended" && outcome.end.error?.code === "run-damaged") {
      outcome = await work.run(point, true, giveBack);
    }
    for (let retry = 0; retry < (options.retries ?? 0); retry += 1) {
      if (outcome.kind !== "ended" || outcome.end.status !== "failed" || queue.isStopped()) break;
      outcome = await work.run(point, false, giveBack);
    }
    if (outcome.kind !== "ended") return outcome.kind === "locked" ? "later" : "left";
    const { end } = outcome;
    journal.append(end);
    ends.set(end.id, end);
    left.delete(point);
    options.onEvent?.({ event: "point", place: places.get(point.id) ?? 0, point, end });
    if (end.status !== "completed" && options.failFast === true) {
      isStoppedByFailure = true;
      queue.stop();
      work.stop();
    }
    return "done";
  };
  const cancel = () => {
    queue.stop();
    work.stop();
  };
  options.signal?.addEventListener("abort", cancel);
  if (options.signal?.aborted === true) cancel();
  const tellProgress = setInterval(() => {
    const started = queue.running();
    const undone = [...left].reduce((sum, { cost }) => sum + cost, 0);
    const partly = started.reduce((sum, point) => sum + point.cost * work.fraction(point), 0);
    const whole = mine.reduce((sum, { cost }) => sum + cost, 0);
    options.onEvent?.({
      event: "progress",
      points: mine.length,
      ended: mine.length - left.size,
      notCompleted: mine.filter((point) => !left.has(point) && ends.get(point.id)?.status !== "completed").length,
      running: started.length,
      fraction: whole > 0 ? Math.min(1, 1 - (undone - partly) / whole) : 1,
    });
  }, progressMs);
  try {
    await queue.work((point, lease) => handle(point, lease.giveBack));
  } finally {
    clearInterval(tellProgress);
    options.signal?.removeEventListener("abort", cancel);
    await pool.close();
    journal.close();
  }
  const status = left.size === 0 ? "completed" : isStoppedByFailure ? "failed" : "cancelled";
  return { status, dir, plan, ends };
}

function isInShard(place: number, shard: SweepOptions["shard"]): boolean {
  return shard === undefined || place % shard.count === shard.index;
}

/** Writes the plan and a user's bundle into the sweep folder, unless they are there. */
async function publishPlan({ dir, plan, loaded, request }: PreparedSweep, jobs: number): Promise<SweepPlan> {
  const stored = readPlan(dir);
  if (stored !== null) {
    const identity = ({ checksum: _, ...rest }: SweepPlan) => canonicalJson(rest, "sweep");
    if (identity(stored) === identity({ ...plan, checksum: "" })) return stored;
    const path = join(dir, planFile);
    const suggestion = "give another --out, or remove the folder";
    throw new MeanfieldError(
      "run-damaged",
      `${path}: it describes another sweep than the folder's name; ${suggestion}`,
      {
        path,
        suggestion,
      },
    );
  }
  makeFolder(dir);
  const engine = engineUse(chooseEngine(request), "float64");
  publishJson(
    join(dir, "provenance.json"),
    currentProvenance(jobs, loaded.bundle?.packages ?? {}, engine),
    "provenance",
  );
  if (loaded.bundle !== null) await writeBundle(dir, loaded.bundle);
  return publishChecked<SweepPlan>(join(dir, planFile), { ...plan, checksum: "" }, "sweep");
}
