import {
  createEvaluationSet,
  type EvaluationSet,
  measureSplits,
  type RadialMeasure,
  staticSplit,
} from "../../src/error-budget/index.ts";
import { buildLaw, type LawSpec } from "../../src/laws/index.ts";
import { buildNetwork, type Network, type NetworkPlan, type Particles } from "../../src/networks/index.ts";
import type { DirectionArrangement } from "../../src/numerics/index.ts";
import { buildTarget, type RadialProfile, type TargetSpec } from "../../src/targets/index.ts";

/** A network away from its start, under a radial law, with a radial target. */
export interface State {
  readonly network: Network;
  readonly particles: Particles;
  readonly profile: RadialProfile;
  readonly measure: RadialMeasure;
  readonly dimension: number;
}

/** Moves the start's numbers; `keepsAtoms` leaves v < 0 and b > 0 alone, for laws without moments. */
export function stateOf(lawSpec: LawSpec, target: TargetSpec, plan: NetworkPlan, keepsAtoms = false): State {
  const law = buildLaw(lawSpec);
  const network = buildNetwork(plan, law.dimension);
  const particles = network.start(6);
  for (const [name, array] of Object.entries(particles.arrays)) {
    if (keepsAtoms && name !== "w") continue;
    for (let index = 0; index < array.length; index += 1) array[index] += 0.2 * Math.sin(7 * index + array.length);
  }
  const { radius } = law;
  const profile = buildTarget(target).radial;
  if (radius === null || profile === null) throw new Error("the split needs a radial law and target");
  const measure = { radius, rule: () => radius.rule(profile.breaks, 64) };
  return { network, particles, profile, measure, dimension: law.dimension };
}

/** The static split on the evaluation set of `seed`. */
export function splitOf(state: State, count: number, arrangement: DirectionArrangement, seed: number) {
  const set = createEvaluationSet(count, arrangement, state.dimension, seed);
  return { set, split: splitOn(state, set) };
}

export function splitOn({ network, particles, profile, measure }: State, set: EvaluationSet) {
  const bundle = network.along(particles, set.directions, set.count);
  return measureSplits(bundle, [staticSplit(bundle, network.sphericalMean(particles), profile)], measure, set)[0];
}
