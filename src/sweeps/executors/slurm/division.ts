import type { PlannedPoint } from "../../files.ts";
import type { ExecutorHost } from "../executor.ts";
import { cutIntoChunks } from "./chunks.ts";
import { type ResolvedSlurmOptions, secondsOfLimit } from "./slurm-options.ts";
import type { TaskSettings } from "./submission.ts";

/** The chunks into which the due points are cut. */
export function chunksOf(
  { sweep }: Pick<ExecutorHost, "sweep">,
  due: readonly PlannedPoint[],
  { cpus, time, chunkPoints }: ResolvedSlurmOptions,
): readonly (readonly PlannedPoint[])[] {
  return cutIntoChunks(due, {
    cpus,
    isInSeconds: sweep.loaded.scenario.estimate !== undefined,
    limit: secondsOfLimit(time),
    mostPoints: chunkPoints ?? null,
  });
}

/** Arrays of at most `most` tasks. */
export function partsOf<Chunk>(chunks: readonly Chunk[], most: number): readonly (readonly Chunk[])[] {
  const count = Math.ceil(chunks.length / most);
  return Array.from({ length: count }, (_, part) => chunks.slice(part * most, (part + 1) * most));
}

/** The limit of each of several arrays, which together keep to the limit where that is possible. */
export function limitOf(limit: number | undefined, arrays: number): number | null {
  return limit === undefined ? null : Math.max(1, Math.floor(limit / arrays));
}

/** What a task is told about how to run its points. */
export function taskSettings(
  { sweep, options }: Pick<ExecutorHost, "sweep" | "options">,
  { cpus }: ResolvedSlurmOptions,
): TaskSettings {
  const { failFast, retries, timeoutMs, checkpointMs } = options;
  return {
    jobs: cpus,
    allowChangedCode: sweep.isChangedCodeAllowed === true,
    ...sweep.request,
    ...(failFast === undefined ? {} : { failFast }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(checkpointMs === undefined ? {} : { checkpointMs }),
  };
}
