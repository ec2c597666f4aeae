import { join } from "node:path";
import { sha256 } from "../scenario/index.ts";
import type { MetricsLine, RunResult } from "./files.ts";
import { readJournal } from "./journal.ts";
import { damaged, readBytes, readChecked } from "./store.ts";
import { unfinishedRecords } from "./unfinished-records.ts";

/**
 * The records of the run in `dir` alone, so far if it has not ended; none where there is no run. Throws `run-damaged` if they are not those
 * that belong to the result.
 */
export function readRecords(dir: string): readonly MetricsLine[] {
  const result = readChecked<RunResult>(join(dir, "result.json"));
  if (result === null) return unfinishedRecords(dir);
  const path = join(dir, "metrics.jsonl");
  const bytes = readBytes(path);
  if (bytes === null) throw damaged(path, "it has gone");
  if (sha256(bytes) !== result.files["metrics.jsonl"]) throw damaged(path, "its checksum is wrong");
  return readJournal(path).lines;
}
