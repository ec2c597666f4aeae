import { join } from "node:path";
import { invalidValue, MeanfieldError } from "../errors.ts";
import {
  type Claim,
  type Figure,
  type JsonObject,
  type MemberResult,
  type MemberResults,
  passOf,
  sha256,
} from "../scenario/index.ts";
import type { SimulationRecord } from "../simulation/record.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Failure, failureOf } from "./failure.ts";
import { checkFigures } from "./figure-check.ts";
import { type RunError, type RunFigures, type RunResult, schemaVersion } from "./files.ts";
import { readJournal } from "./journal.ts";
import { inKeyOrder, keyOrder } from "./key-order.ts";
import { type MemberFile, memberPaths, particlesFolder, readMember } from "./member-files.ts";
import type { PreparedRun } from "./prepare-run.ts";
import type { MemberEnd } from "./run-task.ts";
import { damaged, publishChecked, publishFile, publishJson, readBytes } from "./store.ts";

/** What a run's folder holds once its members have ended. */
export interface AssembledRun {
  readonly result: RunResult;
  /** Where a scenario's own error was thrown. */
  readonly stack: string | null;
}

/**
 * Puts the members' files together: metrics.jsonl in the order of the members, figures.json, and result.json last. Summary, claims and figures
 * are computed only where every member completed; a scenario that fails in them fails the run.
 */
export function assembleRun(run: PreparedRun, ends: ReadonlyMap<string, MemberEnd>): AssembledRun {
  const { dir, config } = run;
  const metrics: Uint8Array[] = [];
  const results: Record<string, MemberResult> = {};
  const files: Record<string, string> = {};
  for (const { name } of run.members) {
    const stored = readMember(dir, name);
    if (stored === null) continue;
    results[name] = {
      result: inKeyOrder(stored.result, stored.resultOrder),
      records: collect(dir, stored, metrics, files),
    };
  }
  const allMetrics = Buffer.concat(metrics);
  publishFile(join(dir, "metrics.jsonl"), allMetrics);
  files["metrics.jsonl"] = sha256(allMetrics);

  const stopped = firstStopped(run, ends);
  const told = stopped === null ? tell(run, results) : { summary: {}, claims: [], figures: [], failure: null };
  const figures: RunFigures = { figures: told.figures, summaryOrder: keyOrder(told.summary) };
  publishJson(join(dir, "figures.json"), figures, "figures");
  files["figures.json"] = sha256(`${canonicalJson(figures, "figures", 2)}\n`);

  const { failure } = told;
  const ownError: RunError | null =
    failure === null ? null : { code: failure.code, message: failure.message, member: null, step: null };
  const result = publishChecked<RunResult>(
    join(dir, "result.json"),
    {
      schemaVersion,
      status: stopped?.status ?? (failure === null ? "completed" : "failed"),
      scenario: config.scenario,
      id: config.id,
      parameters: config.parameters,
      seed: config.seed,
      summary: told.summary,
      claims: told.claims.map((claim) => ({ ...claim, pass: passOf(claim.verdict) })),
      error: stopped?.error ?? ownError,
      files,
      checksum: "",
    },
    "result",
  );
  const summary = inKeyOrder(result.summary, figures.summaryOrder);
  return { result: { ...result, summary }, stack: stopped?.stack ?? failure?.stack ?? null };
}

/** The records of a member; its journals' bytes and its arrays' hashes are added to the run's. Throws `run-damaged`. */
function collect(
  dir: string,
  member: MemberFile,
  metrics: Uint8Array[],
  files: Record<string, string>,
): readonly SimulationRecord[] {
  const paths = memberPaths(dir, member.member);
  const records: SimulationRecord[] = [];
  for (const [path, hash] of Object.entries(member.files)) {
    const bytes = readBytes(join(dir, path));
    if (bytes === null) throw damaged(join(dir, path), "it has gone");
    if (sha256(bytes) !== hash) throw damaged(join(dir, path), "its checksum is wrong");
    if (path.startsWith(`${particlesFolder}/`)) files[path] = hash;
  }
  for (const simulation of member.simulations) {
    const path = join(dir, paths.journal(simulation));
    metrics.push(readBytes(path) ?? new Uint8Array());
    records.push(...readJournal(path).lines);
  }
  return records;
}

interface Told {
  readonly summary: JsonObject;
  readonly claims: readonly Claim[];
  readonly figures: readonly Figure[];
  readonly failure: Failure | null;
}

function tell(run: PreparedRun, results: MemberResults): Told {
  const { scenario } = run.loaded;
  const parameters = run.parameters as Readonly<Record<string, never>>;
  try {
    const summary = scenario.summarise(results, parameters);
    canonicalJson(summary, "summary");
    const claims = scenario.claims(summary, parameters);
    canonicalJson(claims, "claims");
    refuseTwins(claims);
    const figures = scenario.figures?.(results, summary, parameters) ?? [];
    checkFigures(figures);
    return { summary, claims, figures, failure: null };
  } catch (error) {
    return { summary: {}, claims: [], figures: [], failure: failureOf(error, "user-function-failed") };
  }
}

function refuseTwins(claims: readonly Claim[]): void {
  const seen = new Set<string>();
  for (const [index, { id }] of claims.entries()) {
    if (seen.has(id)) throw invalidValue(`claims[${index}].id`, "an id used once", id);
    seen.add(id);
  }
}

/** The first member in order that failed, or else the first that diverged. */
function firstStopped(run: PreparedRun, ends: ReadonlyMap<string, MemberEnd>) {
  const ordered = run.members.map(({ name }) => ends.get(name)).filter((end) => end !== undefined);
  const end = ordered.find(({ status }) => status === "failed") ?? ordered.find(({ status }) => status === "diverged");
  if (end === undefined) return null;
  if (end.status !== "failed" && end.status !== "diverged")
    throw new MeanfieldError("run-damaged", "a member has not ended");
  return { status: end.status, error: end.error, stack: end.stack };
}
