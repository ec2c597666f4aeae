import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { pointsFolder } from "../../files.ts";

/** Enough for the checksum with which a checkpoint begins. */
const headBytes = 100;

/**
 * A text that changes when a run that has not ended has come further: what its checkpoints begin with, their checksum, and which members have results. Equal
 * before and after a task that achieved nothing.
 */
export function progressMark(dir: string, points: readonly string[]): string {
  return points.map((id) => pointMark(join(dir, pointsFolder, id, "members"))).join("\n");
}

function pointMark(members: string): string {
  let names: string[];
  try {
    names = readdirSync(members, { recursive: true, encoding: "utf8" });
  } catch {
    return "";
  }
  const marks = names.sort().map((name) => {
    if (name.endsWith("result.json")) return name;
    return name.endsWith("checkpoint.bin") ? `${name} ${headOf(join(members, name))}` : "";
  });
  return marks.filter((mark) => mark !== "").join(" ");
}

function headOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(headBytes);
      return bytes.toString("latin1", 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    // A run that ends removes its checkpoints while we look.
    return "";
  }
}
