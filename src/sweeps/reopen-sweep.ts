import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { type RunRequest, readProvenance, readText } from "../runs/index.ts";
import { installationEntry, type LoadedScenario, loadBundle, loadScenario, readBundle } from "../scenario/index.ts";
import { rememberedOptions } from "./executors/slurm/submission.ts";
import type { SweepPlan } from "./files.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { readSweep } from "./read-sweep.ts";

export interface ReopenOptions extends Pick<RunRequest, "engine" | "arithmetic"> {
  /**
   * True to go on although the code is not the one that the sweep was planned with: its points may then not be comparable. @default false
   */
  readonly allowChangedCode?: boolean;
}

/**
 * The sweep in `dir`, ready to go on: its plan, and the scenario as it is now (a user's: as it was, from the sweep folder).
 * Throws `file-failed` if `dir` is no sweep folder, `run-damaged`, and `unsupported-combination` where the code has changed.
 */
export async function reopenSweep(dir: string, options: ReopenOptions = {}): Promise<PreparedSweep> {
  const { plan } = readSweep(dir);
  const loaded = await loadPlanned(dir, plan);
  const { version } = loaded.scenario;
  if (options.allowChangedCode !== true && (loaded.codeHash !== plan.codeHash || version !== plan.scenarioVersion)) {
    const expected = `the code that the sweep was planned with (${plan.scenario} version ${plan.scenarioVersion}, ${plan.codeHash.slice(0, 8)})`;
    const got = `version ${version}, ${loaded.codeHash.slice(0, 8)}`;
    const suggestion = "start the sweep again, or go on with --changed-code if the change does not matter to results";
    throw new MeanfieldError("unsupported-combination", `${dir}: expected ${expected}, got ${got}; ${suggestion}`, {
      path: dir,
      expected,
      got,
      suggestion,
    });
  }
  const { engine, arithmetic } = options;
  return {
    // Points keep the names that the plan gave them.
    loaded: { ...loaded, codeHash: plan.codeHash },
    plan,
    request: { ...(engine === undefined ? {} : { engine }), ...(arithmetic === undefined ? {} : { arithmetic }) },
    dir,
    isChangedCodeAllowed: options.allowChangedCode === true,
    slurm: rememberedOptions(dir),
  };
}

async function loadPlanned(dir: string, plan: SweepPlan): Promise<LoadedScenario> {
  if (plan.bundle === null) return loadScenario(plan.scenario);
  const path = join(dir, plan.bundle);
  const text = readText(path);
  if (text === null) throw new MeanfieldError("run-damaged", `${path}: it has gone; start the sweep again`, { path });
  const packages = { ...readProvenance(dir)?.packages, meanfield: installationEntry().href };
  return loadBundle(readBundle(text, packages), plan.bundle);
}
