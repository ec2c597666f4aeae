import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { aggregate, readSweep, sweepScenario } from "meanfield";
import { definePart } from "./part.ts";
import { benchFile, repository } from "./repository.ts";
import { percent, significant } from "./table.ts";
import type { TinySweep } from "./tiny-sweep.ts";

/** One figure of a sweep with its goal. */
export interface SweepsRow {
  readonly what: string;
  readonly value: number;
  readonly unit: "fraction" | "ms" | "s";
  readonly goal: string;
  readonly isReached: boolean;
}

/** Runs for each core, of two seconds each: a sweep that is long beside its start. */
const runsPerCore = 8;
const steps = 6000;
const attempts = 2;
const tinyPoints = 10_000;

/** What a sweep costs beside its runs. */
export const sweepsPart = definePart<SweepsRow>({
  name: "sweeps",
  title: "Sweeps",
  columns: [
    { heading: "what", width: 74, align: "left", text: ({ what }) => what },
    {
      heading: "measured",
      width: 10,
      text: ({ value, unit }) => (unit === "fraction" ? percent(value) : `${significant(value)} ${unit}`),
    },
    { heading: "goal", width: 18, text: ({ goal }) => goal },
    { heading: "reached", width: 8, text: ({ isReached }) => (isReached ? "yes" : "no") },
  ],
  async *rows({ progress }) {
    const cores = availableParallelism();
    const out = mkdtempSync(join(tmpdir(), "meanfield-sweeps-"));
    try {
      let alone = Infinity;
      let together = Infinity;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        progress(`sweeps: ${runsPerCore} runs a core, attempt ${attempt + 1} of ${attempts}`);
        alone = Math.min(alone, await sweepSeconds(join(out, `alone-${attempt}`), 1));
        together = Math.min(together, await sweepSeconds(join(out, `together-${attempt}`), cores));
      }
      const efficiency = alone / together;
      yield {
        what: `speed of ${runsPerCore * cores} runs of ${significant(alone / runsPerCore)} s on ${cores} cores over ${cores} times one core's`,
        value: efficiency,
        unit: "fraction",
        goal: "at least 95 %",
        isReached: efficiency >= 0.95,
      };
      progress("sweeps: tiny runs on one thread");
      const single = tinySweep(join(out, "single"), 2000, 1);
      const overhead = 1000 * (single.seconds / single.points - single.runSeconds);
      yield {
        what: `scheduling of a run, beside the ${significant(1000 * single.runSeconds)} ms of a run that computes nothing`,
        value: overhead,
        unit: "ms",
        goal: "at most 2 ms",
        isReached: overhead <= 2,
      };
      progress(`sweeps: ${tinyPoints} tiny runs`);
      const many = tinySweep(join(out, "many"), tinyPoints, cores);
      const growth = many.lateMegabytes / many.earlyMegabytes - 1;
      yield {
        what: `growth of memory over ${tinyPoints} runs, from ${significant(many.earlyMegabytes)} MB after a tenth of them`,
        value: growth,
        unit: "fraction",
        goal: "at most 10 %",
        isReached: growth <= 0.1,
      };
      const { dir } = many;
      const whole: readonly (readonly [string, () => number])[] = [
        [
          `list ${tinyPoints} points (meanfield ls, process included)`,
          () => commandSeconds("ls", dir, "--sort", "product", "--csv"),
        ],
        [
          `resume a finished sweep of ${tinyPoints} points (meanfield resume)`,
          () => commandSeconds("resume", dir, "--quiet"),
        ],
        [`read and aggregate ${tinyPoints} points (readSweep, aggregate)`, () => aggregateSeconds(dir)],
      ];
      for (const [what, measure] of whole) {
        const value = Math.min(measure(), measure(), measure());
        yield { what, value, unit: "s", goal: "less than 2 s", isReached: value < 2 };
      }
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
});

/** Wall clock of a sweep of `runsPerCore` runs for each of `jobs` threads. */
async function sweepSeconds(out: string, jobs: number): Promise<number> {
  const begun = performance.now();
  const { status } = await sweepScenario(benchFile("scenarios", "equal-members.ts"), {
    parameters: { members: 1, steps, seed: `1..${runsPerCore * jobs}` },
    out,
    jobs,
  });
  if (status !== "completed") throw new Error(`sweeps: ${status}`);
  return (performance.now() - begun) / 1000;
}

function tinySweep(folder: string, points: number, jobs: number): TinySweep {
  const script = join(repository, "dist", "bench", "tiny-sweep.js");
  return JSON.parse(run(script, folder, String(points), String(jobs))) as TinySweep;
}

function commandSeconds(...words: readonly string[]): number {
  const begun = performance.now();
  run(join(repository, "bin", "meanfield.js"), ...words);
  return (performance.now() - begun) / 1000;
}

function aggregateSeconds(dir: string): number {
  const begun = performance.now();
  if (aggregate(readSweep(dir)).length === 0) throw new Error(`sweeps: nothing in ${dir}`);
  return (performance.now() - begun) / 1000;
}

function run(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${words.join(" ")}: exit code ${status}\n${stderr}`);
  return stdout;
}
