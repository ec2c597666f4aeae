/**
 * Makes one file operation of a process fail, in whichever of its threads it falls: `node --import failing-files.mjs`, told by the environment.
 *
 * FAIL_UNDER: only operations on files below this folder count. FAIL_AT: the operation that fails, counted from 1. FAIL_HOW:
 *
 * - enospc, eio: it throws that error; full: it and all that need space after it throw ENOSPC;
 * - short: a write writes half and says so, as the system does on a disk that is nearly full;
 * - before, after, half: the process ends without a word before it, after it, or when it is half done.
 *
 * FAIL_REPORT: a file that gets one line of JSON when it has happened.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

const { FAIL_UNDER: under = "", FAIL_AT: at = "0", FAIL_HOW: how = "", FAIL_REPORT: report = "" } = process.env;
const place = Number(at);
const original = { ...fs };
const key = "failing-files";
if (isMainThread) setEnvironmentData(key, new SharedArrayBuffer(4));
const count = new Int32Array(getEnvironmentData(key));
const paths = new Map();
const isCrash = how === "before" || how === "after" || how === "half";

/** Operations that need space on the disk; those that only look; all others change what is there. */
const growing = new Set(["open", "write", "writeFile", "mkdir", "link", "rename", "copyFile"]);
const looking = new Set(["readFile", "open to read", "fsync"]);

function pathOf(file) {
  return typeof file === "number" ? paths.get(file) : resolve(String(file));
}

/** What is to happen at this operation: nothing, or `how`. */
function verdict(operation, path) {
  if (path === undefined || !(path === under || path.startsWith(under + sep))) return null;
  if (how === "eio" || growing.has(operation) || (isCrash && !looking.has(operation))) {
    const number = Atomics.add(count, 0, 1) + 1;
    const isDue = how === "full" ? number >= place : number === place;
    if (!isDue || place === 0) return null;
    if (number === place) original.appendFileSync(report, `${JSON.stringify({ operation, path, number })}\n`);
    return how;
  }
  return null;
}

function die() {
  process.kill(process.pid, "SIGKILL");
  // The signal ends all threads, this one perhaps not at once.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function failure(operation, path) {
  const code = how === "eio" ? "EIO" : "ENOSPC";
  const text = how === "eio" ? "i/o error" : "no space left on device";
  return Object.assign(new Error(`${code}: ${text}, ${operation} '${path}'`), { code, syscall: operation, path });
}

/** Puts the operation `name` under the rule; `half` does half of it. */
function patch(name, operationOf, half = () => {}) {
  const work = original[name];
  fs[name] = (...given) => {
    const path = pathOf(given[0]);
    const operation = typeof operationOf === "string" ? operationOf : operationOf(given);
    const what = verdict(operation, path);
    if (what === "before") die();
    if (what === "half") {
      half(given);
      die();
    }
    if (what === "short") return half(given) ?? work(...given);
    if (what === "enospc" || what === "eio" || what === "full") throw failure(operation, path);
    const result = work(...given);
    if (name === "openSync") paths.set(result, path);
    if (what === "after") die();
    return result;
  };
}

const isReading = ([, flags = "r"]) => flags === "r" || flags === "rs";
patch("openSync", (given) => (isReading(given) ? "open to read" : "open"));
patch("writeSync", "write", ([file, data, offset = 0]) => {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  const length = Math.floor((bytes.length - offset) / 2);
  return length === 0 ? undefined : original.writeSync(file, bytes, offset, length);
});
patch("writeFileSync", "writeFile", ([path, data]) => {
  const bytes = Buffer.from(data);
  original.writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
});
patch("readFileSync", "readFile");
patch("mkdirSync", "mkdir");
patch("linkSync", "link");
patch("renameSync", "rename");
patch("copyFileSync", "copyFile");
patch("fsyncSync", "fsync");
patch("ftruncateSync", "ftruncate");
patch("unlinkSync", "unlink");
patch("utimesSync", "utimes");
patch("rmSync", "rm", ([path]) => {
  // Of a folder the files that come first.
  if (!original.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const files = original.readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files.slice(0, Math.ceil(files.length / 2)))
    original.unlinkSync(`${parentPath}${sep}${name}`);
});
const { closeSync } = fs;
fs.closeSync = (file) => {
  paths.delete(file);
  closeSync(file);
};
syncBuiltinESMExports();
