import { createEvaluationSet, type EvaluationSet, type RadialMeasure } from "../error-budget/index.ts";
import type { Law, RadialDistribution, RadialRule } from "../laws/law.ts";
import { defaultArrangement } from "../numerics/directions.ts";
import { deriveKey, type RootSeed } from "../numerics/random/index.ts";
import type { RadialProfile, Target } from "../targets/target.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";

/** Rays with the radius integrated, where law and target are radial. */
export interface EvaluationRays {
  readonly kind: "rays";
  readonly set: EvaluationSet;
  readonly measure: RadialMeasure;
  readonly target: RadialProfile;
}

/** Samples of the law, elsewhere. */
export interface EvaluationSamples {
  readonly kind: "samples";
  readonly count: number;
  /** count x dimension */
  readonly points: Float64Array;
  /** f* at the points. */
  readonly targets: Float64Array;
}

/** Nodes of a radial rule between two breaks, used where the network or its spherical mean has no linear pieces. */
const nodesPerPanel = 64;

/** The points on which a simulation's records are measured, a function of seed and options: the same for every network, replica and record. */
export function evaluationPoints(
  law: Law,
  target: Target,
  evaluation: EvaluationOptions,
  seed: RootSeed,
): EvaluationRays | EvaluationSamples {
  if (law.radius === null || target.radial === null) return samplesOf(law, target, evaluation.samples, seed);
  const profile = target.radial;
  return {
    kind: "rays",
    set: createEvaluationSet(
      evaluation.directions,
      evaluation.arrangement ?? defaultArrangement(law.dimension),
      law.dimension,
      seed,
    ),
    measure: radialMeasure(law.radius, profile.breaks),
    target: profile,
  };
}

/** How radial integrals under a law are taken for functions with the target's breaks; the rule is made when it is first needed. */
export function radialMeasure(radius: RadialDistribution, breaks: readonly number[]): RadialMeasure {
  let rule: RadialRule | null = null;
  return {
    radius,
    rule() {
      rule ??= radius.rule(breaks, nodesPerPanel);
      return rule;
    },
  };
}

function samplesOf(law: Law, target: Target, count: number, seed: RootSeed): EvaluationSamples {
  const { dimension } = law;
  const points = new Float64Array(count * dimension);
  law.sample(
    points,
    { first: 0, count, step: 0, replica: 0 },
    { directions: deriveKey(seed, "evaluation", "directions"), radii: deriveKey(seed, "evaluation", "radii") },
  );
  const targets = Float64Array.from({ length: count }, (_, s) => target.value(points, s * dimension, dimension));
  return { kind: "samples", count, points, targets };
}
