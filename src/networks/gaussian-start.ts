import { invalidValue } from "../errors.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import { deriveKey, type RootSeed } from "../numerics/random/key.ts";
import { buildNetwork, type NetworkPlan } from "./network-plan.ts";

/**
 * A start with a density, for `simulate`'s `start`: every entry of every particle array independent N(0, deviation^2). The networks' own starts
 * have none (neurons doubled by their negatives, rows of equal norm), so that their entropy and free energy are infinite at time 0.
 *
 * A wider two-layer or bottleneck network begins with the narrower one's neurons.
 *
 * @param options network: its plan; dimension: d of the inputs, an integer >= 2; deviation: in (0, 1e6], @default 1; replica: another start, @default 0
 * @returns the arrays of the network's layout by name
 * @throws MeanfieldError `invalid-value`
 */
export function gaussianStart(options: {
  readonly network: NetworkPlan;
  readonly dimension: number;
  readonly seed: RootSeed;
  readonly deviation?: number;
  readonly replica?: number;
}): Record<string, Float64Array> {
  const { seed, deviation = 1, replica = 0 } = options;
  if (!(deviation > 0 && deviation <= 1e6)) throw invalidValue("deviation", "a number in (0, 1e6]", deviation);
  if (!(Number.isInteger(replica) && replica >= 0 && replica < 2 ** 32)) {
    throw invalidValue("replica", "an integer in [0, 2^32)", replica);
  }
  const { layout } = buildNetwork(options.network, options.dimension);
  return Object.fromEntries(
    layout.arrays.map(({ name, length }) => {
      const values = new Float64Array(length);
      fillNormal(values, 0, length, 0, deriveKey(seed, "start", "gaussian", name), 0, 0, replica);
      for (let index = 0; index < length; index += 1) values[index] *= deviation;
      return [name, values];
    }),
  );
}
