import type { VelocityProblem } from "../engines/engine.ts";
import type { Precision } from "../engines/reals.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law, LawSpec } from "../laws/law.ts";
import { activationOf, buildNetwork } from "../networks/index.ts";
import type { Network, NetworkSpec } from "../networks/network.ts";
import { defaultArrangement } from "../numerics/directions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import type { LinearPieces, Target } from "../targets/target.ts";
import { type Clock, createClock } from "./clock.ts";
import type { DynamicsSpec } from "./dynamics.ts";
import { defaultDirections, type ExpectationSpec } from "./expectation.ts";
import { isSampled } from "./fixed-samples.ts";
import { requireRadialSupport } from "./radial-support.ts";
import { arraySpeeds } from "./speeds.ts";

/** Everything a thread needs to step a simulation, as data that can be sent to it. */
export interface StepPlan {
  readonly network: NetworkSpec;
  readonly law: LawSpec;
  /** The target's linear pieces, for the radial modes. */
  readonly pieces: LinearPieces | null;
  readonly dynamics: DynamicsSpec & { readonly expectation: ExpectationSpec };
  readonly keys: {
    readonly directions: StreamKey;
    readonly radii: StreamKey;
    /** Of each particle array's noise; needed where the temperature is above 0. */
    readonly noise?: Readonly<Record<string, StreamKey>>;
  };
  readonly replica: number;
  readonly precision: Precision;
}

/** A plan with the functions its data stand for. */
export interface BuiltPlan {
  readonly plan: StepPlan;
  readonly network: Network;
  readonly law: Law;
  /** f* at samples; only the thread that made the plan may have a user's function here. */
  readonly target: Target | null;
  readonly problem: VelocityProblem;
  /** Speed of each particle array, 0 for a frozen one: a factor on its velocity, or on its step size where dynamics scale velocities away. */
  readonly speeds: Readonly<Record<string, number>>;
  readonly clock: Clock;
}

/** Points of one batch of an expectation. */
export function batchSize(expectation: ExpectationSpec, dimension: number): number {
  if (expectation.kind === "sgd") return expectation.batch;
  if (expectation.kind === "fixed-samples") return expectation.samples;
  return (
    expectation.directions ?? defaultDirections(expectation.arrangement ?? defaultArrangement(dimension), dimension)
  );
}

/**
 * A plan with its functions. `target` is null on a thread that has only the pieces.
 * Throws what the rooms of law and network throw on their specs, `invalid-value` for a name in `freeze` that the network does not have, and
 * `unsupported-combination` for a radial expectation of a network without one.
 */
export function buildPlan(plan: StepPlan, target: Target | null): BuiltPlan {
  const { dynamics } = plan;
  requireRadialSupport(plan.network, dynamics.expectation);
  const network = buildNetwork(plan.network, plan.network.dimension);
  const law = buildLaw(plan.law);
  const speeds = arraySpeeds(dynamics, network);
  const { expectation } = dynamics;
  const problem: VelocityProblem = {
    network: plan.network,
    precision: plan.precision,
    activation: activationOf(plan.network),
    batch: batchSize(expectation, law.dimension),
    expectation: isSampled(expectation)
      ? { kind: "sampled", clip: dynamics.clip }
      : { kind: "radial", law, target: plan.pieces ?? missingPieces() },
    speeds: dynamics.moments === null ? speeds : zeroOrOne(speeds),
  };
  return { plan, network, law, target, problem, speeds, clock: createClock(dynamics) };
}

function zeroOrOne(speeds: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(speeds).map(([name, speed]) => [name, speed > 0 ? 1 : 0]));
}

function missingPieces(): never {
  throw new Error("a radial expectation was planned for a target without linear pieces");
}

/** The same plan with another step size and number of steps. */
export function retimed(built: BuiltPlan, stepSize: number, steps: number): BuiltPlan {
  const dynamics = Object.freeze({ ...built.plan.dynamics, stepSize, steps });
  return { ...built, plan: { ...built.plan, dynamics }, clock: createClock(dynamics) };
}
