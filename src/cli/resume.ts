import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { pointStatuses, reopenSweep, type SweepOptions } from "../sweeps/index.ts";
import { readFolder } from "./options.ts";
import { executorOf } from "./slurm-options.ts";
import { workOnTask } from "./slurm-task.ts";
import { addSweepOptions, type SweepFlags, workOnSweep } from "./sweep.ts";

interface ResumeFlags extends SweepFlags {
  readonly retry?: SweepOptions["again"];
  readonly changedCode?: true;
  readonly task?: string;
}

/** `meanfield resume`: the rest of a sweep. */
export function addResumeCommand(program: Command): void {
  const command = program
    .command("resume")
    .description("go on with a sweep: run what has not ended")
    .argument("<folder>", "a sweep folder, sweeps/<scenario>/<sweep-id>", readFolder)
    .option("--retry <statuses>", "also run again the points that ended so: failed, diverged, timed-out", readStatuses)
    .option("--changed-code", "go on although the code has changed since the sweep began")
    .addOption(new Option("--task <submission/index>", "what the batch script of a Slurm task runs").hideHelp());
  addSweepOptions(command).action(resume);
}

async function resume(folder: string, flags: ResumeFlags): Promise<void> {
  if (flags.task !== undefined) return await workOnTask(folder, flags.task);
  const options = executorOf(flags);
  const sweep = await reopenSweep(folder, {
    allowChangedCode: flags.changedCode === true,
    ...(flags.engine === undefined ? {} : { engine: flags.engine }),
    ...(flags.arithmetic === undefined ? {} : { arithmetic: flags.arithmetic }),
  });
  await workOnSweep(sweep, flags, { ...options, ...(flags.retry === undefined ? {} : { again: flags.retry }) });
}

function readStatuses(text: string): NonNullable<SweepOptions["again"]> {
  const known = pointStatuses.filter((status) => status !== "completed");
  return text.split(",").map((word) => {
    const status = known.find((each) => each === word.trim());
    if (status === undefined) throw new InvalidArgumentError(`Expected some of ${known.join(", ")}.`);
    return status;
  });
}
