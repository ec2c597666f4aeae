import { invalidValue } from "../errors.ts";
import type { DeepExamples } from "./examples.ts";

/**
 * How many of the examples first ... first + count - 1 the network gets wrong, from its values at them: the largest output is not that of the class; with values as
 * targets, not that of the largest target, or for a single output not of the target's sign (0 is of no sign).
 *
 * @param values count rows of `outputs` numbers
 */
export function mistakesIn(
  values: ArrayLike<number>,
  examples: DeepExamples,
  first: number,
  count: number,
  outputs: number,
): number {
  let mistakes = 0;
  for (let s = 0; s < count; s += 1) {
    if ("labels" in examples) {
      if (largestOf(values, s * outputs, outputs) !== examples.labels[first + s]) mistakes += 1;
    } else if (outputs === 1) {
      // NaN is a mistake too.
      if (!(values[s] * examples.values[first + s] > 0)) mistakes += 1;
    } else if (largestOf(values, s * outputs, outputs) !== largestOf(examples.values, (first + s) * outputs, outputs)) {
      mistakes += 1;
    }
  }
  return mistakes;
}

/**
 * Share of examples that are got wrong by these values, row by row as `DeepTraining.values` gives them: the largest output is not the class's, or the single output not of the target's sign.
 *
 * @param outputs numbers of a row
 * @throws MeanfieldError `invalid-value` where the lengths do not fit
 */
export function errorRate(values: Float64Array, examples: DeepExamples, outputs: number): number {
  const count = "labels" in examples ? examples.labels.length : examples.values.length / outputs;
  if (values.length !== count * outputs) {
    throw invalidValue("values", `${count * outputs} numbers`, `${values.length} numbers`);
  }
  return mistakesIn(values, examples, 0, count, outputs) / count;
}

/**
 * The sum of the examples' losses: -log softmax(f(x))_label, or 1/2 |f(x) - y|^2, from values as for `mistakesIn`.
 */
export function lossIn(
  values: ArrayLike<number>,
  examples: DeepExamples,
  first: number,
  count: number,
  outputs: number,
): number {
  let loss = 0;
  for (let s = 0; s < count; s += 1) {
    const row = s * outputs;
    if ("labels" in examples) {
      const largest = values[row + largestOf(values, row, outputs)];
      let sum = 0;
      for (let c = 0; c < outputs; c += 1) sum += Math.exp(values[row + c] - largest);
      loss += Math.log(sum) - (values[row + examples.labels[first + s]] - largest);
    } else {
      for (let c = 0; c < outputs; c += 1) {
        loss += (values[row + c] - examples.values[(first + s) * outputs + c]) ** 2 / 2;
      }
    }
  }
  return loss;
}

/** Number of the largest of `count` numbers from `from` on, the first of equals. */
function largestOf(values: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c += 1) if (values[from + c] > values[from + best]) best = c;
  return best;
}
