import { invalidValue } from "../../../errors.ts";
import { type ResolvedSlurmOptions, secondsOfLimit } from "./slurm-options.ts";

/** What a submission's script runs. */
export interface ScriptPlace {
  /** The node executable of this process. */
  readonly node: string;
  /** bin/meanfield.js of this installation. */
  readonly bin: string;
  /** The sweep folder, absolute. */
  readonly dir: string;
  /** Name of the submission. */
  readonly submission: string;
}

/**
 * The batch script of a submission. It ends in `exec`, so that the signal that Slurm sends to the batch shell reaches node, which then leaves its
 * checkpoints and exits with 75.
 */
export function batchScript({ node, bin, dir, submission }: ScriptPlace, { setup }: ResolvedSlurmOptions): string {
  return [
    "#!/bin/bash",
    "# One task of a sweep: the points of its chunk in submission.json, beside this script.",
    ...setup,
    `node=${quoted(node)}`,
    `command -v "$node" > /dev/null || node=node`,
    `exec "$node" ${quoted(bin)} resume ${quoted(dir)} --task "${submission}/$SLURM_ARRAY_TASK_ID"`,
    "",
  ].join("\n");
}

/** Longest time before a task's end at which it is told to leave its checkpoints, in seconds. */
const noticeSeconds = 60;

/**
 * The arguments of sbatch for an array of `tasks` tasks, whose logs are `<index>.out` in `folder`. Ours come last: of an option given twice sbatch takes
 * the last one.
 */
export function sbatchArguments(
  { jobName, folder, tasks, arrayLimit }: { jobName: string; folder: string; tasks: number; arrayLimit: number | null },
  options: ResolvedSlurmOptions,
): readonly string[] {
  const { partition, time, memory, cpus } = options;
  const limit = secondsOfLimit(time);
  const notice = limit === null ? noticeSeconds : Math.max(1, Math.min(noticeSeconds, Math.floor(limit / 4)));
  return [
    ...options.sbatch,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    "--parsable",
    `--job-name=${jobName}`,
    `--array=0-${tasks - 1}${arrayLimit === null ? "" : `%${arrayLimit}`}`,
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    "--requeue",
    `--signal=B:TERM@${notice}`,
    // A percent sign begins a pattern of sbatch's.
    `--output=${folder.replaceAll("%", "%%")}/%a.out`,
    "--open-mode=append",
    `${folder}/task.sh`,
  ];
}

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The words of a text as a shell splits them, without expansions: `--account=x --comment="two words"`. Throws `invalid-value` for an open quote. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (sign === "'" || sign === '"') {
      const end = text.indexOf(sign, at + 1);
      if (end === -1) throw invalidValue("sbatch", "options with closed quotes", text);
      word = (word ?? "") + text.slice(at + 1, end);
      at = end;
    } else {
      word = (word ?? "") + sign;
    }
  }
  return word === null ? words : [...words, word];
}
