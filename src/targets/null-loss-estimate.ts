import { invalidValue } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import { mean } from "../numerics/index.ts";
import { deriveKey, type RootSeed } from "../numerics/random/index.ts";
import type { Target } from "./target.ts";

/** A loss with its standard error. */
export interface NullLossEstimate {
  readonly value: number;
  readonly error: number;
  /** E f*, estimated. */
  readonly mean: number;
}

/**
 * The loss of the best constant, 1/2 Var f*(x), from independent samples of the law, for targets whose variance has no closed form here: half the sample
 * variance s^2, with standard error sqrt((m_4 - s^4)/n)/2, m_4 the fourth central moment.
 *
 * @param options samples: n, an integer in [2, 2^24], @default 2^18; seed: root seed of the points
 * @throws MeanfieldError `invalid-value`
 */
export function estimateNullLoss(
  law: Law,
  target: Target,
  options: { readonly seed: RootSeed; readonly samples?: number },
): NullLossEstimate {
  const { seed, samples = 2 ** 18 } = options;
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= 2 ** 24)) {
    throw invalidValue("samples", "an integer in [2, 16777216]", samples);
  }
  const values = targetAtSamples(law, target, samples, seed);
  const centre = mean(values);
  let second = 0;
  let fourth = 0;
  for (const value of values) {
    const square = (value - centre) ** 2;
    second += square;
    fourth += square * square;
  }
  const variance = second / (samples - 1);
  const scatter = Math.max(0, fourth / samples - variance * variance);
  return { value: variance / 2, error: Math.sqrt(scatter / samples) / 2, mean: centre };
}

function targetAtSamples(law: Law, target: Target, samples: number, seed: RootSeed): Float64Array {
  const { dimension } = law;
  const keys = { directions: deriveKey(seed, "null-loss", "directions"), radii: deriveKey(seed, "null-loss", "radii") };
  const block = Math.min(samples, 4096);
  const points = new Float64Array(block * dimension);
  const values = new Float64Array(samples);
  for (let first = 0; first < samples; first += block) {
    const count = Math.min(block, samples - first);
    law.sample(points, { first, count, step: 0, replica: 0 }, keys);
    for (let s = 0; s < count; s += 1) values[first + s] = target.value(points, s * dimension, dimension);
  }
  return values;
}
