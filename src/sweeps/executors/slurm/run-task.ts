import { join } from "node:path";
import { invalidValue } from "../../../errors.ts";
import { reopenSweep } from "../../reopen-sweep.ts";
import { runSweep, type SweepOutcome } from "../../run-sweep.ts";
import type { SweepOptions } from "../../sweep-options.ts";
import { readSubmission, submissionsFolder } from "./submission.ts";

/**
 * One task of a submission: its points, on a pool in this process, as a sweep without a cluster runs them. Throws `invalid-value` for a task that does not exist,
 * and what `reopenSweep` and `runSweep` throw.
 *
 * @param dir the sweep folder
 * @param task `<submission>/<index>`
 */
export async function runSlurmTask(
  dir: string,
  task: string,
  options: Pick<SweepOptions, "signal" | "onEvent"> = {},
): Promise<SweepOutcome> {
  const [name = "", index = ""] = task.split("/");
  const submission = /^[\w-]+$/.test(name) ? readSubmission(dir, name) : null;
  const points = /^\d+$/.test(index) ? submission?.chunks[Number(index)] : undefined;
  if (submission === null || points === undefined) {
    throw invalidValue("task", `a task of a submission in ${join(dir, submissionsFolder)}`, task);
  }
  const { allowChangedCode, engine, arithmetic, ...settings } = submission.task;
  const sweep = await reopenSweep(dir, {
    allowChangedCode,
    ...(engine === undefined ? {} : { engine }),
    ...(arithmetic === undefined ? {} : { arithmetic }),
  });
  const part = { points: new Set(points), journals: submission.journals };
  return await runSweep(sweep, { ...settings, again: submission.again, ...options }, part);
}
