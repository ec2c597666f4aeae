import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { MeanfieldError } from "../errors.ts";
import { canonicalJson, fileWork, makeFolder, readBytes, writeWhole } from "../runs/index.ts";
import { journalFolder, type PointEnd } from "./files.ts";

/** The index of a sweep that one process writes: how points ended, in the order in which they did. */
export interface SweepJournal {
  append(end: PointEnd): void;
  close(): void;
}

/** Starts this process's journal in the folder of a sweep; each process, and each start of one, has a file of its own. Throws `file-failed`. */
export function startJournal(dir: string, startedAt = Date.now()): SweepJournal {
  const folder = join(dir, journalFolder);
  makeFolder(folder);
  const name = `${startedAt.toString(36)}-${hostname()}-${process.pid}`;
  let part = 1;
  const pathOf = () => join(folder, part === 1 ? `${name}.jsonl` : `${name}.${part}.jsonl`);
  let file: number | null = null;
  return {
    append(end) {
      const path = pathOf();
      const opened = file ?? fileWork(path, "write", () => openSync(path, "ax"));
      file = opened;
      const text = canonicalJson(end, "point");
      try {
        fileWork(path, "write", () => writeWhole(opened, Buffer.from(`${checksumOf(text)} ${text}\n`)));
      } catch (error) {
        // A part of the line may stand there. It harms nobody while it is the last, so what follows goes to another file.
        file = null;
        part += 1;
        closeSync(opened);
        throw error;
      }
    },
    close() {
      const opened = file;
      if (opened === null) return;
      try {
        fileWork(pathOf(), "write", () => fsyncSync(opened));
      } finally {
        closeSync(opened);
      }
    },
  };
}

/**
 * How points ended by their ids, from all journals of a sweep; of several ends of one point the latest writer's counts, but one that
 * completed has completed, whatever the machines' clocks say. A last line without its
 * line break was torn by a crash and is dropped. Throws `run-damaged` with file and line for any other line that cannot be read.
 *
 * @param without names of journals that are left out
 */
export function readJournals(dir: string, without: readonly string[] = []): ReadonlyMap<string, PointEnd> {
  const left = new Set(without);
  const ends = new Map<string, PointEnd>();
  for (const name of journalNames(dir)) if (!left.has(name)) readInto(ends, join(dir, journalFolder, name));
  return ends;
}

/** Names of the journals of a sweep, the first writer's first. */
export function journalNames(dir: string): readonly string[] {
  try {
    return readdirSync(join(dir, journalFolder))
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function readInto(ends: Map<string, PointEnd>, path: string): void {
  const bytes = readBytes(path) ?? Buffer.alloc(0);
  let line = 1;
  for (let start = 0; ; line += 1) {
    const stop = bytes.indexOf(10, start);
    if (stop === -1) return;
    const text = bytes.toString("utf8", start, stop);
    const content = text.slice(9);
    if (text[8] !== " " || text.slice(0, 8) !== checksumOf(content)) throw damagedLine(path, line);
    const end = JSON.parse(content) as PointEnd;
    if (ends.get(end.id)?.status !== "completed" || end.status === "completed") ends.set(end.id, end);
    start = stop + 1;
  }
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}

function damagedLine(path: string, line: number): MeanfieldError {
  const suggestion = "delete this file: it is an index, and what it said is read from the points' own folders";
  const what = "this line is not what was written";
  return new MeanfieldError("run-damaged", `${path}:${line}: ${what}; ${suggestion}`, {
    path: `${path}:${line}`,
    got: what,
    suggestion,
  });
}
