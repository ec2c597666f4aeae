import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { fileWork } from "./file-work.ts";

/**
 * When what is published is forced onto the disk. By default before `publishFile` returns, so that not even a power failure takes it away. Of runs
 * that take milliseconds by the thousand this would take most of the time; they leave it to the system, and what a power failure then tears has a
 * wrong checksum and is computed again.
 */

/** Files that this thread has published and not forced onto the disk; null while each is forced at once. */
let waiting: Set<string> | null = null;

/** Whether a publication has to force `path` onto the disk now; if not, it is remembered. */
export function syncsNow(path: string): boolean {
  if (waiting === null) return true;
  waiting.add(path);
  return false;
}

/**
 * Does `work` without waiting for the disk, then forces what it published onto the disk if it took longer than `leastMs`: of so much work nothing may be lost.
 * For one piece of work of a thread at a time.
 */
export async function withLateSyncs<Value>(leastMs: number, work: () => Promise<Value>): Promise<Value> {
  const mine = new Set<string>();
  waiting = mine;
  const startedAt = performance.now();
  try {
    return await work();
  } finally {
    waiting = null;
    if (performance.now() - startedAt > leastMs) for (const path of mine) forceFile(path);
  }
}

/** Forces a file and its name in its folder onto the disk; what has gone needs no forcing. */
function forceFile(path: string): void {
  for (const each of [path, dirname(path)]) {
    let handle: number;
    try {
      handle = openSync(each, "r");
    } catch {
      continue;
    }
    try {
      fileWork(each, "write", () => fsyncSync(handle));
    } finally {
      closeSync(handle);
    }
  }
}
