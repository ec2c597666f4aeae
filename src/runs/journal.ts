import { closeSync, fsyncSync, openSync } from "node:fs";
import type { SimulationRecord } from "../simulation/record.ts";
import { canonicalJson } from "./canonical-json.ts";
import { syncsNow } from "./durability.ts";
import { fileWork } from "./file-work.ts";
import type { MetricsLine } from "./files.ts";
import { damaged, publishFile, readBytes, writeWhole } from "./store.ts";

/** A journal open for appending: one JSON line a record. */
export interface Journal {
  readonly records: readonly SimulationRecord[];
  append(record: SimulationRecord): void;
  /** Forces what was appended onto the disk. */
  sync(): void;
  close(): void;
}

/**
 * Opens the journal at `path`, made if need be, and cuts it to its first `keep` records: what came after the last checkpoint is computed again.
 * Throws `run-damaged` if it has fewer, or a line other than a torn last one cannot be read.
 */
export function openJournal(path: string, member: string, simulation: string | null, keep: number): Journal {
  const before = readJournal(path);
  if (before.lines.length < keep) {
    throw damaged(path, `it has ${before.lines.length} records where the checkpoint has ${keep}`);
  }
  const records: SimulationRecord[] = before.lines.slice(0, keep);
  // A new file in place of the old one: should another process, thought dead, still append to that, it appends to nothing that anybody reads.
  if (before.bytes !== null) publishFile(path, before.bytes.subarray(0, keep === 0 ? 0 : before.ends[keep - 1]));
  const file = fileWork(path, "write", () => openSync(path, "a"));
  return {
    records,
    append(record) {
      const line: MetricsLine = { ...record, member, simulation };
      const bytes = Buffer.from(`${canonicalJson(line, "record")}\n`);
      fileWork(path, "write", () => writeWhole(file, bytes));
      records.push(record);
    },
    sync() {
      if (syncsNow(path)) fileWork(path, "write", () => fsyncSync(file));
    },
    close: () => closeSync(file),
  };
}

/** A journal's lines and the byte offset at which each ends. */
export interface JournalContent {
  /** The whole file; null if there is none. */
  readonly bytes: Buffer | null;
  readonly lines: readonly MetricsLine[];
  readonly ends: readonly number[];
}

/**
 * Reads a journal; one that does not exist is empty. A last line without its line break was torn by a crash and is dropped.
 * Throws `run-damaged` with the line number for any other line that cannot be read.
 */
export function readJournal(path: string): JournalContent {
  const bytes = readBytes(path);
  const lines: MetricsLine[] = [];
  const ends: number[] = [];
  if (bytes === null) return { bytes, lines, ends };
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(parseLine(path, bytes.toString("utf8", start, end), lines.length + 1));
    ends.push(end + 1);
    start = end + 1;
  }
  return { bytes, lines, ends };
}

function parseLine(path: string, text: string, number: number): MetricsLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw damaged(`${path}:${number}`, "this line is not JSON");
  }
  if (typeof line === "object" && line !== null && "step" in line && "time" in line && "member" in line) {
    return line as MetricsLine;
  }
  throw damaged(`${path}:${number}`, "this line is not a record");
}
