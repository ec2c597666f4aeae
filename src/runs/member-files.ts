import { join } from "node:path";
import type { EngineUse } from "../engines/index.ts";
import type { JsonObject } from "../scenario/index.ts";
import type { RunError } from "./files.ts";
import { readChecked } from "./store.ts";

/** Members' folders inside a run folder; gone once the run is done. */
export const membersFolder = "members";
/** Arrays that members saved, inside a run folder. */
export const particlesFolder = "particles";

/** result.json of a member: it will not be run again. */
export interface MemberFile {
  readonly member: string;
  readonly status: "completed" | "diverged";
  readonly result: JsonObject;
  /** The dotted paths of the result in the order in which the member gave them. */
  readonly resultOrder: readonly string[];
  readonly error: RunError | null;
  /** The names of its simulations in the order in which they were started; null is the one without a name. */
  readonly simulations: readonly (string | null)[];
  /** The engines that took their steps, each once. */
  readonly engines: readonly EngineUse[];
  /** SHA-256 of its journals and arrays by their path in the run folder. */
  readonly files: { readonly [path: string]: string };
  readonly checksum: string;
}

export interface MemberPaths {
  readonly folder: string;
  readonly result: string;
  readonly timing: string;
  /** Path of a journal inside the run folder, with slashes. */
  journal(simulation: string | null): string;
  checkpoint(simulation: string | null): string;
}

/** Where a member's files lie in the run folder `dir`. */
export function memberPaths(dir: string, member: string): MemberPaths {
  const folder = join(dir, membersFolder, member);
  const prefix = (simulation: string | null) => (simulation === null ? "" : `${simulation}.`);
  return {
    folder,
    result: join(folder, "result.json"),
    timing: join(folder, "timing.json"),
    journal: (simulation) => `${membersFolder}/${member}/${prefix(simulation)}metrics.jsonl`,
    checkpoint: (simulation) => join(folder, `${prefix(simulation)}checkpoint.bin`),
  };
}

/** A member's stored result, or null if it has not come to its end. Throws `run-damaged`. */
export function readMember(dir: string, member: string): MemberFile | null {
  return readChecked<MemberFile>(memberPaths(dir, member).result);
}
