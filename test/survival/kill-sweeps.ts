import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import seedrandom from "seedrandom";
import { readMember } from "../../src/runs/member-files.ts";
import { readRun } from "../../src/runs/read-run.ts";
import { readSweep } from "../../src/sweeps/index.ts";
import { resultFiles } from "./result-files.ts";

export interface KillOptions {
  /** SIGKILLs to land, in as many sweeps as it takes. */
  readonly kills: number;
  /** Of the moments of the kills. */
  readonly seed: string;
  /** The installation's executable. */
  readonly bin: string;
  /** Holds counted.ts; sweeps are made in it. */
  readonly folder: string;
  /** Parameters of the sweep, as typed. */
  readonly parameters: readonly string[];
  readonly jobs: number;
  /** Longest time from a start to its kill. */
  readonly longestMs: number;
}

/** What the kills did. Every entry of `faults` is a broken promise. */
export interface KillSummary {
  readonly kills: number;
  /** Kills by what they hit. */
  readonly beforeThePlan: number;
  readonly betweenRuns: number;
  readonly insideARun: number;
  /** Of those inside a run: with a checkpoint of a running simulation on the disk. */
  readonly withCheckpoint: number;
  readonly sweeps: number;
  readonly runsOfASweep: number;
  /** Starts that came to their end before the kill. */
  readonly starts: number;
  /** Runs in flight, summed over the kills. */
  readonly runsInFlight: number;
  readonly runsBegunAgain: number;
  readonly membersBegunAgain: number;
  /** Members begun again whose first measured step was not the first one. */
  readonly membersContinuedInside: number;
  /** Result files compared with those of the sweep that nobody killed. */
  readonly filesCompared: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

interface Told {
  readonly event: "begun" | "measured";
  readonly run: string;
  readonly member: string;
  readonly step?: number;
}

/**
 * Kills sweeps outright at random moments and goes on with them after each kill, until enough kills have landed and the last sweep is whole. After each kill
 * the sweep must be readable, what is published must have the bytes of the sweep that nobody killed, and what begins again must have been in flight.
 */
export async function killSweeps(options: KillOptions): Promise<KillSummary> {
  const { bin, folder, parameters, jobs } = options;
  const random = seedrandom(options.seed);
  const startedAt = performance.now();
  const faults: string[] = [];
  const count = {
    kills: 0,
    beforeThePlan: 0,
    betweenRuns: 0,
    insideARun: 0,
    withCheckpoint: 0,
    sweeps: 0,
    starts: 0,
    runsInFlight: 0,
    runsBegunAgain: 0,
    membersBegunAgain: 0,
    membersContinuedInside: 0,
    filesCompared: 0,
  };

  const begin = (words: readonly string[], log: string): ChildProcess =>
    spawn(process.execPath, [bin, ...words, "--jobs", String(jobs), "--checkpoint", "100ms", "--quiet"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, SURVIVAL_LOG: log },
    });
  const sweepWords = (out: string) => ["sweep", "counted.ts", ...parameters, "--out", out];

  const whole = begin(sweepWords("whole"), join(folder, "whole.log"));
  if ((await endOf(whole)) !== 0) throw new Error("the sweep that nobody kills did not complete");
  const wholeDir = sweepFolder(folder, "whole") ?? "";
  const expected = resultFiles(wholeDir);
  const { plan } = readSweep(wholeDir);

