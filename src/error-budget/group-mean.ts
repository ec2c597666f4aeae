import type { Measured } from "./terms.ts";

/**
 * Means over rays with their standard errors, for several quantities at once. Rays of one group depend on each other, groups do not: the error is
 * that of the mean of group means, s / sqrt(groups).
 */
export interface GroupMeans {
  /** Adds the quantities of the next ray. */
  add(values: Float64Array): void;
  result(quantity: number, factor: number): Measured;
}

/** Means of `quantities` numbers per ray over rays that come in groups of `groupSize`; a last, incomplete group does not count. */
export function createGroupMeans(quantities: number, groupSize: number): GroupMeans {
  const current = new Float64Array(quantities);
  const groups: Float64Array[] = [];
  let inGroup = 0;
  return {
    add(values) {
      for (let index = 0; index < quantities; index += 1) current[index] += values[index];
      inGroup += 1;
      if (inGroup < groupSize) return;
      groups.push(current.map((sum) => sum / groupSize));
      current.fill(0);
      inGroup = 0;
    },
    result(quantity, factor) {
      let sum = 0;
      for (const group of groups) sum += group[quantity];
      const mean = sum / groups.length;
      let squares = 0;
      for (const group of groups) squares += (group[quantity] - mean) ** 2;
      const error = Math.sqrt(squares / (groups.length * (groups.length - 1)));
      return { value: factor * mean, error: Math.abs(factor) * error };
    },
  };
}
