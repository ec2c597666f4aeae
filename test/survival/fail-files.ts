import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { readRun } from "../../src/runs/read-run.ts";
import { readSweep } from "../../src/sweeps/index.ts";
import { resultFiles } from "./result-files.ts";

export const failures = ["enospc", "full", "eio", "short", "before", "half", "after"] as const;

export interface FailOptions {
  readonly kind: "sweep" | "run";
  readonly how: (typeof failures)[number];
  /** The library that works, as a file URL. */
  readonly library: string;
  /** The file counted.ts. */
  readonly scenario: string;
  /** The first operation to fail, and how many to go on by. */
  readonly first: number;
  readonly stride: number;
  /** Made and removed for each operation. */
  readonly folder: string;
  /** The result files of the sweep or run that nothing happened to. */
  readonly expected: Readonly<Record<string, string>>;
}

export interface FailSummary {
  readonly kind: FailOptions["kind"];
  readonly how: FailOptions["how"];
  /** File operations of the work up to which each was failed in turn; beyond them nothing failed. */
  readonly operations: number;
  readonly failed: number;
  /** Failures after which the process had not done its work. */
  readonly unfinished: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

interface End {
  readonly status: string;
  readonly errors: readonly string[];
}

const here = (name: string) => new URL(name, import.meta.url).pathname;

/** Does the work once in `folder`, with the failure of one operation, or without. */
export function workOnce(
  { kind, library, scenario, folder }: Pick<FailOptions, "kind" | "library" | "scenario" | "folder">,
  failure: Record<string, string> = {},
) {
  const preload = Object.keys(failure).length === 0 ? [] : ["--import", here("failing-files.mjs")];
  const words = [...preload, here("one-sweep.mjs"), library, kind, scenario, folder];
  const env = { ...process.env, ...failure };
  return spawnSync(process.execPath, words, { env, encoding: "utf8", timeout: 60_000 });
}

/** The result files below `folder`, of whichever sweep or run stands there. */
export function filesOf(kind: FailOptions["kind"], folder: string): Readonly<Record<string, string>> {
  const dir = kind === "sweep" ? sweepIn(folder) : null;
  if (kind === "run") return resultFiles(join(folder, "counted"), "");
  return dir === null ? {} : resultFiles(dir);
}

/**
 * Fails the k-th file operation of a small sweep or run for k = first, first + stride, ... until the work is done before the k-th. After each, what is
 * published must be right, whoever reads the folder must be able to, and a second start must come to the bytes of an undisturbed one.
 */
export async function failFiles(options: FailOptions): Promise<FailSummary> {
  const { kind, how, folder, expected } = options;
  const faults: string[] = [];
  const byOperation: Record<string, number> = {};
  let failed = 0;
  let unfinished = 0;
  for (let number = options.first; ; number += options.stride) {
    rmSync(folder, { recursive: true, force: true });
    const report = `${folder}.report`;
    rmSync(report, { force: true });
    const settings = { FAIL_UNDER: folder, FAIL_AT: String(number), FAIL_HOW: how, FAIL_REPORT: report };
    const { status, signal, stdout, stderr } = workOnce(options, settings);
    const hit = existsSync(report)
      ? (JSON.parse(readFileSync(report, "utf8")) as { operation: string; path: string })
      : null;
    const when =
      hit === null ? "undisturbed" : `${how} at ${number}, ${hit.operation} ${hit.path.slice(folder.length)}`;
    if (hit === null) {
      if (status !== 0) faults.push(`${when}: ended with ${status} ${signal} ${stderr}`);
      check(kind, folder, expected, true, faults, when);
      return { kind, how, operations: number - 1, failed, unfinished, byOperation, faults };
    }
    failed += 1;
    byOperation[hit.operation] = (byOperation[hit.operation] ?? 0) + 1;
    const isCrash = how === "before" || how === "half" || how === "after";
    if (isCrash) {
      unfinished += 1;
      if (signal !== "SIGKILL") faults.push(`${when}: ended with ${status} ${signal} ${stderr}`);
    } else {
      const end = status === 0 ? (JSON.parse(stdout) as End) : null;
      if (end === null) faults.push(`${when}: ended with ${status} ${signal} ${stderr}`);
      else if (end.status !== "completed") {
        unfinished += 1;
        // A disk that stays full is told of by the last file that did not fit, the others by their own.
        const name = how === "full" ? "ENOSPC" : basename(hit.path).replace(/\.tmp$/, "");
        if (!end.errors.some((message) => message.includes(name) && message.includes(folder)))
          faults.push(`${when}: ${end.status}, and no error names the file: ${end.errors.join(" | ")}`);
      } else check(kind, folder, expected, true, faults, `${when}, which did no harm`);
    }
    check(kind, folder, expected, false, faults, when);
    try {
      await goOn(options);
    } catch (error) {
      faults.push(`${when}: could not go on: ${error}`);
    }
    check(kind, folder, expected, true, faults, `${when}, after going on`);
  }
}

async function goOn({ kind, library, scenario, folder: out }: FailOptions): Promise<void> {
  const { runScenario, sweepScenario } = (await import(/* @vite-ignore */ library)) as typeof import("meanfield");
  const again = ["failed"] as const;
  if (kind === "run")
    await runScenario(scenario, { parameters: { steps: 1500, members: 1, seed: 0 }, out, threads: 1 });
  else await sweepScenario(scenario, { parameters: { steps: "1500", members: "1,2", seed: "0" }, out, jobs: 1, again });
}

/** Compares what is published, or all if the work is whole, and reads all that is there. */
function check(
  kind: FailOptions["kind"],
  folder: string,
  expected: FailOptions["expected"],
  isWhole: boolean,
  faults: string[],
  when: string,
): void {
  try {
    const dir = kind === "sweep" ? sweepIn(folder) : null;
    if (dir !== null) readSweep(dir);
    const got = filesOf(kind, folder);
    const points = kind === "sweep" ? join(dir ?? folder, "points") : join(folder, "counted");
    for (const id of existsSync(points) ? readdirSync(points) : []) {
      const run = join(points, id);
      const isThere = existsSync(join(run, "config.json")) && existsSync(join(run, "provenance.json"));
      const status = isThere ? (readRun(run).result?.status ?? null) : null;
      if (isWhole && status !== "completed") faults.push(`${when}: ${id} is ${status}`);
      if (status !== "completed") continue;
      for (const [path, bytes] of Object.entries(expected)) {
        if (path.startsWith(`${id}/`) && got[path] !== bytes) faults.push(`${when}: ${path} is not as it should be`);
      }
    }
    if (isWhole && Object.keys(got).join() !== Object.keys(expected).join())
      faults.push(`${when}: the files are ${Object.keys(got).join()}`);
  } catch (error) {
    faults.push(`${when}: cannot be read: ${error}`);
  }
}

/** The folder of the sweep below `out` whose plan is there. */
function sweepIn(out: string): string | null {
  const above = join(out, "counted");
  const [id] = existsSync(above) ? readdirSync(above) : [];
  return id !== undefined && existsSync(join(above, id, "sweep.json")) ? join(above, id) : null;
}
