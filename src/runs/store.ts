import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { sha256 } from "../scenario/index.ts";
import { canonicalJson } from "./canonical-json.ts";
import { syncsNow } from "./durability.ts";
import { fileWork } from "./file-work.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * Publishes a file so that it is there completely or not at all, also after a power failure: written beside its place, synced, renamed,
 * and the folder synced (see durability.ts for when it is not). One writer a file. Throws `file-failed`.
 */
export function publishFile(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const temporary = `${path}.tmp`;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  const isSynced = syncsNow(path);
  fileWork(path, "write", () => {
    const file = openSync(temporary, "w");
    try {
      writeWhole(file, bytes);
      if (isSynced) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    if (isSynced) syncFolder(dirname(path));
  });
}

/** Writes all bytes: on a disk that is nearly full the system writes a part and says so only by its length. */
export function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** Publishes a value as canonical JSON, indented for readers, with a final line break. */
export function publishJson(path: string, value: unknown, name: string): void {
  publishFile(path, `${canonicalJson(value, name, 2)}\n`);
}

/** Publishes an object with its own checksum: the SHA-256 of the file with the checksum set to "". */
export function publishChecked<Value extends { readonly checksum: string }>(
  path: string,
  value: Value,
  name: string,
): Value {
  const checksum = sha256(`${canonicalJson({ ...value, checksum: "" }, name, 2)}\n`);
  const text = `${canonicalJson({ ...value, checksum }, name, 2)}\n`;
  publishFile(path, text);
  // What was just computed and what is read later are one value, down to the order of keys.
  return JSON.parse(text) as Value;
}

/** The text of a file, or null if there is none. Throws `file-failed`. */
export function readText(path: string): string | null {
  return readBytes(path)?.toString("utf8") ?? null;
}

/** The bytes of a file, or null if there is none. Throws `file-failed`. */
export function readBytes(path: string): Buffer | null {
  // Looked for before it is opened, since an error is slow to make; what goes in between is not there either.
  if (!existsSync(path)) return null;
  return fileWork(path, "read", () => {
    try {
      return readFileSync(path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  });
}

/** A JSON file's value, or null if there is no such file. Throws `run-damaged` if it is not JSON. */
export function readJson<Value>(path: string): Value | null {
  const text = readText(path);
  return text === null ? null : parseJson<Value>(path, text);
}

/** A file written by `publishChecked`, or null if there is none. Throws `run-damaged` if its checksum is wrong. */
export function readChecked<Value extends { readonly checksum: string }>(path: string): Value | null {
  const text = readText(path);
  if (text === null) return null;
  const value = parseJson<Value>(path, text);
  const withoutChecksum = text.replace(/"checksum": "[0-9a-f]{64}"/, '"checksum": ""');
  if (value.checksum !== sha256(withoutChecksum)) throw damaged(path, "its checksum is wrong");
  return value;
}

/** The error `run-damaged` for one file, with what is wrong with it. */
export function damaged(path: string, what: string): MeanfieldError {
  const suggestion = "start the run again with --force, which replaces it";
  return new MeanfieldError("run-damaged", `${path}: ${what}; ${suggestion}`, { path, got: what, suggestion });
}

function parseJson<Value>(path: string, text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    throw damaged(path, `it is not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } catch {
    // Not every system can sync a folder; the rename is atomic all the same.
  } finally {
    closeSync(handle);
  }
}