  while (count.kills < options.kills) {
    count.sweeps += 1;
    const out = `killed-${count.sweeps}`;
    /** Members begun in some start and not published at the kill that ended it. */
    let unpublished = new Set<string>();
    const everBegun = new Set<string>();
    for (let start = 1; ; start += 1) {
      count.starts += 1;
      const dir = sweepFolder(folder, out);
      const log = join(folder, `${out}.${start}.log`);
      const child = begin(dir === null ? sweepWords(out) : ["resume", dir], log);
      const ended = endOf(child);
      const isToBeKilled = count.kills < options.kills;
      if (isToBeKilled) await Promise.race([ended, randomMoment(random, log, options.longestMs)]);
      if (isToBeKilled) child.kill("SIGKILL");
      const code = await ended;
      const told = readLog(log);

      // What began although its result was there, or although nothing had interrupted it, was computed twice.
      const begunNow = new Set<string>();
      const runsNow = new Set<string>();
      const firstStep = new Map<string, number>();
      for (const { event, run, member, step } of told) {
        const name = `${run} ${member}`;
        if (event === "measured" && !firstStep.has(name)) firstStep.set(name, step ?? 0);
        if (event !== "begun") continue;
        if (begunNow.has(name)) faults.push(`${out}, start ${start}: ${name} began twice in one process`);
        begunNow.add(name);
        if (!everBegun.has(name)) continue;
        count.membersBegunAgain += 1;
        runsNow.add(run);
        if (!unpublished.has(name))
          faults.push(`${out}, start ${start}: ${name} began again although it was not in flight`);
      }
      count.runsBegunAgain += runsNow.size;
      for (const [name, step] of firstStep) if (everBegun.has(name) && step > 0) count.membersContinuedInside += 1;
      for (const name of begunNow) everBegun.add(name);

      const now = sweepFolder(folder, out);
      if (code === 0 && now !== null) {
        compare(now, expected, true, faults, `${out}, when it was whole`);
        count.filesCompared += Object.keys(expected).length;
        rmSync(join(folder, out), { recursive: true });
        break;
      }
      if (code !== null) {
        faults.push(`${out}, start ${start}: ended with code ${code}`);
        break;
      }
      count.kills += 1;
      if (now === null) {
        count.beforeThePlan += 1;
        continue;
      }
      count.filesCompared += compare(now, expected, false, faults, `${out}, kill ${start}`);
      checkReadable(bin, folder, now, plan.points.length, faults, `${out}, kill ${start}`);
      const inFlight = new Set([...everBegun].filter((name) => !isPublished(now, name)));
      const flying = [...begunNow].filter((name) => inFlight.has(name));
      const runs = new Set(flying.map(runOf));
      if (flying.length > jobs)
        faults.push(`${out}, kill ${start}: ${flying.length} members in flight on ${jobs} threads`);
      count.runsInFlight += runs.size;
      if (flying.length > 0) count.insideARun += 1;
      else count.betweenRuns += 1;
      if (flying.some((name) => existsSync(join(runFolder(now, name), "checkpoint.bin")))) count.withCheckpoint += 1;
      unpublished = inFlight;
    }
  }
  return { ...count, runsOfASweep: plan.points.length, seconds: (performance.now() - startedAt) / 1000, faults };
}

/** A quarter by the clock, wherever that falls while the process starts; the others after the first simulation of this start has begun. */
async function randomMoment(random: () => number, log: string, longestMs: number): Promise<void> {
  const [kind, share] = [random(), random()];
  if (kind < 0.25) return pause(startMs * share);
  for (const until = performance.now() + giveUpMs; performance.now() < until; ) {
    if (readLog(log).length > 0) break;
    await pause(4);
  }
  await pause(longestMs * share);
}

/** About as long as a process takes to its first simulation. */
const startMs = 1000;
/** A start with nothing left to begin ends by itself before. */
const giveUpMs = 60_000;

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code));
  });
}

/** The folder of the sweep below `out` whose plan is there; null if there is none yet. */
function sweepFolder(folder: string, out: string): string | null {
  const above = join(folder, out, "counted");
  const [id] = existsSync(above) ? readdirSync(above) : [];
  return id !== undefined && existsSync(join(above, id, "sweep.json")) ? join(above, id) : null;
}

function readLog(path: string): readonly Told[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  // The last one may be torn by the kill.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Told);
}

const runOf = (name: string) => name.slice(0, name.lastIndexOf(" "));
const memberOf = (name: string) => name.slice(name.lastIndexOf(" ") + 1);

function pointOf(dir: string, name: string): string {
  const { plan } = readSweep(dir);
  const point = plan.points.find(
    ({ values, seed }) => `steps=${values.steps} members=${values.members} trouble=none seed=${seed}` === runOf(name),
  );
  return join(dir, "points", point?.id ?? "");
}

const runFolder = (dir: string, name: string) => join(pointOf(dir, name), "members", memberOf(name));

function isPublished(dir: string, name: string): boolean {
  const point = pointOf(dir, name);
  return existsSync(join(point, "result.json")) || readMember(point, memberOf(name)) !== null;
}

/** Compares the result files of runs that are published, and of all runs if the sweep is whole; returns how many. */
function compare(
  dir: string,
  expected: Readonly<Record<string, string>>,
  isWhole: boolean,
  faults: string[],
  when: string,
): number {
  const got = resultFiles(dir);
  let compared = 0;
  for (const [path, bytes] of Object.entries(expected)) {
    const point = path.split("/")[0];
    if (!isWhole && got[`${point}/result.json`] === undefined) continue;
    compared += 1;
    if (got[path] !== bytes)
      faults.push(`${when}: ${path} ${got[path] === undefined ? "is missing" : "has other bytes"}`);
  }
  return compared;
}

/** The sweep, its table and each of its run folders can be read at any time. */
function checkReadable(bin: string, folder: string, dir: string, points: number, faults: string[], when: string): void {
  try {
    const sweep = readSweep(dir);
    for (const { id, end } of sweep.points) {
      const run = join(dir, "points", id);
      if (end !== null && end.status !== "completed") faults.push(`${when}: ${id} is ${end.status}`);
      if (existsSync(join(run, "provenance.json"))) readRun(run);
    }
  } catch (error) {
    faults.push(`${when}: ${error}`);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "ls", dir, "--json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const shown = status === 0 ? (JSON.parse(stdout) as { readonly points: readonly unknown[] }).points.length : 0;
  if (shown !== points)
    faults.push(`${when}: ls ended with code ${status} and showed ${shown} of ${points} points ${stderr}`);
}
