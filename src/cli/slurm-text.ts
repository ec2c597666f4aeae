import type { SlurmPlan, SweepOutcome } from "../sweeps/index.ts";
import { type Terminal, wrap } from "./terminal.ts";

/** Tells what a sweep would submit to a cluster. */
export function tellSlurmPlan(terminal: Terminal, plan: SlurmPlan | null): void {
  if (plan === null) {
    terminal.line("  tasks   none: every point has ended");
    return;
  }
  const { points, arrays, pointsOfTask, command, script, maxArraySize } = plan;
  const tasks = arrays.reduce((sum, each) => sum + each, 0);
  const [least, most] = pointsOfTask;
  const each = least === most ? `${most}` : `${least} to ${most}`;
  const limit =
    maxArraySize === null ? "; no controller answered, so Slurm's usual limit of 1001 tasks is assumed" : "";
  const text = `${tasks}, each of ${each} points, for the ${points} that have not ended, in ${arrays.length === 1 ? "one array" : `${arrays.length} arrays`}${limit}`;
  terminal.line(wrap(text, terminal.width, "  ", "tasks   "));
  terminal.line();
  terminal.line(command);
  terminal.line();
  terminal.line("task.sh:");
  for (const line of script.trimEnd().split("\n")) terminal.line(`    ${line}`);
}

/** How a sweep that has not come to its end is gone on with. */
export function goesOnText(dir: string, executor: string | undefined, status: SweepOutcome["status"]): string {
  const command = `meanfield resume ${dir}${executor === "slurm" ? " --executor slurm" : ""}`;
  return status === "submitted" ? `${command} waits for the jobs.` : `${command} goes on.`;
}
