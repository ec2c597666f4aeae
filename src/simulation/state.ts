import { deserialize, serialize } from "node:v8";
import { MeanfieldError } from "../errors.ts";
import type { DormandPrinceState } from "../numerics/index.ts";
import type { SimulationRecord } from "./record.ts";

/** Everything that changes while a simulation runs: plain data, so that a copy is a checkpoint. */
export interface SimulationState {
  step: number;
  /** The particles' flat buffer after `step` steps: a copy, which the threads that step do not touch. */
  readonly particles: Float64Array;
  /** The limit stepped with the simulation's step size; null without a limit. */
  readonly stepped: Float64Array | null;
  /** The limit solved to its tolerance, at the time of the last record; null where it is not wanted. */
  exact: DormandPrinceState | null;
  /** Records made so far. */
  records: number;
  lastRecord: SimulationRecord | null;
}

const checkpointVersion = 1;

interface Checkpoint extends SimulationState {
  readonly version: number;
  /** What was simulated: a checkpoint goes on only with the same plan. */
  readonly plan: string;
}

/** The state as bytes (Node's structured serialisation). */
export function writeCheckpoint(state: SimulationState, plan: string): Uint8Array {
  const particles = Float64Array.from(state.particles);
  return serialize({ ...state, particles, version: checkpointVersion, plan } satisfies Checkpoint);
}

/** The state that `bytes` hold. Throws `run-damaged` if they are no checkpoint, or one of another plan. */
export function readCheckpoint(bytes: Uint8Array, plan: string): SimulationState {
  let checkpoint: Checkpoint;
  try {
    checkpoint = deserialize(bytes);
  } catch (error) {
    throw new MeanfieldError(
      "run-damaged",
      "checkpoint: expected the bytes of a checkpoint, got something else",
      {},
      {
        cause: error,
      },
    );
  }
  if (checkpoint?.version !== checkpointVersion || checkpoint.plan !== plan) {
    throw new MeanfieldError(
      "run-damaged",
      "checkpoint: expected one of this simulation, got one with other parameters, another seed or another version; start again without it",
    );
  }
  const { step, particles, stepped, exact, records, lastRecord } = checkpoint;
  return { step, particles, stepped, exact, records, lastRecord };
}
