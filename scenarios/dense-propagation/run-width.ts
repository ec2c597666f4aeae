import type { JsonObject, RunContext } from "meanfield";
import type { Values } from "./parameters.ts";
import { driftOf, simulationOf } from "./simulations.ts";

/** What a rung of the ladder found: one number a replica, at each record time. */
export interface Rung {
  readonly width: number;
  readonly times: readonly number[];
  /** corrected[r][k]: the corrected gap of replica r at time k; `raw` as it was measured. */
  readonly corrected: readonly (readonly number[])[];
  readonly raw: readonly (readonly number[])[];
}

/**
 * The gap at one width. Replicas of different widths share nothing: a wider start begins with the narrower one's neurons, so each width has starts and
 * samples of its own.
 */
export async function runWidth(
  context: RunContext<Values>,
  width: number,
  factor: number,
  firstReplica: number,
): Promise<JsonObject> {
  const { parameters: values } = context;
  const raw: number[][] = [];
  const corrected: number[][] = [];
  let times: number[] = [];
  for (let index = 0; index < values.replicas; index += 1) {
    const options = simulationOf(values, width, factor, firstReplica + index);
    const { records } = await context.simulate(options, `replica-${index}`);
    times = records.map(({ time }) => time);
    raw.push(records.map(({ budget }) => budget.trajectoryGap?.value ?? Number.NaN));
    corrected.push(records.map(({ budget }) => budget.correctedTrajectoryGap?.value ?? -1));
    context.progress((index + 1) / values.replicas);
  }
  return { width, times, raw, corrected };
}

/** The change of the conserved balance of the first two layers at two step sizes, the second half the first. */
export async function runDrift(context: RunContext<Values>, width: number): Promise<JsonObject> {
  const { parameters: values } = context;
  const drifts: number[][] = [[], []];
  for (let replica = 0; replica < values.replicas; replica += 1) {
    for (const [index, share] of driftShares.entries()) {
      const { records } = await context.simulate(
        driftOf(values, width, share, replica),
        `step-${index}-replica-${replica}`,
      );
      const [first, last] = [records[0], records[records.length - 1]].map(
        ({ observables }) => observables.conservedFirst,
      );
      drifts[index].push(Math.abs(Number(last) - Number(first)));
    }
    context.progress((replica + 1) / values.replicas);
  }
  return { drifts };
}

/** Step sizes of the drift, as shares of the scenario's. */
const driftShares = [0.1, 0.05];
