import { join } from "node:path";
import { MeanfieldError } from "../../../errors.ts";
import type { PlannedPoint, PointEnd } from "../../files.ts";
import { journalNames, readJournals } from "../../journal.ts";
import { endsOf } from "../../read-sweep.ts";
import type { Activity, Executor, ExecutorHost, WorkEnd } from "../executor.ts";
import { hasProgressed, type JobArray, noteQueue, statesOf, type Task, trackArray } from "./arrays.ts";
import { type SlurmCommands, slurmCommands } from "./commands.ts";
import { chunksOf, limitOf, partsOf, taskSettings } from "./division.ts";
import { isUsualReason, lifeOf, type QueueRow } from "./queue-rows.ts";
import type { ResolvedSlurmOptions } from "./slurm-options.ts";
import {
  lastLines,
  logOf,
  planSubmission,
  publishSubmission,
  readSubmissions,
  recordJob,
  removeSubmission,
  type Submission,
  submissionsFolder,
} from "./submission.ts";

/** Pause between two looks at the results. */
const lookMs = 2000;
/** How often the queue must be without a task before that is believed. */
const looksUntilGone = 2;
/** For how long a queue that does not answer is waited for. Jobs run on without us. */
const patienceMs = 30 * 60_000;
/** How long cancelled tasks may take to leave their checkpoints: Slurm's own default is 30 s. */
const cancelMs = 60_000;
const cancelLookMs = 500;
/** Of many tasks that go at once, for the same reason mostly, the first ones are told. */
const mostTold = 3;

/**
 * Runs points as arrays of jobs on a Slurm cluster, and waits for them. Tasks run their points with this very code, on a pool, in the sweep folder, which the
 * nodes share; their journals and result files say how points ended, the queue only which tasks may still be waited for.
 */
