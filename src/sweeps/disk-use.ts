import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { fileWork, lockFolder, lockState, readRunHead } from "../runs/index.ts";
import { pointsFolder } from "./files.ts";
import { findFolders } from "./find-folders.ts";

export const fileKinds = [
  "results",
  "records",
  "arrays",
  "checkpoints",
  "reports",
  "logs",
  "locks",
  "temporary",
  "other",
] as const;
export type FileKind = (typeof fileKinds)[number];

/** What one kind of files takes. */
export interface DiskUse {
  readonly kind: FileKind;
  readonly files: number;
  readonly bytes: number;
  /** Of these, what nobody needs any more. */
  readonly removableFiles: number;
  readonly removableBytes: number;
}

/** What the files of sweeps and runs take, and which of them can go. */
export interface DiskReport {
  readonly kinds: readonly DiskUse[];
  readonly removable: readonly RemovableFile[];
  readonly runs: {
    readonly ended: number;
    readonly unfinished: number;
    readonly running: number;
    readonly damaged: number;
  };
}

export interface RemovableFile {
  /** The run that it belongs to. */
  readonly run: string;
  readonly path: string;
  readonly kind: FileKind;
  readonly bytes: number;
}

/**
 * What lies in a folder of sweeps or runs, by kind. Removable are, of runs that have ended, checkpoints and temporary files, and of runs whose owner has died the lock: never
 * a result, a record or an array, nor anything of a run that somebody is writing, nor the checkpoints that an unfinished run goes on from. Changes nothing.
 */
export function diskUse(folder: string): DiskReport {
  const found = findFolders(folder);
  const files: Pick<RemovableFile, "kind" | "bytes">[] = [];
  const removable: RemovableFile[] = [];
  const runs = { ended: 0, unfinished: 0, running: 0, damaged: 0 };
  const lookAtRun = (dir: string) => {
    const state = stateOf(dir);
    runs[state] += 1;
    for (const file of filesOf(dir)) {
      const { path, bytes } = file;
      const kind = kindOf(relative(dir, path));
      files.push({ kind, bytes });
      if (canGo(kind, state) && !isTaking(file)) removable.push({ run: dir, path, kind, bytes });
    }
  };
  for (const dir of found.sweeps) {
    const points = join(dir, pointsFolder);
    for (const file of filesOf(dir, points)) files.push({ kind: kindOf(relative(dir, file.path)), bytes: file.bytes });
    for (const entry of entriesOf(points)) if (entry.isDirectory()) lookAtRun(join(points, entry.name));
  }
  for (const dir of found.runs) lookAtRun(dir);
  const sum = (list: readonly { readonly kind: FileKind; readonly bytes: number }[], kind: FileKind) => {
    const own = list.filter((file) => file.kind === kind);
    return { files: own.length, bytes: own.reduce((total, { bytes }) => total + bytes, 0) };
  };
  const kinds = fileKinds.map((kind) => {
    const gone = sum(removable, kind);
    return { kind, ...sum(files, kind), removableFiles: gone.files, removableBytes: gone.bytes };
  });
  return { kinds, removable, runs };
}

/** What was removed, and runs that somebody has begun to write since they were looked at. */
export interface Removal {
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly string[];
}

/** Removes what a report calls removable, each run's under its lock, and only what can still go. Throws `file-failed`. */
export function removeFiles({ removable }: Pick<DiskReport, "removable">): Removal {
  const byRun = new Map<string, RemovableFile[]>();
  for (const file of removable) byRun.set(file.run, [...(byRun.get(file.run) ?? []), file]);
  const skipped: string[] = [];
  let count = 0;
  let total = 0;
  for (const [run, files] of byRun) {
    // A lock that a dead owner left is removed by being taken and given back.
    const lock = lockOrNull(run);
    if (lock === null) {
      skipped.push(run);
      continue;
    }
    try {
      const state = endOf(run);
      for (const { path, bytes } of files.filter((file) => canGo(file.kind, state) || file.kind === "locks")) {
        if (path !== join(run, "lock")) fileWork(path, "remove", () => rmSync(path, { force: true }));
        count += 1;
        total += bytes;
      }
      if (state === "ended")
        fileWork(run, "remove", () => rmSync(join(run, "members"), { recursive: true, force: true }));
    } finally {
      lock.release();
    }
  }
  return { files: count, bytes: total, skipped };
}

type RunState = keyof DiskReport["runs"];

function stateOf(dir: string): RunState {
  return lockState(dir) === "held" ? "running" : endOf(dir);
}

function endOf(dir: string): "ended" | "unfinished" | "damaged" {
  try {
    return (readRunHead(dir)?.result ?? null) === null ? "unfinished" : "ended";
  } catch (error) {
    if (error instanceof MeanfieldError && error.code === "run-damaged") return "damaged";
    throw error;
  }
}

function canGo(kind: FileKind, state: RunState): boolean {
  if (kind === "locks") return state !== "running";
  return state === "ended" && (kind === "checkpoints" || kind === "temporary");
}

/** Somebody who takes a lock writes it beside its place first: such a file is left alone while it may be in use. */
function isTaking({ path, age }: { readonly path: string; readonly age: number }): boolean {
  return /(^|\/)lock\.[^/]*$/.test(path) && age < takingMs;
}

const takingMs = 60_000;

function lockOrNull(run: string) {
  try {
    return lockFolder(run);
  } catch (error) {
    if (error instanceof MeanfieldError && error.code === "run-locked") return null;
    throw error;
  }
}

/** By the path inside the folder of a run or sweep. */
function kindOf(path: string): FileKind {
  if (/(^|\/)lock(\.[^/]*)?$/.test(path)) return "locks";
  if (path.endsWith(".tmp")) return "temporary";
  if (path.startsWith("members/")) return "checkpoints";
  if (path.startsWith("particles/")) return "arrays";
  if (path.startsWith("slurm/")) return "logs";
  if (path === "metrics.jsonl") return "records";
  if (/^(report\.html|[^/]*\.(svg|parquet|csv))$/.test(path)) return "reports";
  const own = /^((config|provenance|result|timing|figures|sweep)\.json|scenario\.mjs|(journal|imports)\/.*)$/;
  return own.test(path) ? "results" : "other";
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since it was written. */
  readonly age: number;
}

/** All files below a folder, but not those below `without`; links are not followed. */
function filesOf(folder: string, without?: string): readonly FoundFile[] {
  if (folder === without) return [];
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path, without);
    // What has just gone is no file.
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? [] : [{ path, bytes: found.size, age: Date.now() - found.mtimeMs }];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    return fileWork(folder, "read", () => {
      throw error;
    });
  }
}
