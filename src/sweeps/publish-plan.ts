import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chooseEngine, engineUse } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import {
  canonicalJson,
  currentProvenance,
  type FolderLock,
  failureOf,
  lockFolder,
  makeFolder,
  publishBundle,
  publishChecked,
  publishJson,
} from "../runs/index.ts";
import { planFile, type SweepPlan } from "./files.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { readPlan } from "./read-sweep.ts";

/** Writes the plan and a user's bundle into the sweep folder, unless they are there. Throws `run-damaged` where another plan is. */
export async function publishPlan(sweep: PreparedSweep, jobs: number): Promise<SweepPlan> {
  const { dir } = sweep;
  const stored = storedPlan(sweep);
  if (stored !== null) return stored;
  makeFolder(dir);
  const lock = await waitForLock(dir);
  try {
    return storedPlan(sweep) ?? (await publishFiles(sweep, jobs));
  } finally {
    lock.release();
  }
}

/** How long to wait for another process that is publishing the same plan, and how often to look. */
const patienceMs = 60_000;
const lookMs = 50;

async function waitForLock(dir: string): Promise<FolderLock> {
  for (const startedAt = performance.now(); ; await pause(lookMs)) {
    try {
      return lockFolder(dir);
    } catch (error) {
      if (failureOf(error).code !== "run-locked" || performance.now() - startedAt > patienceMs) throw error;
    }
  }
}

function storedPlan({ dir, plan }: PreparedSweep): SweepPlan | null {
  const stored = readPlan(dir);
  if (stored !== null) {
    const identity = ({ checksum: _, ...rest }: SweepPlan) => canonicalJson(rest, "sweep");
    if (identity(stored) === identity({ ...plan, checksum: "" })) return stored;
    const path = join(dir, planFile);
    const suggestion = "give another --out, or remove the folder";
    throw new MeanfieldError(
      "run-damaged",
      `${path}: it describes another sweep than the folder's name; ${suggestion}`,
      {
        path,
        suggestion,
      },
    );
  }
  return null;
}

async function publishFiles({ dir, plan, loaded, request }: PreparedSweep, jobs: number): Promise<SweepPlan> {
  const engine = engineUse(chooseEngine(request), "float64");
  publishJson(
    join(dir, "provenance.json"),
    currentProvenance(jobs, loaded.bundle?.packages ?? {}, engine),
    "provenance",
  );
  if (loaded.bundle !== null) await publishBundle(dir, loaded.bundle);
  return publishChecked<SweepPlan>(join(dir, planFile), { ...plan, checksum: "" }, "sweep");
}
