import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RunRequest } from "../../../runs/index.ts";
import { fileWork, publishChecked, publishFile, publishJson, readChecked, readText } from "../../../runs/index.ts";
import { installationRoot } from "../../../threads/index.ts";
import type { PointEnd } from "../../files.ts";
import type { SweepOptions } from "../../sweep-options.ts";
import { batchScript, quoted, sbatchArguments } from "./batch-script.ts";
import type { ResolvedSlurmOptions, SlurmOptions } from "./slurm-options.ts";

/**
 * A submission is one array of jobs, with a folder `slurm/<name>/` in the sweep folder: `submission.json`, the points of each task; `task.sh`, the batch
 * script; `job.json`, the job's id once sbatch has told it; `<index>.out`, what each task said.
 */
export const submissionsFolder = "slurm";

/** submission.json. */
export interface Submission {
  readonly schemaVersion: number;
  /** Name of its folder; sorts by time. */
  readonly name: string;
  /** Name of its jobs, by which the queue is asked: the id is not known if sbatch was cut off. */
  readonly jobName: string;
  /** Ids of the points of each task. */
  readonly chunks: readonly (readonly string[])[];
  /** Points that had ended with one of these and are run again, unless a journal that is not in `journals` tells of a new end. */
  readonly again: readonly Exclude<PointEnd["status"], "completed">[];
  /** Names of the journals that there were. */
  readonly journals: readonly string[];
  readonly task: TaskSettings;
  /** What was asked of Slurm: the next start asks for the same where it is not told otherwise. */
  readonly options: RememberedOptions;
  /** The command, as a shell reads it. */
  readonly command: string;
  /** SHA-256 (hex) of this file with the checksum itself set to "". */
  readonly checksum: string;
}

export type RememberedOptions = Omit<SlurmOptions, "wait" | "pollMs">;

/** How a task runs its points. */
export interface TaskSettings
  extends Pick<SweepOptions, "jobs" | "failFast" | "retries" | "timeoutMs" | "checkpointMs">,
    Pick<RunRequest, "engine" | "arithmetic"> {
  readonly allowChangedCode: boolean;
}

const schemaVersion = 1;
const submissionFile = "submission.json";
const jobFile = "job.json";

/** A submission that is decided; nothing is on disk yet. */
export interface PlannedSubmission {
  readonly submission: Submission;
  readonly script: string;
  /** The arguments of sbatch. */
  readonly words: readonly string[];
}

/** Decides on a submission of some chunks. */
export function planSubmission(
  { dir, scenario }: { readonly dir: string; readonly scenario: string },
  request: Pick<Submission, "chunks" | "again" | "journals" | "task">,
  options: ResolvedSlurmOptions,
  arrayLimit: number | null,
): PlannedSubmission {
  const name = nameAt(new Date());
  const jobName = `${scenario}.${name}`;
  const root = resolve(dir);
  const folder = join(root, submissionsFolder, name);
  const bin = join(installationRoot(), "bin", "meanfield.js");
  const words = sbatchArguments({ jobName, folder, tasks: request.chunks.length, arrayLimit }, options);
  const { wait: _wait, pollMs: _pollMs, ...remembered } = options;
  const command = ["sbatch", ...words.map(quoted)].join(" ");
  return {
    submission: { schemaVersion, name, jobName, ...request, options: remembered, command, checksum: "" },
    script: batchScript({ node: process.execPath, bin, dir: root, submission: name }, options),
    words,
  };
}

/** Writes a submission into the sweep folder; submission.json comes last and makes it one. */
export function publishSubmission(dir: string, { submission, script }: PlannedSubmission): void {
  const folder = folderOf(dir, submission.name);
  publishFile(join(folder, "task.sh"), script);
  publishChecked(join(folder, submissionFile), submission, "submission");
}

/** Takes a submission back that Slurm has not taken. */
export function removeSubmission(dir: string, { name }: Submission): void {
  const folder = folderOf(dir, name);
  fileWork(folder, "remove", () => rmSync(folder, { recursive: true, force: true }));
}

/** Records the job's id. */
export function recordJob(dir: string, { name }: Submission, job: string): void {
  publishJson(join(folderOf(dir, name), jobFile), { job }, "job");
}

/** The submissions of a sweep, the first one first. Throws `run-damaged`. */
export function readSubmissions(dir: string): readonly Submission[] {
  const folder = join(dir, submissionsFolder);
  if (!existsSync(folder)) return [];
  const names = fileWork(folder, "read", () => readdirSync(folder)).sort();
  return names.map((name) => readSubmission(dir, name)).filter((each) => each !== null);
}

/** What the latest submission of a sweep asked of Slurm; nothing if there is none. */
export function rememberedOptions(dir: string): RememberedOptions {
  return readSubmissions(dir).at(-1)?.options ?? {};
}

/** One submission, or null if there is none of that name. Throws `run-damaged`. */
export function readSubmission(dir: string, name: string): Submission | null {
  return readChecked<Submission>(join(folderOf(dir, name), submissionFile));
}

/** Where a task's log is. */
export function logOf(dir: string, { name }: Pick<Submission, "name">, task: number): string {
  return join(folderOf(dir, name), `${task}.out`);
}

/** The last lines of a task's log; null if there is none. */
export function lastLines(log: string, most = 5): readonly string[] | null {
  const text = readText(log);
  if (text === null) return null;
  return text.trimEnd().split("\n").slice(-most);
}

function folderOf(dir: string, name: string): string {
  return join(dir, submissionsFolder, name);
}

/** Such as `20260214-093015-5f3a9c`. */
function nameAt(time: Date): string {
  const [day, clock] = time
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .split("T");
  return `${day}-${clock}-${randomBytes(3).toString("hex")}`;
}
