import { invalidValue } from "../errors.ts";
import { buildLaw } from "../laws/index.ts";
import type { LawSpec } from "../laws/law.ts";
import { deriveKey, type RootSeed } from "../numerics/random/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { TargetSpec } from "../targets/target.ts";
import type { ClassExamples, ValueExamples } from "./examples.ts";

/** Inputs of a law with what a target says of them. */
export interface TargetExampleOptions {
  readonly law: LawSpec;
  readonly target: TargetSpec;
  /** Examples, an integer in [1, 2^24]. */
  readonly count: number;
  readonly seed: RootSeed;
  /** What they are for, such as "test": other words give independent examples. @default "training" */
  readonly purpose?: string;
  /**
   * The network is given s x.
   * @default the s with which E|s x|^2 = d: sqrt(d) for N(0, I/d), 1 on the hypercube
   */
  readonly inputScale?: number;
}

/**
 * Examples of a law, class 0 where f*(x) >= 0 and class 1 elsewhere, for cross-entropy. The first n of more examples are the n examples.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`
 */
export function signLabels(options: TargetExampleOptions): ClassExamples {
  const { inputs, values } = sampled(options);
  return { inputs, labels: Uint32Array.from(values, (value) => (value >= 0 ? 0 : 1)) };
}

/**
 * The same inputs with the values f*(x), for the square loss of a network of one output.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`
 */
export function targetValues(options: TargetExampleOptions): ValueExamples {
  return sampled(options);
}

function sampled(options: TargetExampleOptions): ValueExamples {
  const { count, seed, purpose = "training" } = options;
  if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 24)) {
    throw invalidValue("count", "an integer in [1, 16777216]", count);
  }
  const law = buildLaw(options.law);
  const target = buildTarget(options.target);
  const { dimension } = law;
  const scale = options.inputScale ?? unitScale(law.radius?.secondMoment ?? dimension, dimension);
  if (!(scale > 0 && scale < Infinity)) {
    throw invalidValue("inputScale", "a positive finite number (a law without second moment needs one)", scale);
  }
  const inputs = new Float64Array(count * dimension);
  const [directions, radii] = ["directions", "radii"].map((part) => deriveKey(seed, "labelled inputs", purpose, part));
  law.sample(inputs, { first: 0, count, step: 0, replica: 0 }, { directions, radii });
  const values = new Float64Array(count);
  for (let s = 0; s < count; s += 1) values[s] = target.value(inputs, s * dimension, dimension);
  for (let at = 0; at < inputs.length; at += 1) inputs[at] *= scale;
  return { inputs, values };
}

const unitScale = (secondMoment: number, dimension: number): number => Math.sqrt(dimension / secondMoment);
