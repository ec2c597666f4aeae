import type { PlannedPoint } from "../../files.ts";
import { progressMark } from "./progress-mark.ts";
import { lifeOf, type QueueRow } from "./queue-rows.ts";
import type { Submission } from "./submission.ts";

/** A task of an array, as far as this process waits for it. */
export interface Task {
  readonly array: JobArray;
  readonly index: number;
  /** Its points that have not ended. */
  readonly left: Map<string, PlannedPoint>;
  /** Slurm's name of its state when it was last seen in the queue; null if it never was. */
  state: string | null;
  life: "pending" | "running" | "ended";
  /** How often the queue did not have it, or as ended, one look after the other. */
  looksGone: number;
  /** How many of its points had ended, and how far the others had come, when it was submitted. */
  readonly mark: string;
  ended: number;
}

/** An array of tasks, of this start or an earlier one. */
export interface JobArray {
  readonly submission: Submission;
  readonly job: string;
  readonly tasks: readonly Task[];
}

/** An array and its tasks for some of the points of its submission; tasks without such points are left out. */
export function trackArray(
  dir: string,
  submission: Submission,
  job: string,
  points: ReadonlyMap<string, PlannedPoint>,
  indices: readonly number[] = submission.chunks.map((_, index) => index),
): JobArray {
  const tasks: Task[] = [];
  const array: JobArray = { submission, job, tasks };
  for (const index of indices) {
    const left = new Map<string, PlannedPoint>();
    for (const id of submission.chunks[index] ?? []) {
      const point = points.get(id);
      if (point !== undefined) left.set(id, point);
    }
    const mark = progressMark(dir, [...left.keys()]);
    if (left.size > 0) tasks.push({ array, index, left, state: null, life: "pending", looksGone: 0, mark, ended: 0 });
  }
  return array;
}

/** Notes what the queue says of an array's tasks. */
export function noteQueue({ submission, tasks }: JobArray, rows: readonly QueueRow[]): void {
  const states = statesOf(submission, rows);
  for (const task of tasks) {
    const state = states.get(task.index);
    task.state = state ?? task.state;
    task.life = state === undefined ? "ended" : lifeOf(state);
    task.looksGone = task.life === "ended" ? task.looksGone + 1 : 0;
  }
}

/** The states of a submission's tasks that the queue has, by index. */
export function statesOf({ jobName, chunks }: Submission, rows: readonly QueueRow[]): ReadonlyMap<number, string> {
  const states = new Map<number, string>();
  for (const row of rows) {
    if (row.jobName !== jobName) continue;
    // Where squeue does not say which tasks it means, those of which it says nothing else may be meant; ended ones need no row.
    if (row.tasks === null && lifeOf(row.state) === "ended") continue;
    for (const index of row.tasks ?? chunks.keys()) {
      if (row.tasks !== null || !states.has(index)) states.set(index, row.state);
    }
  }
  return states;
}

/** True if a task that is gone has come further than it was when it was submitted. */
export function hasProgressed(dir: string, { ended, left, mark }: Task): boolean {
  return ended > 0 || progressMark(dir, [...left.keys()]) !== mark;
}
