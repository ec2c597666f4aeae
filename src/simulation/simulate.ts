// Contract for the rooms above; the implementation follows.
import type { RootSeed } from "../numerics/random/key.ts";
import type { Outcome } from "./outcome.ts";
import type { SimulationRecord } from "./record.ts";

export interface SimulateOptions {
  readonly seed: RootSeed;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** A checkpoint (from `Simulation.checkpoint()`) to go on from. */
  readonly checkpoint?: Uint8Array;
}

/** A running simulation: iterate for its records, await `outcome` for its end. */
export interface Simulation extends AsyncIterable<SimulationRecord> {
  readonly outcome: Promise<Outcome>;
  /** Fraction of the planned steps done, in [0, 1]. */
  readonly progress: number;
  /** The state as bytes, at the last finished step: going on from it gives the same bits as never having stopped. */
  checkpoint(): Uint8Array;
}
