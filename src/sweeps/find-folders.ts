import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { fileWork } from "../runs/index.ts";
import { planFile } from "./files.ts";

/** The sweep folders and run folders in a place, each in the order of its path. */
export interface StoredFolders {
  readonly sweeps: readonly string[];
  /** Runs that are no points of a sweep. */
  readonly runs: readonly string[];
}

/** `sweeps/<scenario>/<sweep-id>`: how far below a folder of sweeps, or of runs, one stands. */
const depth = 2;

/**
 * What is stored at `dir`: itself, where it is the folder of a sweep or a run; or else all sweeps and runs one or two folders below it.
 * Throws `file-failed` where there is none.
 */
export function findFolders(dir: string): StoredFolders {
  const sweeps: string[] = [];
  const runs: string[] = [];
  const look = (folder: string, left: number) => {
    if (existsSync(join(folder, planFile))) sweeps.push(folder);
    else if (isRun(folder)) runs.push(folder);
    else if (left > 0) for (const name of subfolders(folder)) look(join(folder, name), left - 1);
  };
  if (existsSync(dir)) look(dir, depth);
  if (sweeps.length + runs.length > 0) return { sweeps, runs };
  const what = existsSync(dir) ? "neither a sweep folder nor a run folder, nor a folder of such" : "no such folder";
  const suggestion = "give sweeps/<scenario>/<sweep-id>, runs/<scenario>/<run-id>, or a folder above";
  throw new MeanfieldError("file-failed", `${dir}: ${what}; ${suggestion}`, {
    path: dir,
    expected: "a folder of sweeps or runs",
    suggestion,
  });
}

/** Whether `dir` is the folder of a run. */
export function isRun(dir: string): boolean {
  return existsSync(join(dir, "config.json")) && existsSync(join(dir, "provenance.json"));
}

function subfolders(folder: string): readonly string[] {
  return fileWork(folder, "read", () => readdirSync(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
