import type { EngineUse } from "../engines/index.ts";
import type { Json } from "../scenario/index.ts";
import type { MetricsLine, RunResult } from "./files.ts";
import { readRun, type StoredRun } from "./read-run.ts";

/** What stands in two runs under one name; null where it stands in one of them only. */
export interface Pair<Value> {
  readonly name: string;
  readonly first: Value | null;
  readonly second: Value | null;
}

/** A number of both summaries; difference second - first and ratio second / first, null where they are not finite. */
export interface NumberPair extends Pair<number> {
  readonly difference: number | null;
  readonly ratio: number | null;
}

/** A claim's verdict and measured value in both runs. */
export interface ClaimPair extends Pair<{ readonly verdict: string; readonly measured: number | null }> {}

/** Where the records of two runs part. */
export interface RecordsDifference {
  /** Counted from 1, as lines of metrics.jsonl; where one run has no such record, its place is null. */
  readonly line: number;
  readonly first: Place | null;
  readonly second: Place | null;
  /** Dotted paths of what differs in a record of both. */
  readonly paths: readonly string[];
}

interface Place {
  readonly member: string;
  readonly simulation: string | null;
  readonly step: number;
  readonly time: number;
}

export interface RunComparison {
  readonly first: RunSide;
  readonly second: RunSide;
  /** Parameters whose values differ. */
  readonly parameters: readonly Pair<Json>[];
  /** What else a result hangs on and differs: scenario, its version, code, seed, arithmetic, engine, ... */
  readonly origin: readonly Pair<Json>[];
  /** Numbers of the summaries, the headline first. */
  readonly numbers: readonly NumberPair[];
  /** Texts and truth values of the summaries that differ. */
  readonly texts: readonly Pair<string | boolean>[];
  readonly claims: readonly ClaimPair[];
  readonly records: {
    readonly first: number;
    readonly second: number;
    /** Whether they are the same to the last bit. */
    readonly same: boolean;
    readonly difference: RecordsDifference | null;
  };
}

export interface RunSide {
  readonly dir: string;
  readonly scenario: string;
  readonly id: string;
  readonly status: RunResult["status"] | "unfinished";
}

/**
 * Two run folders side by side: what differs in what they were made from, every number of their summaries, their claims, and where their records part.
 * Throws `file-failed` and `run-damaged` as `readRun`.
 */
export function compareRuns(firstDir: string, secondDir: string): RunComparison {
  const [first, second] = [readRun(firstDir), readRun(secondDir)];
  const [left, right] = [leaves(first.result?.summary ?? {}), leaves(second.result?.summary ?? {})];
  const isNumeric = (name: string) => [left.get(name), right.get(name)].some((leaf) => typeof leaf === "number");
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const headlines = [first, second].flatMap(({ config: { headline } }) => [headline, `${headline}.value`]);
  const numeric = names.filter(isNumeric);
  const ordered = [...headlines.filter((name) => numeric.includes(name)), ...numeric];
  return {
    first: sideOf(first),
    second: sideOf(second),
    parameters: differing(entries(first.config.parameters), entries(second.config.parameters)),
    origin: differing(originOf(first), originOf(second)),
    numbers: [...new Set(ordered)].map((name) => numberPair(name, left.get(name), right.get(name))),
    texts: differing(texts(left), texts(right)),
    claims: claimPairs(first, second),
    records: compareRecords(first.metrics, second.metrics),
  };
}

function sideOf({ dir, config, result }: StoredRun): RunSide {
  return { dir, scenario: config.scenario, id: config.id, status: result?.status ?? "unfinished" };
}

function originOf({ config, provenance }: StoredRun): ReadonlyMap<string, Json> {
  const { scenario, scenarioVersion, codeHash, short, seed } = config;
  const { engine, used, meanfield, commit, node } = provenance;
  const engines = used.length > 0 ? used : [engine];
  const each = (part: keyof EngineUse) => [...new Set(engines.map((use) => use[part]))].join(", ");
  return entries({
    scenario,
    "scenario version": scenarioVersion,
    code: codeHash,
    short,
    seed,
    arithmetic: each("arithmetic"),
    precision: each("precision"),
    engine: each("name"),
    instructions: each("instructions"),
    meanfield: meanfield ?? null,
    commit: commit ?? null,
    node: node ?? null,
  });
}

function entries(values: Readonly<Record<string, Json>>): ReadonlyMap<string, Json> {
  return new Map(Object.entries(values));
}

/** What differs, or stands in one of them only. */
function differing<Value>(
  first: ReadonlyMap<string, Value>,
  second: ReadonlyMap<string, Value>,
): readonly Pair<Value>[] {
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => ({ name, first: first.get(name) ?? null, second: second.get(name) ?? null }))
    .filter((pair) => JSON.stringify(pair.first) !== JSON.stringify(pair.second));
}

function numberPair(name: string, first: Json | undefined, second: Json | undefined): NumberPair {
  const [from, to] = [first, second].map((each) => (typeof each === "number" ? each : null));
  const isBoth = from !== null && to !== null;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    name,
    first: from,
    second: to,
    difference: isBoth ? finite(to - from) : null,
    ratio: isBoth ? finite(to / from) : null,
  };
}

function texts(all: ReadonlyMap<string, Json>): ReadonlyMap<string, string | boolean> {
  const found = [...all].filter((each): each is [string, string | boolean] => /string|boolean/.test(typeof each[1]));
  return new Map(found);
}

function claimPairs(first: StoredRun, second: StoredRun): readonly ClaimPair[] {
  const claimsOf = ({ result }: StoredRun) =>
    new Map((result?.claims ?? []).map(({ id, verdict, measured }) => [id, { verdict, measured }]));
  const [left, right] = [claimsOf(first), claimsOf(second)];
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names.map((name) => ({ name, first: left.get(name) ?? null, second: right.get(name) ?? null }));
}

function compareRecords(first: readonly MetricsLine[], second: readonly MetricsLine[]): RunComparison["records"] {
  const counts = { first: first.length, second: second.length };
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [left, right] = [first.at(index), second.at(index)];
    // Equal texts are equal bits: a number's text is the shortest that gives its bits back.
    if (JSON.stringify(left) === JSON.stringify(right)) continue;
    const paths =
      left === undefined || right === undefined
        ? []
        : differing(leaves(left as unknown as Json), leaves(right as unknown as Json)).map(({ name }) => name);
    const difference = { line: index + 1, first: placeOf(left), second: placeOf(right), paths };
    return { ...counts, same: false, difference };
  }
  return { ...counts, same: true, difference: null };
}

function placeOf(record: MetricsLine | undefined): Place | null {
  if (record === undefined) return null;
  const { member, simulation, step, time } = record;
  return { member, simulation, step, time };
}

/** Each number, text, truth value and null under its dotted path. */
function leaves(value: Json): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const visit = (each: Json, path: string) => {
    if (typeof each === "object" && each !== null) {
      for (const [key, below] of Object.entries(each)) visit(below, path === "" ? key : `${path}.${key}`);
    } else found.set(path, each);
  };
  visit(value, "");
  return found;
}
