import type { PreparedSweep } from "../../prepare-sweep.ts";
import { readPlan } from "../../read-sweep.ts";
import { duePoints } from "../../run-sweep.ts";
import type { SweepOptions } from "../../sweep-options.ts";
import { slurmCommands, usualMaxArraySize } from "./commands.ts";
import { chunksOf, limitOf, partsOf, taskSettings } from "./division.ts";
import { resolveSlurmOptions } from "./slurm-options.ts";
import { planSubmission } from "./submission.ts";

/** What a sweep would submit. */
export interface SlurmPlan {
  /** Points that have not ended; those that an earlier job still has are among them. */
  readonly points: number;
  /** Tasks of each array. */
  readonly arrays: readonly number[];
  /** Least and most points of a task. */
  readonly pointsOfTask: readonly [number, number];
  /** The command of the first array; the folder's name is drawn anew each time. */
  readonly command: string;
  readonly script: string;
  /** The largest array that the cluster takes; null where no controller answered, and Slurm's own default was assumed. */
  readonly maxArraySize: number | null;
}

/** Says what a sweep with `executor: "slurm"` would submit; writes nothing. Null where nothing is left to run. Throws `invalid-value`. */
export async function planSlurm(sweep: PreparedSweep, options: SweepOptions): Promise<SlurmPlan | null> {
  const slurm = resolveSlurmOptions(options.slurm);
  const { dir } = sweep;
  const stored = readPlan(dir);
  const plan = stored ?? { ...sweep.plan, checksum: "" };
  const { due } = duePoints(dir, plan, options);
  const chunks = chunksOf({ sweep }, due, slurm);
  if (chunks.length === 0) return null;
  const maxArraySize = await slurmCommands({ scontrol: 5000 })
    .maxArraySize()
    .catch(() => null);
  const parts = partsOf(chunks, maxArraySize ?? usualMaxArraySize);
  const { submission, script } = planSubmission(
    { dir, scenario: plan.scenario },
    {
      chunks: parts[0].map((points) => points.map(({ id }) => id)),
      again: options.again ?? [],
      journals: [],
      task: taskSettings({ sweep, options }, slurm),
    },
    slurm,
    limitOf(slurm.arrayLimit, parts.length),
  );
  const sizes = chunks.map((chunk) => chunk.length);
  return {
    points: due.length,
    arrays: parts.map((part) => part.length),
    pointsOfTask: [Math.min(...sizes), Math.max(...sizes)],
    command: submission.command,
    script,
    maxArraySize,
  };
}
