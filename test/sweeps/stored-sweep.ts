import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, publishChecked, publishJson, type RunResult, schemaVersion } from "../../src/runs/index.ts";
import { type Json, type JsonObject, sha256 } from "../../src/scenario/index.ts";
import { readAxis, type SweepPlan } from "../../src/sweeps/index.ts";
import { startJournal } from "../../src/sweeps/journal.ts";

/** A run as a test makes it up. */
export interface MadeRun {
  readonly status?: RunResult["status"] | "timed-out";
  readonly summary?: JsonObject;
  readonly claims?: RunResult["claims"];
  readonly records?: readonly object[];
  readonly seconds?: number;
  readonly startedAt?: string;
}

/** A record with all its parts, of which a test changes some. */
export function record(changes: object = {}): object {
  const measured = (value: number) => ({ value, error: value / 10 });
  const budget = {
    meanField: measured(0.25),
    cross: measured(-0.5),
    crossCentred: null,
    discretization: measured(0.125),
    timeStep: null,
    sampling: null,
    trajectoryGap: null,
    correctedTrajectoryGap: null,
    trajectory: null,
  };
  const rest = { step: 0, time: 0, loss: 1.5, lossError: 0.5, observables: { alpha: 1 } };
  return { ...rest, budget, member: "main", simulation: null, ...changes };
}

/** Writes the folder of a run, ended unless `made` is null. */
export function storeRun(
  dir: string,
  parameters: JsonObject,
  seed: number | string,
  made: MadeRun | null,
  { scenario = "made-up", headline = "loss", codeHash = "c0de" } = {},
): string {
  const id = sha256(canonicalJson({ parameters, seed, codeHash }, "run")).slice(0, 16);
  mkdirSync(dir, { recursive: true });
  const entry = (name: string, value: Json) => ({
    name,
    type: typeof value === "number" ? (Number.isInteger(value) ? "integer" : "number") : "text",
  });
  const parameterEntries = Object.entries(parameters).map(([name, value]) => entry(name, value));
  const common = { schemaVersion, scenario, id, parameters, seed };
  const about = { scenarioVersion: 1, title: "Made up", headline, codeHash, short: false, bundle: null, sources: [] };
  publishJson(join(dir, "config.json"), { ...common, ...about, parameterEntries }, "config");
  const engine = { name: "native", instructions: "AVX2", arithmetic: "fused", numerics: "fused", precision: "float64" };
  publishJson(join(dir, "provenance.json"), { meanfield: "0", engine, used: [engine], packages: {} }, "provenance");
  if (made === null) return id;
  const metrics = (made.records ?? []).map((each) => `${canonicalJson(each, "record")}\n`).join("");
  writeFileSync(join(dir, "metrics.jsonl"), metrics);
  publishJson(join(dir, "figures.json"), { figures: [], summaryOrder: Object.keys(made.summary ?? {}) }, "figures");
  const { startedAt = "2026-01-01T00:00:00.000Z", seconds = 1 } = made;
  publishJson(join(dir, "timing.json"), { startedAt, finishedAt: startedAt, seconds, members: {} }, "timing");
  const status = made.status === "timed-out" ? "failed" : (made.status ?? "completed");
  const error = status === "completed" ? null : ({ code: "diverged", message: "", member: null, step: 3 } as const);
  const files = { "metrics.jsonl": sha256(metrics) };
  const result = { summary: made.summary ?? {}, claims: made.claims ?? [], error, files, checksum: "" };
  publishChecked<RunResult>(join(dir, "result.json"), { ...common, status, ...result }, "result");
  return id;
}

/** Writes the folder of a sweep over all combinations of the axes' values; a point that is made null has not ended. */
export function storeSweep(
  dir: string,
  axes: Readonly<Record<string, string>>,
  make: (values: Readonly<Record<string, Json>>, seed: number) => MadeRun | null,
  { hasFolders = true, headline = "loss", scenario = "made-up" } = {},
): string {
  const list = Object.entries(axes).map(([name, text]) => readAxis(name, text));
  const grid = list.reduce<Record<string, Json>[]>(
    (points, { name, values }) => points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
  mkdirSync(dir, { recursive: true });
  const journal = startJournal(dir);
  const points = grid.map(({ seed: seedText = "0", ...values }) => {
    const seed = Number(seedText);
    const made = make(values, seed);
    const typed = Object.fromEntries(
      Object.entries(values).map(([name, text]) => [name, Number.isNaN(Number(text)) ? text : Number(text)]),
    );
    const id = sha256(canonicalJson({ typed, seed }, "point")).slice(0, 16);
    if (hasFolders) storeRun(join(dir, "points", id), typed, seed, made, { scenario, headline });
    if (made !== null) {
      const { status = "completed", seconds = 1, summary = {} } = made;
      journal.append({ id, status, error: null, seconds, summary });
    }
    return { id, values, seed, cost: 1, members: 1 };
  });
  journal.close();
  const about = { scenarioVersion: 1, title: "Made up", codeHash: "c0de", short: false, bundle: null, zips: [] };
  const plan = {
    schemaVersion: 1,
    scenario,
    headline,
    id: "5eed".repeat(4),
    axes: list,
    points,
    checksum: "",
    ...about,
  };
  publishChecked<SweepPlan>(join(dir, "sweep.json"), plan, "sweep");
  return dir;
}
