import type { Engine, VelocityProblem } from "../engines/engine.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law, LawSpec } from "../laws/law.ts";
import { buildNetwork } from "../networks/index.ts";
import type { Network, NetworkSpec } from "../networks/network.ts";
import { defaultArrangement } from "../numerics/directions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import type { LinearPieces, Target } from "../targets/target.ts";
import { type Clock, createClock } from "./clock.ts";
import { type DynamicsSpec, defaultDirections, type ExpectationSpec } from "./dynamics.ts";

/** Everything a thread needs to step a simulation, as data that can be sent to it. */
export interface StepPlan {
  readonly network: NetworkSpec;
  readonly law: LawSpec;
  /** The target's linear pieces, for the radial modes. */
  readonly pieces: LinearPieces | null;
  readonly dynamics: DynamicsSpec & { readonly expectation: ExpectationSpec };
  readonly keys: { readonly directions: StreamKey; readonly radii: StreamKey };
  readonly replica: number;
}

/** A plan with the functions its data stand for. */
export interface BuiltPlan {
  readonly plan: StepPlan;
  readonly network: Network;
  readonly law: Law;
  /** f* at samples; only the thread that made the plan may have a user's function here. */
  readonly target: Target | null;
  readonly problem: VelocityProblem;
  readonly clock: Clock;
}

/** Points of one batch of an expectation. */
export function batchSize(expectation: ExpectationSpec, dimension: number): number {
  if (expectation.kind === "sgd") return expectation.batch;
  return (
    expectation.directions ?? defaultDirections(expectation.arrangement ?? defaultArrangement(dimension), dimension)
  );
}

/** A plan with its functions. `target` is null on a thread that has only the pieces. Throws what the rooms of law and network throw on their specs. */
export function buildPlan(plan: StepPlan, target: Target | null): BuiltPlan {
  const { dynamics } = plan;
  const network = buildNetwork(plan.network, plan.network.dimension);
  const law = buildLaw(plan.law);
  const speeds: Record<string, number> = {};
  for (const [name, layer] of Object.entries(network.layers)) speeds[name] = dynamics.layerSpeeds[layer];
  if (plan.network.kind === "bottleneck" && !plan.network.trainOuterWeights) speeds.a = 0;
  const { expectation } = dynamics;
  const problem: VelocityProblem = {
    network: plan.network,
    batch: batchSize(expectation, law.dimension),
    expectation:
      expectation.kind === "sgd"
        ? { kind: "sampled", clip: dynamics.clip }
        : { kind: "radial", law, target: plan.pieces ?? missingPieces() },
    speeds,
  };
  return { plan, network, law, target, problem, clock: createClock(dynamics) };
}

function missingPieces(): never {
  throw new Error("a radial expectation was planned for a target without linear pieces");
}

/** Where the arrays of one simulation lie in its single block of memory. */
export interface SimulationMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly particles: Float64Array;
  /** Particles of a Runge-Kutta stage, and the stages' velocities. */
  readonly stage: Float64Array;
  readonly stageVelocities: readonly Float64Array[];
  readonly velocity: Float64Array;
  /** Two batches, so that the next one is drawn while this one is in use. */
  readonly points: readonly [Float64Array, Float64Array];
  readonly targets: readonly [Float64Array, Float64Array];
  readonly scratchDoubles: Float64Array;
  readonly scratchBytes: Uint8Array;
}

/** Lays the simulation's arrays out in `buffer`, or in a new block of memory that threads can share if `isShared`. */
export function layMemory(
  built: BuiltPlan,
  engine: Engine,
  stages: number,
  isShared: boolean,
  buffer?: ArrayBuffer | SharedArrayBuffer,
): SimulationMemory {
  const { length } = built.network.layout;
  const { batch } = built.problem;
  const scratch = engine.scratchSize(built.problem);
  const isMultiStage = stages > 1;
  const lengths = [
    length,
    isMultiStage ? length : 0,
    length,
    batch * built.law.dimension,
    batch * built.law.dimension,
    batch,
    batch,
    scratch.doubles,
    ...Array.from({ length: isMultiStage ? stages : 0 }, () => length),
  ];
  const doubles = lengths.reduce((sum, part) => sum + part, 0);
  const bytes = 8 * doubles + scratch.bytes;
  const block = buffer ?? (isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  let offset = 0;
  const views = lengths.map((part) => {
    const view = new Float64Array(block, offset, part);
    offset += 8 * part;
    return view;
  });
  return {
    buffer: block,
    particles: views[0],
    stage: views[1],
    velocity: views[2],
    points: [views[3], views[4]],
    targets: [views[5], views[6]],
    scratchDoubles: views[7],
    stageVelocities: views.slice(8),
    scratchBytes: new Uint8Array(block, offset, scratch.bytes),
  };
}
