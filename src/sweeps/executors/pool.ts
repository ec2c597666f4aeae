import { join } from "node:path";
import { type FolderLock, failureOf, lockFolder, makeFolder } from "../../runs/index.ts";
import { createPool, workerUrl } from "../../threads/index.ts";
import type { PlannedPoint } from "../files.ts";
import { startJournal } from "../journal.ts";
import { createPointWork } from "../point-work.ts";
import { placeOf } from "../prepare-sweep.ts";
import { createQueue, type Handled } from "../queue.ts";
import type { Executor, ExecutorHost } from "./executor.ts";

/** How long to wait before looking again at a point that another process is running. */
const lockedMs = 500;

/**
 * Runs points on one pool of this process's threads: a run with one member takes one thread, the members of larger runs share the pool. Writes a
 * journal of how they ended.
 *
 * @param tasks members of all points that are due
 */
export function createPoolExecutor(host: ExecutorHost, tasks: number): Executor {
  const { sweep, options, jobs, before } = host;
  const pool = createPool({ threads: Math.min(jobs, tasks), worker: workerUrl("run-point") });
  const work = createPointWork(sweep, pool, options, jobs);
  let isStopped = false;
  let running: () => readonly PlannedPoint[] = () => [];
  let stop = () => {};

  async function run(point: PlannedPoint, lock: string, giveBack: () => void) {
    const force = before.get(point.id)?.status === "diverged";
    // What another process has found out meanwhile stands; what was known to have failed is here to be run again.
    let outcome = await work.run(point, { lock, force, keepsFailure: !before.has(point.id) }, giveBack);
    // Nobody has said that this point has ended, so what is torn in its folder was being written when the machine went down.
    if (!force && outcome.kind === "ended" && outcome.end.error?.code === "run-damaged") {
      outcome = await work.run(point, { lock, force: true, keepsFailure: false }, giveBack);
    }
    for (let retry = 0; retry < (options.retries ?? 0); retry += 1) {
      if (outcome.kind !== "ended" || outcome.end.status !== "failed" || isStopped) break;
      outcome = await work.run(point, { lock, force: false, keepsFailure: false }, giveBack);
    }
    return outcome;
  }

  /** The lock of a point's folder; null where another process works on it. This thread holds it, since the point's own may be ended at any moment. */
  function lockPoint({ id }: PlannedPoint): FolderLock | null {
    const folder = join(placeOf(sweep.dir, sweep.plan).folder, id);
    makeFolder(folder);
    try {
      return lockFolder(folder);
    } catch (error) {
      if (failureOf(error).code === "run-locked") return null;
      throw error;
    }
  }

  return {
    async work(due) {
      const queue = createQueue(due, { capacity: jobs, tasksOf: ({ members }) => members, laterMs: lockedMs });
      const journal = startJournal(sweep.dir);
      running = queue.running;
      stop = queue.stop;
      if (isStopped) queue.stop();
      try {
        await queue.work(async (point, { giveBack }): Promise<Handled> => {
          const lock = lockPoint(point);
          if (lock === null) return "later";
          try {
            const outcome = await run(point, lock.text, giveBack);
            if (outcome.kind !== "ended") return outcome.kind === "locked" ? "later" : "left";
            journal.append(outcome.end);
            host.ended(point, outcome.end);
            return "done";
          } finally {
            lock.release();
          }
        });
      } finally {
        await pool.close();
        journal.close();
      }
      return "worked";
    },
    stop() {
      isStopped = true;
      stop();
      work.stop();
    },
    activity() {
      const points = running();
      return {
        running: points.length,
        pending: null,
        doneCost: points.reduce((sum, point) => sum + point.cost * work.fraction(point), 0),
      };
    },
  };
}
