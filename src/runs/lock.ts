import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { sha256 } from "../scenario/index.ts";
import { fileWork } from "./file-work.ts";
import { keepTouched } from "./touch-locks.ts";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own count, so that a number used again is not taken for its first owner; null if unknown. */
  readonly started: string | null;
}

/** A folder that the holder alone may write. */
export interface FolderLock {
  /** What stands in the lock file: no two locks have the same. Other threads of this process may act for the holder by it. */
  readonly text: string;
  release(): void;
}

/** An owner on another machine cannot be asked: it counts as dead when its lock was not touched for this long. */
const silenceMs = 120_000;

/**
 * Takes the lock of a folder: the file `lock` with the owner's process number and host. The lock of an owner that has died is taken over.
 * Throws `run-locked` if the owner lives.
 */
export function lockFolder(folder: string): FolderLock {
  const path = lockPath(folder);
  const token = randomBytes(8).toString("hex");
  const text = JSON.stringify({ ...thisProcess(), token });
  take(path, text, token);
  const stopTouching = keepTouched(path, text);
  return {
    text,
    release() {
      stopTouching();
      try {
        if (readOwner(path)?.text === text) rmSync(path, { force: true });
      } catch {
        // What was done under the lock stands; the lock itself counts until this process ends.
      }
    },
  };
}

/**
 * Whether somebody holds the lock of a folder, by a look that changes nothing: `dead` where the owner has gone. Of an owner on another machine this is a guess by
 * the clocks of both; only `lockFolder` decides.
 */
export function lockState(folder: string): "free" | "held" | "dead" {
  const path = lockPath(folder);
  const found = readOwner(path);
  if (found === null) return "free";
  if (found.owner.host === hostname()) return isAlive(found.owner, path, path) ? "held" : "dead";
  const touched = statSync(path, { throwIfNoEntry: false });
  return touched !== undefined && Date.now() - touched.mtimeMs < silenceMs ? "held" : "dead";
}

/**
 * Throws `run-locked` unless the folder's lock is the one with this text. To be asked before each file that others read is replaced: a machine that slept, or
 * lost its network, may find that another one has taken its place.
 */
export function checkLock(folder: string, text: string): void {
  const path = lockPath(folder);
  const owner = readOwner(path);
  if (owner?.text === text) return;
  const who = owner === null ? "nobody" : `process ${owner.owner.pid} on ${owner.owner.host}`;
  throw new MeanfieldError(
    "run-locked",
    `${path}: this process was silent for so long that its lock was taken from it; ${who} holds it now, and what this process computed is not published`,
    { path, got: who },
  );
}

function lockPath(folder: string): string {
  return join(folder, "lock");
}

/** Makes the file `path` with `text`, exclusively. Throws `run-locked` where a living owner has it. */
function take(path: string, text: string, token: string): void {
  // Written beside its place first, so that nobody ever reads half a lock.
  const own = `${path}.${token}`;
  fileWork(own, "write", () => writeFileSync(own, text));
  try {
    while (!linked(own, path)) removeIfDead(path, own, text, token);
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    return fileWork(path, "make", () => {
      throw error;
    });
  }
}

/** Removes a dead owner's lock; returns for another attempt also where the lock has just gone. */
function removeIfDead(path: string, own: string, text: string, token: string): void {
  const found = readOwner(path);
  if (found === null) return;
  if (isAlive(found.owner, path, own)) throw lockedBy(path, found.owner);
  // Of several processes that found the owner dead, one at a time may remove it: the one that has the lock named by what they found. A process that comes
  // late gets it as well, and sees that something else stands there now. The one that dies in between leaves a dead lock like any other.
  const guard = `${path}.${sha256(found.text).slice(0, 16)}`;
  take(guard, text, token);
  try {
    if (readOwner(path)?.text === found.text && !isAlive(found.owner, path, own)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function readOwner(path: string): { readonly owner: Owner; readonly text: string } | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    return fileWork(path, "read", () => {
      throw error;
    });
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
    const touched = statSync(path, { throwIfNoEntry: false });
    return touched !== undefined && statSync(own).mtimeMs - touched.mtimeMs < silenceMs;
  }
  if (!(owner.pid > 0)) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // Not being allowed to signal a process proves that there is one.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return owner.started === null || owner.started === startOf(owner.pid);
}

let known: Owner | null = null;

function thisProcess(): Owner {
  known ??= { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  return known;
}

/** The start time of a process: the system's start and clock ticks since, where the system tells them (Linux). */
function startOf(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command's name, may hold spaces; the fields after its closing bracket are regular.
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${ticks}`;
  } catch {
    return null;
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
