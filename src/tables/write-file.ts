import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileWork, makeFolder } from "../runs/index.ts";

/**
 * Writes a file in pieces, as `work` hands them over. It is there completely or not at all: written beside its place, synced, renamed. Returns what `work` returns.
 * Throws `file-failed`.
 */
export function writeInPieces<Value>(path: string, work: (write: (piece: Uint8Array) => void) => Value): Value {
  const temporary = `${path}.${process.pid}.tmp`;
  makeFolder(dirname(path));
  const file = fileWork(path, "write", () => openSync(temporary, "w"));
  try {
    let value: Value;
    try {
      value = work((piece) => {
        fileWork(path, "write", () => {
          for (let written = 0; written < piece.length; ) written += writeSync(file, piece, written);
        });
      });
      fileWork(path, "write", () => fsyncSync(file));
    } finally {
      closeSync(file);
    }
    fileWork(path, "write", () => renameSync(temporary, path));
    return value;
  } finally {
    rmSync(temporary, { force: true });
  }
}
