import type { FullyConnectedSpec } from "../deep-networks/index.ts";
import type { DeepLoss } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";

/** Inputs with what a network is to give at them: a class each for cross-entropy, a row of values each for the square loss. */
export type DeepExamples = ClassExamples | ValueExamples;

export interface ClassExamples {
  /** Rows of d numbers. */
  readonly inputs: Float64Array;
  /** The class of each row, an integer in [0, outputs). */
  readonly labels: Uint32Array;
}

export interface ValueExamples {
  /** Rows of d numbers. */
  readonly inputs: Float64Array;
  /** Rows of as many numbers as the network has outputs. */
  readonly values: Float64Array;
}

/** The loss that examples are for. */
export function lossOf(examples: DeepExamples): DeepLoss {
  return "labels" in examples ? "cross-entropy" : "square";
}

/**
 * The number of examples.
 *
 * @param path what errors call them
 * @throws MeanfieldError `invalid-value` where lengths, classes or numbers do not fit the network
 */
export function countExamples(network: FullyConnectedSpec, examples: DeepExamples, path: string): number {
  const count = countInputs(network, examples.inputs, `${path}.inputs`);
  if ("labels" in examples) {
    const { labels } = examples;
    if (!(labels instanceof Uint32Array) || labels.length !== count) {
      throw invalidValue(`${path}.labels`, `a Uint32Array of ${count} classes`, labels);
    }
    const wrong = labels.findIndex((label) => label >= network.outputs);
    if (wrong >= 0) {
      throw invalidValue(`${path}.labels[${wrong}]`, `a class below the ${network.outputs} outputs`, labels[wrong]);
    }
    if (network.outputs < 2) {
      throw invalidValue("network.outputs", "2 or more outputs, one a class, for cross-entropy", network.outputs);
    }
    return count;
  }
  checkNumbers(examples.values, `${path}.values`);
  if (examples.values.length !== count * network.outputs) {
    throw invalidValue(`${path}.values`, `${count * network.outputs} numbers`, `${examples.values.length} numbers`);
  }
  return count;
}

/** The number of rows of inputs; throws `invalid-value` unless they are whole rows of finite numbers. */
export function countInputs(network: FullyConnectedSpec, inputs: Float64Array, path: string): number {
  checkNumbers(inputs, path);
  const count = inputs.length / network.inputs;
  if (Number.isInteger(count) && count >= 1) return count;
  throw invalidValue(path, `rows of ${network.inputs} numbers, one or more`, `${inputs.length} numbers`);
}

function checkNumbers(values: Float64Array, path: string): void {
  if (values instanceof Float64Array && values.every(Number.isFinite)) return;
  throw invalidValue(path, "a Float64Array of finite numbers", values);
}

/** The examples of the given numbers, in that order. */
export function selectExamples(examples: DeepExamples, chosen: Uint32Array, dimension: number): DeepExamples {
  const inputs = selectRows(examples.inputs, chosen, dimension);
  if ("labels" in examples) return { inputs, labels: chosen.map((index) => examples.labels[index]) };
  const count = examples.inputs.length / dimension;
  return { inputs, values: selectRows(examples.values, chosen, examples.values.length / count) };
}

function selectRows(rows: Float64Array, chosen: Uint32Array, length: number): Float64Array {
  const selected = new Float64Array(chosen.length * length);
  chosen.forEach((index, at) => {
    selected.set(rows.subarray(index * length, (index + 1) * length), at * length);
  });
  return selected;
}
