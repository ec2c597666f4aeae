import { invalidValue } from "../../../errors.ts";

/** What a sweep asks of a Slurm cluster; none of it changes a result. */
export interface SlurmOptions {
  /** @default the cluster's default partition */
  readonly partition?: string;
  /** Longest time of a task as sbatch reads it: minutes, `hours:minutes:seconds` or `days-hours`. @default the partition's default */
  readonly time?: string;
  /** Memory of a task as sbatch reads it, such as `4G`. @default the cluster's default */
  readonly memory?: string;
  /** Threads of a task, in [1, 1024]. @default 1 */
  readonly cpus?: number;
  /** Most tasks that run at the same time, >= 1. @default as many as there is room for */
  readonly arrayLimit?: number;
  /** Most points of a task, >= 1. @default by the points' expected costs: a task then takes about a minute to an hour */
  readonly chunkPoints?: number;
  /** Lines of shell that each task begins with, such as `module load nodejs`. @default none */
  readonly setup?: readonly string[];
  /** Further options of sbatch, a word each, such as `--account=theory`. @default none */
  readonly sbatch?: readonly string[];
  /** False to return when all is submitted. @default true */
  readonly wait?: boolean;
  /** Milliseconds between two looks at the queue, >= 100. @default 10000 */
  readonly pollMs?: number;
}

/** The same with all that has a default. */
export type ResolvedSlurmOptions = SlurmOptions &
  Required<Pick<SlurmOptions, "cpus" | "setup" | "sbatch" | "wait" | "pollMs">>;

const defaults = Object.freeze({ cpus: 1, setup: [], sbatch: [], wait: true, pollMs: 10_000 });

/** Checks the options. Throws `invalid-value`. What only the cluster can know, such as the names of partitions, sbatch checks. */
export function resolveSlurmOptions(options: SlurmOptions = {}): ResolvedSlurmOptions {
  const resolved = { ...defaults, ...options };
  const { partition, time, memory, cpus, arrayLimit, chunkPoints, pollMs, setup } = resolved;
  for (const [name, text] of Object.entries({ partition, time, memory })) {
    if (text !== undefined && !/^[^\s-]\S*$/.test(text)) throw invalidValue(`slurm.${name}`, "one word", text);
  }
  checkCount("cpus", cpus, 1024);
  if (arrayLimit !== undefined) checkCount("arrayLimit", arrayLimit, 1_000_000);
  if (chunkPoints !== undefined) checkCount("chunkPoints", chunkPoints, 1_000_000);
  if (!(pollMs >= 100 && pollMs < 2 ** 31)) throw invalidValue("slurm.pollMs", "milliseconds, at least 100", pollMs);
  for (const line of setup) {
    if (line.includes("\0")) throw invalidValue("slurm.setup", "lines of shell", line);
  }
  return resolved;
}

function checkCount(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw invalidValue(`slurm.${name}`, `an integer in [1, ${most}]`, value);
}

const timePattern =
  /^(?:(?<days>\d+)-(?<dayHours>\d+)(?::(?<dayMinutes>\d+))?(?::(?<daySeconds>\d+))?|(?:(?<hours>\d+):)?(?<minutes>\d+):(?<seconds>\d+)|(?<bare>\d+))$/;

/** Seconds of a time limit as sbatch reads it (`90`, `90:00`, `1:30:00`, `1-12`, `1-12:30`); null for what is no such time, and for no limit. */
export function secondsOfLimit(text: string | undefined): number | null {
  const groups = timePattern.exec(text ?? "")?.groups;
  if (groups === undefined) return null;
  const number = (name: string) => Number(groups[name] ?? 0);
  const minutes =
    number("days") * 1440 +
    (number("dayHours") + number("hours")) * 60 +
    number("dayMinutes") +
    number("minutes") +
    number("bare");
  const seconds = minutes * 60 + number("daySeconds") + number("seconds");
  return seconds > 0 ? seconds : null;
}
