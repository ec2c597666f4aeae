import { type ReplicaSplit, splitReplicas } from "../error-budget/index.ts";
import { MeanfieldError } from "../errors.ts";
import type { SimulateOptions } from "./options.ts";
import { probesOf } from "./probes.ts";
import type { SimulationRecord } from "./record.ts";
import { simulate } from "./simulate.ts";

/** A grid of replicas: `starts` particles' starts, each with the same `samples` streams of samples. */
export interface ReplicaGrid {
  /** P, an integer >= 3. */
  readonly starts: number;
  /** S, an integer >= 3. */
  readonly samples: number;
  /** Numbers of the first start and of the first stream: grids of other numbers are independent of this one. @default 0 */
  readonly firstStart?: number;
  readonly firstSamples?: number;
}

/** The split of the gap at one record time, over all runs of a grid. */
export interface ReplicaRecord extends ReplicaSplit {
  readonly step: number;
  readonly time: number;
}

/** What runs one simulation of the grid: `simulate`, or a scenario's `context.simulate`. */
export type ReplicaRunner = (
  options: SimulateOptions,
  name: string,
) => Promise<{ readonly records: readonly SimulationRecord[] }>;

/** Probes where the options name none. */
const defaultProbes = 256;

/**
 * Runs a grid of replicas, every start with every stream of samples, one after the other, and splits 1/2 E(f - f_inf)^2 at every record time into the
 * parts of width, sampling and both (`splitReplicas`), f_inf the options' limit; without a limit 1/2 E f^2 is split, of which only width, sampling and
 * interaction say something. Expectations are means over the options' `probes` (@default 256), the same for all runs.
 *
 * @param options of every run; `replica` is the grid's
 * @param run runs one of them. @default `simulate`; in a scenario pass `context.simulate`, which keeps journals and checkpoints
 * @returns one split a record time
 * @throws MeanfieldError what `simulate` throws; a run's own code where one does not complete; `invalid-value` for a grid too small for intervals
 */
export async function simulateReplicas(
  options: Omit<SimulateOptions, "replica" | "checkpoint" | "stopWhen">,
  { starts, samples, firstStart = 0, firstSamples = 0 }: ReplicaGrid,
  run: ReplicaRunner = runAlone,
): Promise<readonly ReplicaRecord[]> {
  const probes = options.probes ?? defaultProbes;
  const { weights } = probesOf({ problem: options.problem, probes, seed: options.seed });
  // Too small a grid is refused before anything runs.
  splitReplicas(
    Array.from({ length: starts }, () => Array.from({ length: samples }, () => new Float64Array(weights.length))),
    weights,
  );
  const runs: (readonly SimulationRecord[])[][] = [];
  for (let start = 0; start < starts; start += 1) {
    runs.push([]);
    for (let stream = 0; stream < samples; stream += 1) {
      const replica = { start: firstStart + start, samples: firstSamples + stream };
      const { records } = await run({ ...options, probes, replica }, `start-${start}-samples-${stream}`);
      runs[start].push(records);
    }
  }
  return runs[0][0].map(({ step, time }, index) => {
    const grid = runs.map((row) => row.map((records) => deviationOf(records[index])));
    return { step, time, ...splitReplicas(grid, weights) };
  });
}

/** f - f_inf at the probes, or f where there is no limit. */
function deviationOf({ probes }: SimulationRecord): Float64Array {
  const { network, limit } = probes ?? { network: [], limit: null };
  return Float64Array.from(network, (value, probe) => value - (limit === null ? 0 : limit[probe]));
}

async function runAlone(options: SimulateOptions, name: string): ReturnType<ReplicaRunner> {
  const simulation = simulate(options);
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  const outcome = await simulation.outcome;
  if (outcome.status === "completed") return { records };
  throw new MeanfieldError(outcome.code, `${name}: ${outcome.message}`, { path: name });
}
