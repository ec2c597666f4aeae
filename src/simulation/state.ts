import { deserialize, serialize } from "node:v8";
import { type EngineUse, engineText, type Numerics } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import type { DormandPrinceState } from "../numerics/index.ts";
import type { Horizon } from "./horizon.ts";
import type { SimulationRecord } from "./record.ts";
import type { StepChoice } from "./step-choice.ts";

/** Everything that changes while a simulation runs: plain data, so that a copy is a checkpoint. */
export interface SimulationState {
  step: number;
  /** The particles' flat buffer after `step` steps: a copy, which the threads that step do not touch. */
  readonly particles: Float64Array;
  /** What the dynamics remembers besides (Adam's moments), a copy too; empty where it remembers nothing. */
  readonly moments: Float64Array;
  /** The wide reference's particles and moments after `step` steps, copies as the network's own; null without one. */
  readonly reference: { readonly particles: Float64Array; readonly moments: Float64Array } | null;
  /** The limit stepped with the simulation's step size; null without a limit. */
  readonly stepped: Float64Array | null;
  /** The limit solved to its tolerance, at the time of the last record; null where it is not wanted. */
  exact: DormandPrinceState | null;
  /** Records made so far. */
  records: number;
  lastRecord: SimulationRecord | null;
}

/** Tells simulations apart, for checkpoints. */
export interface SimulationPlan {
  /** Everything that bits hang on but how far it goes. */
  readonly identity: string;
  readonly horizon: Horizon;
}

const checkpointVersion = 6;

interface Checkpoint extends SimulationState {
  readonly version: number;
  /** What was simulated: a checkpoint goes on only with the same plan. */
  readonly plan: string;
  /** How far it was to go: it may go further. */
  readonly horizon: Horizon;
  /** How its steps were computed: with other numerics its bits would not be those of a simulation that was never stopped. */
  readonly numerics: Numerics;
  /** The step size that a tolerance led to, so that it need not be found again; null where it was given. */
  readonly choice: StepChoice | null;
}

/** The state as bytes (Node's structured serialisation). */
export function writeCheckpoint(
  state: SimulationState,
  plan: SimulationPlan,
  { numerics }: EngineUse,
  choice: StepChoice | null,
): Uint8Array {
  const particles = Float64Array.from(state.particles);
  const moments = Float64Array.from(state.moments);
  return serialize({
    ...state,
    particles,
    moments,
    version: checkpointVersion,
    plan: plan.identity,
    horizon: plan.horizon,
    numerics,
    choice,
  } satisfies Checkpoint);
}

/** The step size that the tolerance of the checkpoint's simulation led to; null where it was given, and for bytes that `readCheckpoint` will refuse. */
export function chosenBefore(bytes: Uint8Array): StepChoice | null {
  try {
    const checkpoint: Partial<Checkpoint> | null = deserialize(bytes);
    return checkpoint?.version === checkpointVersion ? (checkpoint.choice ?? null) : null;
  } catch {
    return null;
  }
}

/** What to ask for so that an engine of these numerics is taken, as options read. */
const askFor = {
  fused: "arithmetic to fused",
  plain: "arithmetic to plain",
  reference: "engine to reference",
} as const;

/**
 * The state that `bytes` hold.
 *
 * @param engine that is to go on
 * @throws MeanfieldError `run-damaged` if they are no checkpoint, or one of another plan; `unsupported-combination` if the engine's numerics are not
 *   those of the steps so far
 */
export function readCheckpoint(
  bytes: Uint8Array,
  { identity }: SimulationPlan,
  engine: EngineUse,
): SimulationState & { readonly horizon: Horizon } {
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
  if (checkpoint?.version !== checkpointVersion || checkpoint.plan !== identity) {
    throw new MeanfieldError(
      "run-damaged",
      "checkpoint: expected one of this simulation, got one with other parameters, another seed or another version; start again without it",
    );
  }
  if (checkpoint.numerics !== engine.numerics) {
    const expected = `an engine with the bits of its steps so far (${checkpoint.numerics} numerics)`;
    const suggestion = `set ${askFor[checkpoint.numerics]}, or start again without it`;
    throw new MeanfieldError(
      "unsupported-combination",
      `checkpoint: expected ${expected}, got ${engineText(engine)}; ${suggestion}`,
      { path: "checkpoint", expected, got: engineText(engine), suggestion },
    );
  }
  const { step, particles, moments, reference, stepped, exact, records, lastRecord, horizon } = checkpoint;
  return { step, particles, moments, reference, stepped, exact, records, lastRecord, horizon };
}
