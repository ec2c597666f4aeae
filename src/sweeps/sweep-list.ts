import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { journalFolder, type PointEnd, planFile, pointStatuses } from "./files.ts";
import { readSweep } from "./read-sweep.ts";

/** One sweep among others. */
export interface ListedSweep {
  readonly id: string;
  readonly scenario: string;
  /** `completed`: all points have ended; `unfinished`; `damaged`: its files cannot be read. */
  readonly status: "completed" | "unfinished" | "damaged";
  readonly short: boolean;
  readonly points: number;
  /** How many points ended in each way, and how many have not. */
  readonly counts: Readonly<Record<PointEnd["status"] | "missing", number>>;
  /** Wall clock of all points together. */
  readonly seconds: number;
  /** When its plan or its index was last written (ISO 8601). */
  readonly changed: string;
  /** Parameters with more than one value, the seed among them. */
  readonly varied: readonly string[];
  readonly dir: string;
}

/** The sweeps in these folders, the last changed first. */
export function listSweeps(folders: readonly string[]): readonly ListedSweep[] {
  return folders.map(listed).sort((left, right) => (left.changed < right.changed ? 1 : -1));
}

function listed(dir: string): ListedSweep {
  const counts = { ...Object.fromEntries(pointStatuses.map((status) => [status, 0])), missing: 0 } as Record<
    PointEnd["status"] | "missing",
    number
  >;
  const common = { id: basename(dir), changed: lastChange(dir), dir };
  try {
    const { plan, points } = readSweep(dir);
    for (const { end } of points) counts[end?.status ?? "missing"] += 1;
    return {
      ...common,
      scenario: plan.scenario,
      status: counts.missing === 0 ? "completed" : "unfinished",
      short: plan.short,
      points: points.length,
      counts,
      seconds: points.reduce((sum, { end }) => sum + (end?.seconds ?? 0), 0),
      varied: plan.axes.filter(({ values }) => values.length > 1).map(({ name }) => name),
    };
  } catch (error) {
    if (!(error instanceof MeanfieldError && error.code === "run-damaged")) throw error;
    const scenario = basename(join(dir, ".."));
    return { ...common, scenario, status: "damaged", short: false, points: 0, counts, seconds: 0, varied: [] };
  }
}

function lastChange(dir: string): string {
  const folder = join(dir, journalFolder);
  const times = [join(dir, planFile), ...journals(folder).map((name) => join(folder, name))].map(
    (path) => statSync(path).mtimeMs,
  );
  return new Date(Math.max(...times)).toISOString();
}

function journals(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A sweep of which no point has ended.
    return [];
  }
}
