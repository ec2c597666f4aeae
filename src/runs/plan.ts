import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EngineUse } from "../engines/index.ts";
import type { Member, RunEstimate } from "../scenario/index.ts";
import type { RunConfig, RunTiming } from "./files.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { readResult } from "./read-run.ts";
import { readJson } from "./store.ts";

/** What a run would do. */
export interface RunPlan {
  /** What the run folder holds: nothing, an unfinished run that would go on, or a result that would be read. */
  readonly state: "new" | "unfinished" | "ended";
  readonly members: readonly Member[];
  /** What the run's simulations take unless its author names another. */
  readonly engine: EngineUse;
  /** Files that the run leaves, in its folder. */
  readonly files: readonly string[];
  /** The scenario's own estimate; null if it gives none. */
  readonly estimate: RunEstimate | null;
  /** The wall clock of the run of this scenario, in the same form, that ended last; null if there is none. */
  readonly previous: {
    readonly id: string;
    readonly seconds: number;
    readonly parameters: RunConfig["parameters"];
  } | null;
}

/** Tells what a prepared run would do; creates nothing. */
export function planRun(run: PreparedRun): RunPlan {
  const { scenario, bundle } = run.loaded;
  const parameters = run.parameters as Readonly<Record<string, never>>;
  const result = readResult(run.dir);
  const started = existsSync(join(run.dir, "config.json"));
  const figures = scenario.figures === undefined ? [] : ["report figures (.svg)"];
  return {
    state: result !== null && result.status !== "failed" ? "ended" : started ? "unfinished" : "new",
    members: run.members,
    engine: run.engine,
    files: [
      "config.json",
      "provenance.json",
      ...(bundle === null ? [] : ["scenario.mjs"]),
      "metrics.jsonl",
      "figures.json",
      "timing.json",
      "result.json",
      "report.html",
      ...figures,
    ],
    estimate: scenario.estimate?.(parameters) ?? null,
    previous: previousTiming(run),
  };
}

function previousTiming({ dir, config }: PreparedRun): RunPlan["previous"] {
  const folder = dirname(dir);
  if (!existsSync(folder)) return null;
  let latest: { readonly finishedAt: string; readonly plan: NonNullable<RunPlan["previous"]> } | null = null;
  for (const id of readdirSync(folder)) {
    const [timing, stored] = timingOf(join(folder, id));
    if (timing === null || stored === null || stored.short !== config.short) continue;
    if (latest !== null && timing.finishedAt <= latest.finishedAt) continue;
    latest = { finishedAt: timing.finishedAt, plan: { id, seconds: timing.seconds, parameters: stored.parameters } };
  }
  return latest?.plan ?? null;
}

/** Another run's clock and config; a damaged one tells nothing, and is no reason to refuse this run. */
function timingOf(dir: string): readonly [RunTiming | null, RunConfig | null] {
  try {
    return [readJson<RunTiming>(join(dir, "timing.json")), readJson<RunConfig>(join(dir, "config.json"))];
  } catch {
    return [null, null];
  }
}
