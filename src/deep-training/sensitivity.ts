import { invalidValue } from "../errors.ts";
import type { DeepTraining } from "./training.ts";

/** How much a classifier's answer changes when one coordinate of its input is drawn anew. */
export interface Sensitivity {
  /** Share of inputs whose class changes. */
  readonly changed: number;
  /** Mean of 1/2 sum_c |p_c(x) - p_c(x')|, p = softmax of the outputs: in [0, 1]. */
  readonly distance: number;
}

/**
 * Compares the network at inputs with the same inputs whose coordinate `coordinate` comes from `others`: for a target that does not depend on the coordinate a network that has learned it answers the
 * same.
 *
 * @param inputs rows of d numbers
 * @param others as many rows, independent of the inputs
 * @throws MeanfieldError `invalid-value`
 */
export function coordinateSensitivity(
  training: Pick<DeepTraining, "network" | "values">,
  inputs: Float64Array,
  others: Float64Array,
  coordinate: number,
): Sensitivity {
  const { inputs: dimension, outputs } = training.network;
  if (others.length !== inputs.length)
    throw invalidValue("others", `${inputs.length} numbers`, `${others.length} numbers`);
  if (!(Number.isInteger(coordinate) && coordinate >= 0 && coordinate < dimension)) {
    throw invalidValue("coordinate", `an integer in [0, ${dimension - 1}]`, coordinate);
  }
  if (outputs < 2) throw invalidValue("training.network.outputs", "2 or more, one a class", outputs);
  const redrawn = Float64Array.from(inputs);
  for (let at = coordinate; at < redrawn.length; at += dimension) redrawn[at] = others[at];
  const before = training.values(inputs);
  const after = training.values(redrawn);
  const [first, second] = [new Float64Array(outputs), new Float64Array(outputs)];
  const count = inputs.length / dimension;
  let changed = 0;
  let distance = 0;
  for (let s = 0; s < count; s += 1) {
    const left = probabilities(before, s * outputs, first);
    const right = probabilities(after, s * outputs, second);
    if (left !== right) changed += 1;
    for (let c = 0; c < outputs; c += 1) distance += Math.abs(first[c] - second[c]) / 2;
  }
  return { changed: changed / count, distance: distance / count };
}

/** Writes the softmax of the numbers from `from` on and returns the class of the largest. */
function probabilities(values: Float64Array, from: number, out: Float64Array): number {
  let best = 0;
  for (let c = 1; c < out.length; c += 1) if (values[from + c] > values[from + best]) best = c;
  let sum = 0;
  for (let c = 0; c < out.length; c += 1) {
    out[c] = Math.exp(values[from + c] - values[from + best]);
    sum += out[c];
  }
  for (let c = 0; c < out.length; c += 1) out[c] /= sum;
  return best;
}
