/** One line of squeue. */
export interface QueueRow {
  readonly jobName: string;
  /** The id of the whole array. */
  readonly job: string;
  /** Indices of the tasks that the line is about; null where squeue does not tell all of them. */
  readonly tasks: readonly number[] | null;
  /** Slurm's name of the state, such as `RUNNING`. */
  readonly state: string;
  /** Why a task that waits does so, in Slurm's words. */
  readonly reason: string;
}

/** What squeue is to print for `readQueueRows`: name, id of the array, index of the task, state, reason. */
export const queueFormat = "%j|%F|%K|%T|%r";

/** Reads what squeue printed; lines of another form are no rows. */
export function readQueueRows(text: string): readonly QueueRow[] {
  return text.split("\n").flatMap((line) => {
    const match = /^(.+)\|(\d+)\|([^|]*)\|([A-Z_]+)\|(.*)$/.exec(line);
    if (match === null) return [];
    const [, jobName, job, tasks, state, reason] = match;
    return [{ jobName, job, tasks: readTasks(tasks), state, reason: reason.trim() }];
  });
}

/** `7`, `3,7-9`, `[0-99%2]`, `0-8:4`; null for `N/A` and for a list that squeue cut off. */
function readTasks(text: string): readonly number[] | null {
  const list = text.replace(/^\[|\]$/g, "").replace(/%\d+\]?$/, "");
  const tasks: number[] = [];
  for (const item of list.split(",")) {
    const match = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(item);
    if (match === null) return null;
    const [first, last, step] = [Number(match[1]), Number(match[2] ?? match[1]), Number(match[3] ?? 1)];
    if (step < 1 || last - first > 10_000_000) return null;
    for (let task = first; task <= last; task += step) tasks.push(task);
  }
  return tasks;
}

/** States from which a task does not come back; all others, among them some that only newer versions know, are states of a task that will still run. */
const endStates = new Set([
  "BOOT_FAIL",
  "CANCELLED",
  "COMPLETED",
  "DEADLINE",
  "FAILED",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
  "REVOKED",
  "TIMEOUT",
]);
const runningStates = new Set(["RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT"]);

/** Where a task stands in its life. */
export function lifeOf(state: string): "pending" | "running" | "ended" {
  return endStates.has(state) ? "ended" : runningStates.has(state) ? "running" : "pending";
}

const usualReasons = /^(None|\(null\)|Priority|Resources|JobArrayTaskLimit|BeginTime|Cleaning|Dependency|)$/;

/** True for a reason that time does away with: others' jobs, or our own limit of tasks at a time. */
export function isUsualReason(reason: string): boolean {
  return usualReasons.test(reason);
}
