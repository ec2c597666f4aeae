import { type MemberResults, numerics } from "meanfield";
import type { Case, Values } from "./parameters.ts";
import { balanceAfter, entropyAfter } from "./predictions.ts";

/** One record time: means over replicas with standard errors. */
export interface PathPoint {
  readonly time: number;
  readonly step: number;
  readonly freeEnergy: number;
  readonly freeEnergyError: number;
  readonly loss: number;
  readonly entropy: number;
  readonly entropyError: number;
  /** Closed form, for the case `frozen` only. */
  readonly exactEntropy: number | null;
  readonly balance: number;
  readonly balanceError: number;
  /** Mean over replicas of what was expected from their starts, for the case `trained` only. */
  readonly expectedBalance: number | null;
  /** Mean and standard error of measured minus expected. */
  readonly balanceGap: number | null;
  readonly balanceGapError: number | null;
  /** Of the free energy since the start. */
  readonly drop: number;
  readonly dropError: number;
  /** Of the free energy since the record before; null at the first. */
  readonly rise: number | null;
  readonly riseError: number | null;
}

/** The records of a case's replicas, which share their times. */
export function pathOf(results: MemberResults, kind: Case, values: Values): readonly PathPoint[] {
  const runs = Object.entries(results)
    .filter(([name]) => name.startsWith(`${kind}-`))
    .map(([, { records }]) => records);
  return runs[0].map(({ time, step }, at) => {
    const observed = (name: string) => runs.map((records) => records[at].observables[name] ?? Number.NaN);
    const energies = observed("freeEnergy");
    const entropies = observed("entropy");
    const balances = observed("conserved");
    const isTrained = kind === "trained";
    const expected = runs.map((records) => balanceAfter(values, records[0].observables.conserved ?? Number.NaN, step));
    const gaps = balances.map((balance, index) => balance - expected[index]);
    const since = (record: number) =>
      runs.map((records, index) => energies[index] - (records[record].observables.freeEnergy ?? Number.NaN));
    const rises = at === 0 ? null : since(at - 1);
    const drops = since(0).map((rise) => -rise);
    return {
      time,
      step,
      freeEnergy: numerics.mean(energies),
      freeEnergyError: numerics.standardError(energies),
      loss: numerics.mean(runs.map((records) => records[at].loss)),
      entropy: numerics.mean(entropies),
      entropyError: numerics.standardError(entropies),
      exactEntropy: kind === "frozen" ? entropyAfter(values, step) : null,
      balance: numerics.mean(balances),
      balanceError: numerics.standardError(balances),
      expectedBalance: isTrained ? numerics.mean(expected) : null,
      balanceGap: isTrained ? numerics.mean(gaps) : null,
      balanceGapError: isTrained ? numerics.standardError(gaps) : null,
      drop: numerics.mean(drops),
      dropError: numerics.standardError(drops),
      rise: rises === null ? null : numerics.mean(rises),
      riseError: rises === null ? null : numerics.standardError(rises),
    };
  });
}

/** Half-width, in standard errors, of intervals that cover `count` means over the replicas together with probability 0.99. */
export function simultaneousReach(replicas: number, count: number): number {
  return numerics.studentQuantile(1 - 0.005 / count, replicas - 1);
}
