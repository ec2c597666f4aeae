import { invalidValue } from "../../errors.ts";
import type { DeepKernels, DeepLayerMemory, DeepMemory } from "../deep.ts";
import { crossEntropy, squareLoss } from "./deep-loss.ts";

/** What one layer's step reads and writes. */
interface LayerWork extends DeepLayerMemory {
  /** What goes into the layer, in rows `inputStride` apart. */
  readonly below: Float64Array;
  readonly inputStride: number;
}

/** Deep networks in float64: every sum in the order of kernels/deep.h, so that the bits are those of a compiled engine in plain arithmetic. */
export function referenceDeepKernels(memory: DeepMemory): DeepKernels {
  const { problem, order } = memory;
  const layers = memory.layers.map(
    (layer, index): LayerWork => ({
      ...layer,
      below: doublesOf(index === 0 ? memory.batchInputs : memory.layers[index - 1].activations),
      inputStride: index === 0 ? memory.inputStride : memory.layers[index - 1].stride,
    }),
  );
  const last = layers[layers.length - 1];
  const outputs = doublesOf(last.activations);
  const [inputs, targets, points, values] = [memory.inputs, memory.targets, memory.points, memory.values].map(
    doublesOf,
  );
  const signals = memory.signals.map(doublesOf);
  // A row of a gradient at a time; the transposed layer is scratch that only compiled kernels need as such.
  const gradient = doublesOf(memory.row);
  const dimension = layers[0].inputs;

  const gather = (from: Float64Array, first: number, count: number, isOrdered: boolean): void => {
    const to = layers[0].below;
    for (let s = 0; s < count; s += 1) {
      const row = (isOrdered ? order[first + s] : first + s) * dimension;
      for (let k = 0; k < dimension; k += 1) to[s * memory.inputStride + k] = from[row + k];
    }
  };
  const forward = (count: number): void => {
    for (const layer of layers) layerForward(layer, count, layer !== last);
  };
  const backward = (count: number, learningRate: number, momentum: number): void => {
    let signal = outputs;
    for (let index = layers.length - 1; index >= 0; index -= 1) {
      const layer = layers[index];
      const lower = signals[index % 2];
      if (index > 0) signalsBelow(layer, signal, lower, count);
      descend(layer, signal, count, gradient, { learningRate, momentum, moves: problem.biases });
      signal = lower;
    }
  };
  return {
    train(count, learningRate, momentum) {
      let loss = 0;
      for (let first = 0; first < count; first += problem.batchSize) {
        const present = Math.min(problem.batchSize, count - first);
        gather(inputs, first, present, true);
        forward(present);
        const batch = { rows: outputs, stride: last.stride, count: present, outputs: last.outputs, powers: gradient };
        loss +=
          problem.loss === "square"
            ? squareLoss(batch, targets, order, first)
            : crossEntropy(batch, memory.labels, order, first);
        backward(present, learningRate, problem.hasMomentum ? momentum : 0);
      }
      return loss;
    },
    values(count) {
      for (let first = 0; first < count; first += problem.batchSize) {
        const present = Math.min(problem.batchSize, count - first);
        gather(points, first, present, false);
        forward(present);
        for (let s = 0; s < present; s += 1) {
          for (let c = 0; c < last.outputs; c += 1) {
            values[(first + s) * last.outputs + c] = outputs[s * last.stride + c];
          }
        }
      }
    },
  };
}

/** z = b + a w, inputs in their order, and relu if `isHidden`. */
function layerForward(layer: LayerWork, count: number, isHidden: boolean): void {
  const { inputs, outputs, stride, below, inputStride } = layer;
  const [weights, biases, z] = [layer.weights, layer.biases, layer.activations].map(doublesOf);
  for (let s = 0; s < count; s += 1) {
    const row = s * stride;
    for (let j = 0; j < outputs; j += 1) z[row + j] = biases[j];
    for (let k = 0; k < inputs; k += 1) {
      const value = below[s * inputStride + k];
      for (let j = 0, at = k * stride; j < outputs; j += 1, at += 1) z[row + j] += value * weights[at];
    }
    if (!isHidden) continue;
    for (let j = 0; j < outputs; j += 1) z[row + j] = z[row + j] > 0 ? z[row + j] : 0;
  }
}

/** sum_j signal_j w_kj where unit k of the layer below is on. */
function signalsBelow(layer: LayerWork, signal: Float64Array, to: Float64Array, count: number): void {
  const { inputs, outputs, stride, below, inputStride } = layer;
  const weights = doublesOf(layer.weights);
  for (let s = 0; s < count; s += 1) {
    for (let k = 0; k < inputs; k += 1) {
      let sum = 0;
      for (let j = 0; j < outputs; j += 1) sum += signal[s * stride + j] * weights[k * stride + j];
      to[s * inputStride + k] = below[s * inputStride + k] > 0 ? sum : 0;
    }
  }
}

interface Descent {
  readonly learningRate: number;
  readonly momentum: number;
  /** Whether biases move. */
  readonly moves: boolean;
}

/** Weights and biases move along the batch's gradient, samples in their order. `gradient` has room for a row. */
function descend(layer: LayerWork, signal: Float64Array, count: number, gradient: Float64Array, how: Descent): void {
  const { inputs, outputs, stride, below, inputStride } = layer;
  const [weights, biases, weightVelocities, biasVelocities] = [
    layer.weights,
    layer.biases,
    layer.weightVelocities,
    layer.biasVelocities,
  ].map(doublesOf);
  for (let k = 0; k < inputs; k += 1) {
    gradient.fill(0, 0, outputs);
    for (let s = 0; s < count; s += 1) {
      const value = below[s * inputStride + k];
      for (let j = 0, at = s * stride; j < outputs; j += 1, at += 1) gradient[j] += value * signal[at];
    }
    moveRow(weights, weightVelocities, k * stride, gradient, outputs, how);
  }
  if (!how.moves) return;
  gradient.fill(0, 0, outputs);
  for (let s = 0; s < count; s += 1) {
    for (let j = 0; j < outputs; j += 1) gradient[j] += signal[s * stride + j];
  }
  moveRow(biases, biasVelocities, 0, gradient, outputs, how);
}

function moveRow(
  parameters: Float64Array,
  velocities: Float64Array,
  from: number,
  gradient: Float64Array,
  count: number,
  { learningRate, momentum }: Descent,
): void {
  for (let j = 0; j < count; j += 1) {
    let velocity = gradient[j];
    if (momentum !== 0) {
      velocity += momentum * velocities[from + j];
      velocities[from + j] = velocity;
    }
    parameters[from + j] += -learningRate * velocity;
  }
}

function doublesOf(reals: Float64Array | Float32Array): Float64Array {
  if (reals instanceof Float64Array) return reals;
  throw invalidValue("precision", "float64 with the reference engine", "float32");
}
