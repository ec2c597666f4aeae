import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import type { KernelActivation } from "../infinite-width/kernel-activation.ts";
import type { LayerParameters } from "./finite-parameters.ts";
import { padding, type TrainingMemory } from "./training-memory.ts";

/** An activation whose tangent kernel is finite. */
export interface DifferentiableActivation extends KernelActivation {
  readonly derivative: (z: number) => number;
}

/** A network's two passes over its training memory. */
export interface TrainingPasses {
  /** Features and slopes at the training points; false where a number is not finite. */
  forward(): boolean;
  /** The last features at `rows` rows of `memory.others`, of the learned parameters or of those at the start. */
  evaluate(rows: number, parameters: readonly LayerParameters[]): boolean;
  /** From the loss's derivatives by f in `memory.signals[0]`: parameters <- parameters - learningRate gradient. */
  backward(learningRate: number): void;
}

/**
 * Passes of z^l = sqrt(sigma_w^2/n) W^l h^(l-1) + sqrt(biasTangent) b^l, h^l = phi(z^l), every product A B^T of the engine's. With delta^l the loss's
 * derivatives by z^l, rows = points, and o elementwise:
 *
 *     dLoss/dW^l = sqrt(sigma_w^2/n) (delta^l)^T h^(l-1),   dLoss/db^l = sqrt(biasTangent) sum_s delta^l_s,
 *     delta^(l-1) = phi'(z^(l-1)) o (sqrt(sigma_w^2/n) delta^l W^l).
 *
 * Unchecked; nothing is allocated but the records of calls.
 */
export function trainingPasses(
  { layers }: FullyConnectedKernel,
  { value, derivative }: DifferentiableActivation,
  memory: TrainingMemory,
  sizes: readonly number[],
  count: number,
): TrainingPasses {
  const { kernels, features, others, slopes, signals, parameters, transposed, packed } = memory;
  const last = layers.length - 1;
  const factors = layers.map(({ weightVariance }, layer) =>
    Math.sqrt(weightVariance / (layer === 0 ? 1 : sizes[layer])),
  );
  const biasFactors = layers.map(({ biasTangent }) => Math.sqrt(biasTangent));

  /** z^(l+1) before its factors, in the place of h^(l+1). */
  function multiply(layer: number, from: Float64Array, rows: number, weights: Float64Array): void {
    const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
    kernels.pack({ rows: from, stride: inputs, count: rows, inner: inputs, packed: packed[0] });
    kernels.pack({ rows: weights, stride: inputs, count: outputs, inner: inputs, packed: packed[1] });
    kernels.multiply({
      left: packed[0],
      right: packed[1],
      inner: inputs,
      rows,
      columns: outputs,
      out: features[layer + 1],
      stride: outputs,
      mode: "write",
    });
  }

  /** Factor and bias, then phi, in place; slopes where wanted. Returns 0, or NaN where a number is not finite, which ReLU would hide. */
  function activate(layer: number, rows: number, biases: Float64Array, slope: Float64Array | null): number {
    const z = features[layer + 1];
    const outputs = sizes[layer + 1];
    const [factor, biasFactor] = [factors[layer], biasFactors[layer]];
    let guard = 0;
    for (let s = 0, at = 0; s < rows; s += 1) {
      for (let i = 0; i < outputs; i += 1, at += 1) {
        const own = factor * z[at] + biasFactor * biases[i];
        guard += 0 * own;
        z[at] = layer === last ? own : value(own);
        if (slope !== null) slope[at] = derivative(own);
      }
    }
    return guard;
  }

  function go(from: Float64Array, rows: number, given: readonly LayerParameters[], hasSlopes: boolean): boolean {
    let guard = 0;
    for (let layer = 0; layer <= last; layer += 1) {
      multiply(layer, layer === 0 ? from : features[layer], rows, given[layer].weights);
      guard += activate(layer, rows, given[layer].biases, hasSlopes && layer < last ? slopes[layer + 1] : null);
    }
    return guard === 0;
  }

  /** delta^(l-1) from delta^l, W^l as it is before its own step. */
  function goBack(layer: number, from: Float64Array, to: Float64Array): void {
    const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
    transpose(parameters[layer].weights, outputs, inputs, 1, transposed);
    kernels.pack({ rows: from, stride: outputs, count, inner: outputs, packed: packed[0] });
    kernels.pack({ rows: transposed, stride: outputs + padding, count: inputs, inner: outputs, packed: packed[1] });
    kernels.multiply({
      left: packed[0],
      right: packed[1],
      inner: outputs,
      rows: count,
      columns: inputs,
      out: to,
      stride: inputs,
      mode: "write",
    });
    const [factor, slope] = [factors[layer], slopes[layer]];
    for (let at = 0; at < count * inputs; at += 1) to[at] *= factor * slope[at];
  }

  function descend(layer: number, signal: Float64Array, learningRate: number): void {
    const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
    const { weights, biases } = parameters[layer];
    transpose(signal, count, outputs, learningRate * factors[layer], transposed);
    kernels.pack({ rows: transposed, stride: count + padding, count: outputs, inner: count, packed: packed[0] });
    transpose(features[layer], count, inputs, 1, transposed);
    kernels.pack({ rows: transposed, stride: count + padding, count: inputs, inner: count, packed: packed[1] });
    kernels.multiply({
      left: packed[0],
      right: packed[1],
      inner: count,
      rows: outputs,
      columns: inputs,
      out: weights,
      stride: inputs,
      mode: "subtract",
    });
    const factor = learningRate * biasFactors[layer];
    if (factor === 0) return;
    for (let s = 0, at = 0; s < count; s += 1) {
      for (let i = 0; i < outputs; i += 1, at += 1) biases[i] -= factor * signal[at];
    }
  }

  return {
    forward: () => go(features[0], count, parameters, true),
    evaluate: (rows, given) => go(others, rows, given, false),
    backward(learningRate) {
      let [signal, next] = signals;
      for (let layer = last; layer >= 0; layer -= 1) {
        if (layer > 0) goBack(layer, signal, next);
        descend(layer, signal, learningRate);
        [signal, next] = [next, signal];
      }
    },
  };
}

/** Rows and columns that are exchanged together, so that both arrays stay in the cache. */
const tile = 32;

/** out = factor times the transposed of `from`, rows x columns, in rows `padding` apart. */
function transpose(from: Float64Array, rows: number, columns: number, factor: number, out: Float64Array): void {
  const stride = rows + padding;
  for (let firstRow = 0; firstRow < rows; firstRow += tile) {
    const lastRow = Math.min(rows, firstRow + tile);
    for (let firstColumn = 0; firstColumn < columns; firstColumn += tile) {
      const lastColumn = Math.min(columns, firstColumn + tile);
      for (let row = firstRow; row < lastRow; row += 1) {
        for (let column = firstColumn; column < lastColumn; column += 1) {
          out[column * stride + row] = factor * from[row * columns + column];
        }
      }
    }
  }
}
