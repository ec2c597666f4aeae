import { join } from "node:path";
import { chooseEngine, engineUse } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import { canonicalJson, currentProvenance, makeFolder, publishChecked, publishJson } from "../runs/index.ts";
import { writeBundle } from "../scenario/index.ts";
import { planFile, type SweepPlan } from "./files.ts";
import type { PreparedSweep } from "./prepare-sweep.ts";
import { readPlan } from "./read-sweep.ts";

/** Writes the plan and a user's bundle into the sweep folder, unless they are there. Throws `run-damaged` where another plan is. */
export async function publishPlan({ dir, plan, loaded, request }: PreparedSweep, jobs: number): Promise<SweepPlan> {
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
  makeFolder(dir);
  const engine = engineUse(chooseEngine(request), "float64");
  publishJson(
    join(dir, "provenance.json"),
    currentProvenance(jobs, loaded.bundle?.packages ?? {}, engine),
    "provenance",
  );
  if (loaded.bundle !== null) await writeBundle(dir, loaded.bundle);
  return publishChecked<SweepPlan>(join(dir, planFile), { ...plan, checksum: "" }, "sweep");
}
