import type { SlurmOptions } from "./executors/slurm/slurm-options.ts";
import type { PointEnd } from "./files.ts";
import type { SweepEvent } from "./sweep-events.ts";

/** How a sweep is run; none of it changes a result. */
export interface SweepOptions {
  /** Where points run: on this process's threads, or as jobs of the Slurm cluster that this machine belongs to. @default "pool" */
  readonly executor?: "pool" | "slurm";
  /** What is asked of Slurm; for `executor: "slurm"` only. A sweep that is resumed asks for what it asked before, where nothing else is said. */
  readonly slurm?: SlurmOptions;
  /** Threads of the pool, each with a run or a member of one. @default all cores */
  readonly jobs?: number;
  /** True to start no further point once one did not complete. @default false */
  readonly failFast?: boolean;
  /** How often a point that fails is run again at once. @default 0 */
  readonly retries?: number;
  /** Points that ended so before are run again. @default none */
  readonly again?: readonly Exclude<PointEnd["status"], "completed">[];
  /** Milliseconds that one point may take; it then ends as `timed-out`. @default no limit */
  readonly timeoutMs?: number;
  /** Runs only the points whose place, counted from 0, is `index` modulo `count`: for machines that share the work. @default all */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Stops the sweep: points that run leave their checkpoints. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: SweepEvent) => void;
  /** Milliseconds between two checkpoints of a simulation. @default 30000 */
  readonly checkpointMs?: number;
}
