import { type Command, InvalidArgumentError, Option } from "commander";
import { invalidValue } from "../errors.ts";
import { type SlurmOptions, type SweepOptions, wordsOf } from "../sweeps/index.ts";
import { readDuration } from "./options.ts";

/** Where a sweep runs, as the command line says it. */
export interface ExecutorFlags {
  readonly executor?: NonNullable<SweepOptions["executor"]>;
  readonly jobs?: number;
  readonly partition?: string;
  readonly time?: string;
  readonly mem?: string;
  readonly cpus?: number;
  readonly arrayLimit?: number;
  readonly chunkPoints?: number;
  readonly setup?: readonly string[];
  readonly sbatch?: readonly string[];
  readonly poll?: number;
  readonly wait?: boolean;
}

/** Adds the options that say where a sweep runs. */
export function addExecutorOptions(command: Command): Command {
  return command
    .addOption(new Option("--executor <executor>", "where points run").choices(["pool", "slurm"]).default("pool"))
    .optionsGroup("With --executor slurm:")
    .option("--partition <name>", "partition (default: the cluster's)", readWord)
    .option("--time <limit>", "longest time of a task, such as 2:00:00 or 1-0 (default: the partition's)", readWord)
    .option("--mem <size>", "memory of a task, such as 4G (default: the cluster's)", readWord)
    .option("--cpus <n>", "threads of a task (default: 1)", readPositive)
    .option("--array-limit <n>", "most tasks at a time (default: as many as there is room for)", readPositive)
    .option("--chunk-points <n>", "most points of a task (default: by their expected costs)", readPositive)
    .option("--setup <line>", 'shell before each task, such as "module load nodejs"; may be repeated', collectLine)
    .option(
      "--sbatch <options>",
      'further options of sbatch, such as "--account=theory"; may be repeated',
      collectWords,
    )
    .option("--poll <duration>", "pause between two looks at the queue (default: 10s)", readDuration)
    .option("--no-wait", "submit and return; resume --executor slurm waits later");
}

/** The executor of a sweep from the command line. Throws `invalid-value` where an option belongs to the other one. */
export function executorOf(flags: ExecutorFlags): Pick<SweepOptions, "executor" | "slurm" | "jobs"> {
  const { executor, jobs, partition, time, mem, cpus, arrayLimit, chunkPoints, setup, sbatch, poll, wait } = flags;
  const slurm: SlurmOptions = {
    ...(partition === undefined ? {} : { partition }),
    ...(time === undefined ? {} : { time }),
    ...(mem === undefined ? {} : { memory: mem }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(arrayLimit === undefined ? {} : { arrayLimit }),
    ...(chunkPoints === undefined ? {} : { chunkPoints }),
    ...(setup === undefined ? {} : { setup }),
    ...(sbatch === undefined ? {} : { sbatch }),
    ...(poll === undefined ? {} : { pollMs: poll }),
    ...(wait === false ? { wait } : {}),
  };
  if (executor === "slurm") {
    if (jobs !== undefined)
      throw invalidValue("jobs", "no --jobs with --executor slurm", jobs, "--cpus are a task's threads");
    return { executor, slurm };
  }
  const [given] = Object.keys(slurm);
  if (given !== undefined) {
    const name = flagNames[given as keyof SlurmOptions];
    throw invalidValue(name, `--executor slurm beside ${name}`, executor ?? "pool", "add --executor slurm");
  }
  return jobs === undefined ? {} : { jobs };
}

const flagNames: Record<keyof SlurmOptions, string> = {
  partition: "--partition",
  time: "--time",
  memory: "--mem",
  cpus: "--cpus",
  arrayLimit: "--array-limit",
  chunkPoints: "--chunk-points",
  setup: "--setup",
  sbatch: "--sbatch",
  pollMs: "--poll",
  wait: "--no-wait",
};

function readWord(text: string): string {
  if (/^[^\s-]\S*$/.test(text)) return text;
  throw new InvalidArgumentError("Expected one word.");
}

function readPositive(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError("Expected an integer in [1, 999999].");
}

function collectLine(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function collectWords(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...wordsOf(text)];
}
