import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { assembleRun } from "./assemble.ts";
import type { RunError, RunProvenance } from "./files.ts";
import { checkLock } from "./lock.ts";
import { readMember } from "./member-files.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { currentProvenance } from "./provenance.ts";
import type { MemberEnd } from "./run-task.ts";
import { publishJson } from "./store.ts";

/**
 * Publishes that a run has failed whose thread can no longer say so. What its members have finished stays, and a later start goes on from it.
 * Throws `run-locked`, `run-damaged`, `file-failed`.
 *
 * @param lock text of the run folder's lock, which the caller holds
 */
export function publishFailure(run: PreparedRun, error: RunError, lock: string): void {
  const { dir, config, members, loaded } = run;
  checkLock(dir, lock);
  const provenance: RunProvenance = {
    ...currentProvenance(availableParallelism(), loaded.bundle?.packages ?? {}, run.engine),
    used: [],
  };
  // The thread may have ended before it wrote anything at all.
  if (!existsSync(join(dir, "config.json"))) publishJson(join(dir, "config.json"), config, "config");
  if (!existsSync(join(dir, "provenance.json"))) publishJson(join(dir, "provenance.json"), provenance, "provenance");
  const failed: MemberEnd = { status: "failed", error, stack: null };
  const ends = new Map(
    members.map(({ name }) => {
      const stored = readMember(dir, name);
      return [name, stored === null ? failed : { status: stored.status, error: stored.error, stack: null }] as const;
    }),
  );
  // Where all members had ended, it was the run itself that failed.
  const [{ name }] = members;
  if (![...ends.values()].includes(failed)) ends.set(name, failed);
  assembleRun(run, ends);
}
