import type { EngineUse } from "../engines/index.ts";
import { sha256 } from "../scenario/index.ts";
import { damaged, publishFile, readBytes } from "./store.ts";

/** A simulation's state on disk, with how much of its journal belongs to it. */
export interface StoredCheckpoint {
  readonly state: Uint8Array;
  /** Records written before the checkpoint was taken. */
  readonly records: number;
  /** True if the simulation had come to its end. */
  readonly finished: boolean;
  /** The engines that took its steps so far, each once. */
  readonly engines: readonly EngineUse[];
}

interface Header {
  readonly sha256: string;
  readonly records: number;
  readonly finished: boolean;
  readonly engines: readonly EngineUse[];
}

/** Publishes a checkpoint: one line of JSON with the state's SHA-256 and the count of records, then the state's bytes. */
export function writeCheckpoint(path: string, checkpoint: StoredCheckpoint): void {
  const { state, records, finished, engines } = checkpoint;
  const header: Header = { sha256: sha256(state), records, finished, engines };
  publishFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), state]));
}

/** The checkpoint at `path`, or null if there is none. Throws `run-damaged` if its bytes are not those that were written. */
export function readCheckpoint(path: string): StoredCheckpoint | null {
  const bytes = readBytes(path);
  if (bytes === null) return null;
  const end = bytes.indexOf(10);
  const header = parseHeader(path, bytes.toString("utf8", 0, Math.max(end, 0)));
  // A copy, since a simulation may read the bytes as doubles, which must start at a multiple of 8.
  const state = new Uint8Array(bytes.subarray(end + 1));
  if (sha256(state) !== header.sha256) throw damaged(path, "its checksum is wrong");
  return { state, records: header.records, finished: header.finished, engines: header.engines };
}

function parseHeader(path: string, text: string): Header {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw damaged(path, "its first line is not JSON");
  }
  const isHeader =
    typeof header === "object" &&
    header !== null &&
    "sha256" in header &&
    "records" in header &&
    Number.isSafeInteger(header.records) &&
    "finished" in header &&
    "engines" in header;
  if (!isHeader) throw damaged(path, "its first line is not a checkpoint's");
  return header as Header;
}
