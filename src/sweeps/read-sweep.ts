import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { readChecked, readResult, readTiming } from "../runs/index.ts";
import {
  type PlannedPoint,
  type PointEnd,
  planFile,
  pointsFolder,
  type SweepPlan,
  sweepSchemaVersion,
} from "./files.ts";
import { readJournals } from "./journal.ts";

/** A sweep folder's content. */
export interface StoredSweep {
  readonly dir: string;
  readonly plan: SweepPlan;
  /** The plan's points in their order, each with how it ended; null where it has not. */
  readonly points: readonly (PlannedPoint & { readonly end: PointEnd | null })[];
}

/**
 * Reads a sweep folder. Throws `file-failed` if `dir` is none, `run-damaged` if its plan, its index or a point's result is damaged.
 */
export function readSweep(dir: string): StoredSweep {
  const plan = readPlan(dir);
  if (plan === null) {
    const suggestion = "give the folder of one sweep, sweeps/<scenario>/<sweep-id>";
    throw new MeanfieldError("file-failed", `${dir}: no sweep folder (${planFile}); ${suggestion}`, {
      path: dir,
      expected: "a sweep folder",
      suggestion,
    });
  }
  const ends = endsOf(dir, plan);
  return { dir, plan, points: plan.points.map((point) => ({ ...point, end: ends.get(point.id) ?? null })) };
}

/** The plan in a sweep folder, or null if there is none. Throws `run-damaged`. */
export function readPlan(dir: string): SweepPlan | null {
  const plan = readChecked<SweepPlan>(join(dir, planFile));
  if (plan === null || plan.schemaVersion === sweepSchemaVersion) return plan;
  const path = join(dir, planFile);
  const got = `version ${plan.schemaVersion}`;
  const expected = `a plan of version ${sweepSchemaVersion}`;
  throw new MeanfieldError("run-damaged", `${path}: expected ${expected}, got ${got}; run the sweep again`, {
    path,
    expected,
    got,
  });
}

/**
 * How the plan's points ended, by id: as the index says, and where it says nothing as the point's own folder does, whose process may have ended
 * between the result and the line about it.
 */
export function endsOf(dir: string, plan: SweepPlan): ReadonlyMap<string, PointEnd> {
  const known = readJournals(dir);
  const ends = new Map<string, PointEnd>();
  const hasFolder = existsSync(join(dir, pointsFolder));
  for (const { id } of plan.points) {
    const end = known.get(id) ?? (hasFolder ? endInFolder(dir, id) : null);
    if (end !== null) ends.set(id, end);
  }
  return ends;
}

/**
 * The ends that a start may rely on: without those of points that have come to a result, as the index says, but whose result is missing or empty. A power
 * failure leaves that of runs too short to be waited for, and so does whoever removes a point's folder.
 */
export function reliableEnds(dir: string, plan: SweepPlan): ReadonlyMap<string, PointEnd> {
  const hasResult = (id: string) =>
    (statSync(join(dir, pointsFolder, id, "result.json"), { throwIfNoEntry: false })?.size ?? 0) > 0;
  return new Map(
    [...endsOf(dir, plan)].filter(
      ([id, { status }]) => (status !== "completed" && status !== "diverged") || hasResult(id),
    ),
  );
}

function endInFolder(dir: string, id: string): PointEnd | null {
  const folder = join(dir, pointsFolder, id);
  let result: ReturnType<typeof readResult>;
  try {
    result = readResult(folder);
  } catch (error) {
    // Nobody has said that this result is complete: the machine went down while it was written. It is computed again.
    if (error instanceof MeanfieldError && error.code === "run-damaged") return null;
    throw error;
  }
  if (result === null) return null;
  const { error, summary } = result;
  const status = error?.code === "timed-out" ? "timed-out" : result.status;
  return { id, status, error, seconds: readTiming(folder)?.seconds ?? 0, summary };
}
