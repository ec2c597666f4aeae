import type { SimulationRecord } from "meanfield";

/** A loss below this is zero but for rounding, and has no relative error. */
const roundingOfZero = 1e-24;

/** Largest relative amount by which a record's splits, static and along the trajectory, miss its loss; null where nothing is split. */
export function largestSplitError(records: readonly SimulationRecord[]): number | null {
  let largest: number | null = null;
  for (const { loss, budget } of records) {
    const { meanField, cross, discretization, trajectory } = budget;
    const sums: number[] = [];
    if (meanField !== null && cross !== null && discretization !== null) {
      sums.push(meanField.value + cross.value + discretization.value);
    }
    if (trajectory !== null) sums.push(Object.values(trajectory).reduce((sum, term) => sum + term.value, 0));
    for (const sum of sums) largest = Math.max(largest ?? 0, Math.abs(sum - loss) / Math.max(loss, roundingOfZero));
  }
  return largest;
}
