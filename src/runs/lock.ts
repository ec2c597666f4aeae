import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { fileWork } from "./file-work.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own count, so that a number used again is not taken for its first owner; null if unknown. */
  readonly started: string | null;
}

/** A run folder that this process alone may write. */
export interface FolderLock {
  release(): void;
}

const heartbeatMs = 15_000;
/** An owner on another machine cannot be asked: it counts as dead when its lock was not touched for this long. */
const silenceMs = 120_000;

/**
 * Takes the lock of a run folder: the file `lock` with the owner's process number and host. The lock of an owner that has died is taken over.
 * Throws `run-locked` if the owner lives.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, "lock");
  const own = `${path}.${process.pid}`;
  const text = JSON.stringify(thisProcess());
  fileWork(own, "write", () => writeFileSync(own, text));
  try {
    while (!linked(own, path)) removeIfDead(path, own);
  } finally {
    rmSync(own, { force: true });
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  heartbeat.unref();
  return {
    release() {
      clearInterval(heartbeat);
      if (readOwner(path)?.text === text) rmSync(path, { force: true });
    },
  };
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw new MeanfieldError(
      "file-failed",
      `${path}: could not be made (${String(error)})`,
      { path },
      { cause: error },
    );
  }
}

/** Moves a dead owner's lock away; returns for another attempt also where the lock has just gone. */
function removeIfDead(path: string, own: string): void {
  const owner = readOwner(path);
  if (owner === null) return;
  if (isAlive(owner.owner, path, own)) throw lockedBy(path, owner.owner);
  // Renaming is atomic: of several processes that found the owner dead, one gets the file.
  const aside = `${own}.dead`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readFileSync(aside, "utf8");
  // Another process took the lock over between the look and the renaming: give it back.
  if (moved !== owner.text) linked(aside, path);
  rmSync(aside, { force: true });
}

function readOwner(path: string): { readonly owner: Owner; readonly text: string } | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  try {
    return { owner: JSON.parse(text) as Owner, text };
  } catch {
    return { owner: { pid: 0, host: hostname(), started: null }, text };
  }
}

function isAlive(owner: Owner, path: string, own: string): boolean {
  if (owner.host !== hostname()) {
    // Both times are the file system's, so the machines' clocks need not agree.
    return existsSync(path) && statSync(own).mtimeMs - statSync(path).mtimeMs < silenceMs;
  }
  if (owner.pid <= 0) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Not being allowed to signal a process proves that there is one.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return owner.started === null || owner.started === startOf(owner.pid);
}

function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/** The start time of a process in clock ticks since boot, where the system tells it (Linux). */
function startOf(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command's name, may hold spaces; the fields after its closing bracket are regular.
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The next beat tries again; nothing is lost on this machine, where the owner is asked by its number.
  }
}

function lockedBy(path: string, owner: Owner): MeanfieldError {
  const suggestion = `wait for it to end, or delete ${path} if it has died`;
  return new MeanfieldError(
    "run-locked",
    `${path}: process ${owner.pid} on ${owner.host} is writing this run; ${suggestion}`,
    { path, got: `process ${owner.pid} on ${owner.host}`, suggestion },
  );
}
