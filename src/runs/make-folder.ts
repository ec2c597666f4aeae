import { accessSync, constants, lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { invalidValue } from "../errors.ts";
import { fileWork } from "./file-work.ts";

/**
 * Makes a folder and those above it. Not by Node's recursive mkdir, which never returns where the system says of a folder that is there that
 * it is not, as below /proc. Throws `file-failed`.
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  fileWork(folder, "make", () => {
    try {
      mkdirSync(path);
    } catch (error) {
      // Another process may have made it in between.
      if (!isFolder(path)) throw error;
    }
  });
}

/** Throws `invalid-value` for `out` unless the run folder `dir` below it is there or could be made; makes nothing. */
export function checkOut(out: string, dir: string): void {
  const refuse = (reason: string) =>
    invalidValue("out", "a folder that is there or can be made", out, `${reason}; give another one`);
  for (let path = resolve(dir); ; path = dirname(path)) {
    if (!isThere(path) && dirname(path) !== path) continue;
    if (!isFolder(path)) throw refuse(`${path} is not a folder`);
    if (path !== resolve(dir) && !isWritable(path)) throw refuse(`${path} cannot be written`);
    return;
  }
}

/** True also for a link that leads nowhere. False for a path below a file or with a name that is too long. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code !== "ENOENT" && error.code !== "ENOTDIR";
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
