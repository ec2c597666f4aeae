import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { MetricsLine } from "./files.ts";
import { readJournal } from "./journal.ts";
import { membersFolder } from "./member-files.ts";

/** The records of a run that has not ended: they still lie in its members' own journals, here read in the order of their paths. */
export function unfinishedRecords(dir: string): readonly MetricsLine[] {
  const folder = join(dir, membersFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("metrics.jsonl"))
    .sort()
    .flatMap((name) => readJournal(join(folder, name)).lines);
}
