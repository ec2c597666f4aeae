import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { dynamics, laws, limits, networks, runScenario, simulate, targets } from "meanfield";
import { definePart } from "./part.ts";
import { benchFile } from "./repository.ts";
import { percent, significant } from "./table.ts";

/** One whole-run figure. */
export interface RunsRow {
  readonly what: string;
  readonly cores: number;
  readonly seconds: number;
  /** The time it is set against. */
  readonly referenceSeconds: number;
  /** n cores: speed of the run over n times the speed of one core. Limit and budget: their share of the run. */
  readonly fraction: number;
}

/** Simulations of a run for each core. */
const membersPerCore = 4;
/** Steps of a simulation: a fifth of a second, as in a scenario's short form, and two seconds, beside which starting a thread is little. */
const lengths = [600, 6000];
const attempts = 3;

/** Independent simulations on all cores against one core, and the share of limit and error budget in a run. */
export const runsPart = definePart<RunsRow>({
  name: "runs",
  title: "Whole runs",
  columns: [
    { heading: "what", width: 64, align: "left", text: ({ what }) => what },
    { heading: "cores", width: 5, text: ({ cores }) => String(cores) },
    { heading: "s", width: 7, text: ({ seconds }) => significant(seconds) },
    { heading: "against s", width: 9, text: ({ referenceSeconds }) => significant(referenceSeconds) },
    { heading: "efficiency or share", width: 19, text: ({ fraction }) => percent(fraction) },
  ],
  async *rows({ progress }) {
    const cores = availableParallelism();
    const out = mkdtempSync(join(tmpdir(), "meanfield-runs-"));
    try {
      for (const steps of lengths) {
        let alone = Infinity;
        let together = Infinity;
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          progress(`runs: ${steps} steps, attempt ${attempt + 1} of ${attempts}`);
          alone = Math.min(alone, await runSeconds(out, 1, attempt, steps));
          together = Math.min(together, await runSeconds(out, cores, attempt, steps));
        }
        yield {
          what: `${membersPerCore * cores} simulations of ${steps} steps on ${cores} cores against ${membersPerCore} on one`,
          cores,
          seconds: together,
          referenceSeconds: alone,
          fraction: alone / together,
        };
      }
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
    let plain = Infinity;
    let watched = Infinity;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      progress(`runs: limit and error budget, attempt ${attempt + 1} of ${attempts}`);
      plain = Math.min(plain, await simulationSeconds(false));
      watched = Math.min(watched, await simulationSeconds(true));
    }
    yield {
      what: "limit and error budget of depth-separation's simulation",
      cores: 1,
      seconds: watched,
      referenceSeconds: plain,
      fraction: 1 - plain / watched,
    };
  },
});

/** Wall clock of a run of `membersPerCore` simulations a core, its pool, journals and result files included. */
async function runSeconds(out: string, cores: number, seed: number, steps: number): Promise<number> {
  const begun = performance.now();
  const outcome = await runScenario(benchFile("scenarios", "equal-members.ts"), {
    parameters: { members: membersPerCore * cores, steps },
    seed,
    out,
    threads: cores,
  });
  if (outcome.status !== "completed") throw new Error(`runs: ${outcome.error?.message ?? outcome.status}`);
  return (performance.now() - begun) / 1000;
}

/** CPU time of depth-separation's bottleneck simulation at its defaults: with limit and 40 records of the budget, or with neither. */
async function simulationSeconds(isWatched: boolean): Promise<number> {
  const before = process.cpuUsage();
  const simulation = simulate({
    problem: { law: laws.heavyTailed({ dimension: 10, radiusCutoff: 3 }), target: targets.hinge() },
    network: networks.bottleneck({ firstLayerWidth: 1024, secondLayerWidth: 16 }),
    dynamics: dynamics.gradientDescent({ stepSize: 1, steps: 3000, expectation: dynamics.radialExact() }),
    limit: isWatched ? limits.bottleneck() : null,
    seed: 1,
    // The start and the end are always measured; where nothing is asked for they cost as little as they can.
    ...(isWatched ? {} : { recordTimes: [], evaluation: { directions: 1, arrangement: "independent" } }),
  });
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") throw new Error(`runs: ${outcome.message}`);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
