import { runSlurmTask } from "../sweeps/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { watchSignals } from "./signals.ts";
import { createSweepProgress } from "./sweep-progress.ts";
import { createTerminal } from "./terminal.ts";

/**
 * A task of a Slurm submission, as its batch script starts it. Exits with 0 if all its points have ended, however they did: that is no trouble of the
 * job's.
 */
export async function workOnTask(folder: string, task: string): Promise<void> {
  const terminal = createTerminal();
  terminal.line(`task ${task} on ${process.env.SLURMD_NODENAME ?? "this machine"}, process ${process.pid}`);
  const signals = watchSignals(terminal);
  try {
    const { status } = await runSlurmTask(folder, task, {
      signal: signals.signal,
      onEvent: createSweepProgress(terminal),
    });
    terminal.line(`task ${task}: ${status}`);
    if (status === "cancelled") process.exitCode = signals.exitCode() ?? exitCodes.interrupted;
    else process.exitCode = status === "completed" ? exitCodes.ok : exitCodes.failed;
  } finally {
    signals.close();
  }
}
