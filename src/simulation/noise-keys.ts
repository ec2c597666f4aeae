import type { Network } from "../networks/index.ts";
import { deriveKey, type RootSeed, type StreamKey } from "../numerics/random/index.ts";

/** The streams of Langevin noise: one for each particle array, so that no array's noise depends on the size of another. */
export function noiseKeys(network: Network, seed: RootSeed): Readonly<Record<string, StreamKey>> {
  return Object.fromEntries(
    network.layout.arrays.map(({ name }) => [name, deriveKey(seed, "training", "noise", name)]),
  );
}
