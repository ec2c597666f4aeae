import { invalidValue } from "../errors.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law } from "../laws/law.ts";
import { arrangedDirections, defaultArrangement, groupSize } from "../numerics/directions.ts";
import { deriveKey, type RootSeed } from "../numerics/random/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { Target } from "../targets/target.ts";
import type { Problem } from "./problem.ts";

/** Points at which records hold the network's values, with weights by which means over them estimate means under the law. */
export interface Probes {
  readonly dimension: number;
  readonly count: number;
  /** count x dimension, row by row. */
  readonly points: Float64Array;
  /** count numbers, adding up to 1. */
  readonly weights: Float64Array;
}

/** Values at the probes, in their order: what is kept of a record's functions. */
export interface ProbeValues {
  /** The network's. */
  readonly network: readonly number[];
  /** Of the limit stepped with the network, or of the wide reference; null without either. */
  readonly limit: readonly number[] | null;
}

/** Radii between two breaks of a radial target. */
const radiiPerPanel = 4;

/**
 * The probes that a simulation with `probes: count` records its values at: a function of law, target, seed and count, never of network or replica.
 * For a radial law and target whole groups of directions (antithetic frames up to d = 128, pairs beyond), on each the nodes of a Gauss rule in the radius,
 * rounded up; elsewhere, and under a law without a mean, `count` samples of equal weight.
 *
 * @throws MeanfieldError what building law and target throws; `invalid-value` unless count is an integer in [1, 65536]
 */
export function probesOf(options: {
  readonly problem: Problem;
  readonly probes: number;
  readonly seed: RootSeed;
}): Probes {
  return probePoints(buildLaw(options.problem.law), buildTarget(options.problem.target), options.probes, options.seed);
}

/** `probesOf` a law and a target that are built. */
export function probePoints(law: Law, target: Target, probes: number, seed: RootSeed): Probes {
  if (!(Number.isInteger(probes) && probes >= 1 && probes <= 65_536)) {
    throw invalidValue("probes", "an integer in [1, 65536]", probes);
  }
  const { dimension, radius } = law;
  const keys = { directions: deriveKey(seed, "probes", "directions"), radii: deriveKey(seed, "probes", "radii") };
  if (radius === null || target.radial === null || !(radius.mean < Infinity)) {
    const points = new Float64Array(probes * dimension);
    law.sample(points, { first: 0, count: probes, step: 0, replica: 0 }, keys);
    return { dimension, count: probes, points, weights: new Float64Array(probes).fill(1 / probes) };
  }
  const rule = radius.rule(target.radial.breaks, radiiPerPanel);
  const radii = rule.nodes.length;
  const arrangement = defaultArrangement(dimension);
  const size = groupSize(arrangement, dimension);
  const rays = size * Math.ceil(probes / (size * radii));
  const directions = arrangedDirections(rays, arrangement, dimension, keys.directions);
  const count = rays * radii;
  const points = new Float64Array(count * dimension);
  const weights = new Float64Array(count);
  for (let probe = 0; probe < count; probe += 1) {
    const ray = Math.floor(probe / radii);
    const node = probe % radii;
    for (let k = 0; k < dimension; k += 1) {
      points[probe * dimension + k] = rule.nodes[node] * directions[ray * dimension + k];
    }
    weights[probe] = rule.weights[node] / rays;
  }
  return { dimension, count, points, weights };
}