export function createSlurmExecutor(
  host: ExecutorHost,
  options: ResolvedSlurmOptions,
  commands: SlurmCommands = slurmCommands(),
): Executor {
  const { sweep, plan, before } = host;
  const { dir } = sweep;
  const again = host.options.again ?? [];
  const arrays: JobArray[] = [];
  const left = new Map<string, PlannedPoint>();
  const tries = new Map<string, number>();
  /** Chunks that the cluster did not take yet. */
  const backlog: (readonly PlannedPoint[])[] = [];
  const reasons = new Set<string>();
  let isStopped = false;
  let wake = () => {};
  let maxArraySize = 1;

  const tasks = () => arrays.flatMap((array) => array.tasks).filter((task) => task.left.size > 0);
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const say = (message: string, job: string | null = null) => host.tell({ event: "notice", message, job });

  /** Takes over tasks of earlier submissions that will still run points that are due. */
  async function findEarlier(due: readonly PlannedPoint[]): Promise<void> {
    const submissions = readSubmissions(dir);
    const rows = await commands.queue(submissions.map(({ jobName }) => jobName));
    const free = new Map(due.map((point) => [point.id, point]));
    for (const submission of submissions) {
      const states = statesOf(submission, rows);
      // A task that is COMPLETING runs nothing more: it was cancelled, or has done its points.
      const willGoOn = (state = "") => state !== "COMPLETING" && lifeOf(state) !== "ended";
      const live = [...states.keys()].filter((index) => willGoOn(states.get(index)));
      const job = rows.find(({ jobName }) => jobName === submission.jobName)?.job;
      if (live.length === 0 || job === undefined) continue;
      const anew = submission.again.length === 0 ? null : readJournals(dir, submission.journals);
      const willRun = (id: string) => {
        const end = before.get(id);
        return (
          end === undefined || (end.status !== "completed" && submission.again.includes(end.status) && !anew?.has(id))
        );
      };
      const points = new Map([...free].filter(([id]) => willRun(id)));
      const array = trackArray(dir, submission, job, points, live);
      if (array.tasks.length === 0) continue;
      noteQueue(array, rows);
      arrays.push(array);
      const ids = array.tasks.flatMap((task) => [...task.left.keys()]);
      for (const id of ids) free.delete(id);
      say(
        `job ${job} of an earlier start still has ${counted(ids.length, "point")}: these are not submitted again`,
        job,
      );
    }
  }

  /** Submits chunks of points, as several arrays where one may not have so many tasks. */
  async function submit(chunks: readonly (readonly PlannedPoint[])[]): Promise<void> {
    const parts = partsOf(chunks, maxArraySize);
    for (const [index, part] of parts.entries()) {
      if (isStopped) return;
      try {
        await submitArray(part, limitOf(options.arrayLimit, parts.length));
      } catch (error) {
        // What a cluster allows a person at a time may be less than a sweep: the rest follows when these have gone.
        if (!isRefused(error) || tasks().length === 0) throw error;
        backlog.push(...parts.slice(index).flat());
        const rest = counted(backlog.length, "task");
        const when = options.wait ? "follow when the others are done" : "are left out: resume submits them later";
        say(`${error.message}. ${rest} ${when}`);
        return;
      }
    }
  }

  async function submitArray(chunks: readonly (readonly PlannedPoint[])[], arrayLimit: number | null): Promise<void> {
    const planned = planSubmission(
      { dir, scenario: plan.scenario },
      {
        chunks: chunks.map((points) => points.map(({ id }) => id)),
        again,
        journals: again.length === 0 ? [] : journalNames(dir),
        task: taskSettings(host, options),
      },
      options,
      arrayLimit,
    );
    const { submission } = planned;
    publishSubmission(dir, planned);
    const job = await submitted(submission, planned.words);
    recordJob(dir, submission, job);
    arrays.push(trackArray(dir, submission, job, left));
    const points = chunks.reduce((sum, each) => sum + each.length, 0);
    const folder = join(dir, submissionsFolder, submission.name);
    say(`job ${job}: ${counted(points, "point")} in ${counted(chunks.length, "task")}, logs in ${folder}`, job);
  }

  async function submitted(submission: Submission, words: readonly string[]): Promise<string> {
    try {
      return await commands.submit(words);
    } catch (error) {
      if (isRefused(error)) removeSubmission(dir, submission);
      if (!isUnavailable(error)) throw error;
      // The controller may have taken the job although its answer did not come in time.
      const rows: readonly QueueRow[] = await commands.queue([submission.jobName]).catch(() => []);
      if (rows.length > 0) return rows[0].job;
      throw error;
    }
  }

  /** Looks for points that have ended. */
  function look(among: readonly Task[], ends: (ids: readonly string[]) => ReadonlyMap<string, PointEnd>): void {
    const fresh = ends(among.flatMap((task) => [...task.left.keys()]));
    // Of a point that is run again only what came after its submission counts.
    const anew = new Map<Submission, ReadonlyMap<string, PointEnd>>();
    const endAnew = (submission: Submission, id: string) => {
      const known = anew.get(submission) ?? readJournals(dir, submission.journals);
      anew.set(submission, known);
      return known.get(id);
    };
    for (const task of among) {
      for (const [id, point] of task.left) {
        const end = before.has(id) ? endAnew(task.array.submission, id) : fresh.get(id);
        if (end === undefined) continue;
        task.left.delete(id);
        task.ended += 1;
        left.delete(id);
        host.ended(point, end);
      }
    }
  }
  const inJournals = () => readJournals(dir);
  const inFolders = (ids: readonly string[]) => {
    const wanted = new Set(ids);
    return endsOf(dir, { ...plan, points: plan.points.filter(({ id }) => wanted.has(id)) });
  };

  /** What becomes of the points of tasks that are gone: another submission, or a sentence. */
  async function settle(gone: readonly Task[]): Promise<void> {
    const chunks: (readonly PlannedPoint[])[] = [];
    for (const [place, task] of gone.entries()) {
      const points = [...task.left.values()];
      task.left.clear();
      const isCancelled = task.state === "CANCELLED";
      let isAgain =
        !isCancelled && hasProgressed(dir, { ...task, left: new Map(points.map((point) => [point.id, point])) });
      if (!isCancelled && !isAgain) {
        const most = Math.max(...points.map(({ id }) => tries.get(id) ?? 0));
        isAgain = most < (host.options.retries ?? 0);
        for (const { id } of points) tries.set(id, most + 1);
      }
      if (isAgain) chunks.push(points);
      if (place < mostTold) say(goneText(dir, task, points.length, isAgain), task.array.job);
    }
    if (gone.length > mostTold) say(`and ${counted(gone.length - mostTold, "more task")}`);
    if (chunks.length > 0) await submit(chunks);
  }

  /** Tells once of each reason for which a job waits and might wait for ever. */
  function tellReasons(rows: readonly QueueRow[]): void {
    for (const { job, state, reason } of rows) {
      if (lifeOf(state) !== "pending" || isUsualReason(reason) || reasons.has(`${job} ${reason}`)) continue;
      reasons.add(`${job} ${reason}`);
      say(`tasks of job ${job} wait: ${reason} (man squeue explains it; scancel ${job} gives up)`, job);
    }
  }

  async function waitForTasks(): Promise<WorkEnd> {
    let queueAt = Date.now() + Math.min(options.pollMs, 2000);
    let answeredAt = Date.now();
    let isSilent = false;
    let unreadable = 0;
    while (left.size > 0) {
      if (isStopped) return await cancel();
      if (tasks().length === 0) {
        if (backlog.length === 0) return "lost";
        await submit(backlog.splice(0));
        continue;
      }
      await pause(Math.max(50, Math.min(lookMs, queueAt - Date.now(), options.pollMs)));
      try {
        look(tasks(), inJournals);
        unreadable = 0;
      } catch (error) {
        // A line that a node is just writing may be seen half through a network file system; what stays so is told.
        unreadable += 1;
        if (unreadable > 5) throw error;
      }
      if (isStopped || left.size === 0 || Date.now() < queueAt) continue;
      try {
        const rows = await commands.queue(arrays.map(({ submission }) => submission.jobName));
        for (const array of arrays) noteQueue(array, rows);
        tellReasons(rows);
        answeredAt = Date.now();
        if (isSilent) say("the queue answers again");
        isSilent = false;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        if (Date.now() - answeredAt > patienceMs) {
          say(
            "the queue has not answered for half an hour; jobs run on without this command, which can be given again",
          );
          throw error;
        }
        if (!isSilent) say(`the queue does not answer; jobs run on, and it is asked again (${error.message})`);
        isSilent = true;
      }
      queueAt = Date.now() + options.pollMs;
      if (isSilent || isStopped) continue;
      const gone = tasks().filter((task) => task.looksGone >= looksUntilGone);
      if (gone.length === 0) continue;
      look(gone, inFolders);
      // With a limit on tasks at a time a further array waits for the others to end, since each array has a limit of its own.
      if (options.arrayLimit !== undefined && tasks().some((task) => task.looksGone < looksUntilGone)) continue;
      await settle(gone.filter((task) => task.left.size > 0));
    }
    return "worked";
  }

  async function cancel(): Promise<WorkEnd> {
    const live = () => [
      ...new Set(
        tasks()
          .filter(({ life }) => life !== "ended")
          .map(({ array }) => array),
      ),
    ];
    const jobs = live().map(({ job }) => job);
    if (jobs.length === 0) return "worked";
    try {
      await commands.cancel(jobs);
      say(`cancelled ${jobs.map((job) => `job ${job}`).join(", ")}; tasks that run leave their checkpoints`);
      for (const until = Date.now() + cancelMs; live().length > 0 && Date.now() < until; ) {
        const rows = await commands.queue(live().map(({ submission }) => submission.jobName));
        for (const array of live()) noteQueue(array, rows);
        if (live().length > 0) await pause(cancelLookMs);
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      say(`jobs may still run: ${error.message}; scancel ${jobs.join(" ")} ends them`);
    }
    look(tasks(), inFolders);
    return "worked";
  }

  return {
    async work(due) {
      maxArraySize = await commands.maxArraySize();
      for (const point of due) left.set(point.id, point);
      await findEarlier(due);
      const taken = new Set(tasks().flatMap((task) => [...task.left.keys()]));
      const rest = due.filter(({ id }) => !taken.has(id));
      await submit(chunksOf(host, rest, options));
      if (isStopped) return await cancel();
      return options.wait ? await waitForTasks() : "submitted";
    },
    stop() {
      isStopped = true;
      wake();
    },
    activity(): Activity {
      const lives = tasks().map(({ life }) => life);
      const count = (wanted: Task["life"]) => lives.filter((life) => life === wanted).length;
      return { running: count("running"), pending: count("pending"), doneCost: 0 };
    },
  };
}

function isRefused(error: unknown): error is MeanfieldError {
  return error instanceof MeanfieldError && error.code === "slurm-refused";
}

function isUnavailable(error: unknown): error is MeanfieldError {
  return error instanceof MeanfieldError && error.code === "slurm-unavailable";
}

function goneText(dir: string, { array, index, state }: Task, points: number, isAgain: boolean): string {
  const log = logOf(dir, array.submission, index);
  const lines = lastLines(log);
  const said =
    lines === null
      ? `it wrote no log (${log}): does the node see this folder? It has to lie in a file system that the nodes share`
      : `${log} ends in:\n${lines.map((line) => `    ${line}`).join("\n")}`;
  const left = `task ${index} of job ${array.job} is gone (${state ?? "unknown state"}) with ${counted(points, "point")} left`;
  return `${left}${isAgain ? ", submitted again" : ""}; ${said}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
