import seedrandom from "seedrandom";

/** A root seed: one string or integer from which every stream of a run is derived. The integer 7 and the string "7" are the same seed. */
export type RootSeed = string | number;

/** The two 32-bit words of a Philox key. */
export interface StreamKey {
  readonly low: number;
  readonly high: number;
}

/**
 * The key of the stream that `labels` name under `rootSeed`: two words from seedrandom (ARC4, seeded with the JSON text of both).
 * Different labels give independent streams; there is no order in which they must be asked for.
 */
export function deriveKey(rootSeed: RootSeed, ...labels: readonly (string | number)[]): StreamKey {
  const generator = seedrandom(JSON.stringify([String(rootSeed), ...labels]));
  return Object.freeze({ low: generator.int32() >>> 0, high: generator.int32() >>> 0 });
}
