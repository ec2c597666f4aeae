import { type SlurmCommands, slurmCommands } from "./commands.ts";
import { lifeOf } from "./queue-rows.ts";
import { readSubmissions } from "./submission.ts";

/** The ids of a sweep's jobs that are still in the queue; none where no Slurm answers quickly. For a process that works beside them. */
export async function liveJobs(
  dir: string,
  commands: SlurmCommands = slurmCommands({ squeue: 5000 }),
): Promise<readonly string[]> {
  const names = readSubmissions(dir).map(({ jobName }) => jobName);
  if (names.length === 0) return [];
  const rows = await commands.queue(names).catch(() => []);
  return [...new Set(rows.filter(({ state }) => lifeOf(state) !== "ended").map(({ job }) => job))];
}
