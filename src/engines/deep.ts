import type { MemoryBlock } from "./memory-block.ts";
import type { Precision, Reals } from "./reals.ts";

/** Losses of deep networks: -log softmax(f(x))_label, and 1/2 |f(x) - y|^2; of a batch the mean. */
export const deepLosses = ["cross-entropy", "square"] as const;
export type DeepLoss = (typeof deepLosses)[number];

/** What a deep network's mini-batch gradient descent is made of; see `FullyConnectedSpec` for the network. */
export interface DeepProblem {
  /** Neurons of inputs, hidden layers and outputs. */
  readonly sizes: readonly number[];
  readonly biases: boolean;
  readonly loss: DeepLoss;
  readonly precision: Precision;
  readonly batchSize: number;
  readonly hasMomentum: boolean;
  /** Examples to train on. */
  readonly examples: number;
  /** Most points of one call of `values`. */
  readonly points: number;
}

/** Arrays of one layer of weights. Rows are `stride` numbers apart: a multiple of 64 bytes, so that any register width covers them. */
export interface DeepLayerMemory {
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
  /** Row k holds the weights from unit k of the layer below; zeros beyond `outputs`. */
  readonly weights: Reals;
  readonly biases: Reals;
  /** As the parameters; empty without momentum. */
  readonly weightVelocities: Reals;
  readonly biasVelocities: Reals;
  /** The batch's relu(z), or z in the last layer. */
  readonly activations: Reals;
}

/** All arrays of one network and its examples, in one block of memory. */
export interface DeepMemory {
  readonly problem: DeepProblem;
  readonly block: MemoryBlock;
  /** For a compiled engine's record. */
  readonly record: Float64Array;
  readonly layers: readonly DeepLayerMemory[];
  readonly inputs: Reals;
  /** Classes with cross-entropy, else empty; the other way round `targets`. */
  readonly labels: Uint32Array;
  readonly targets: Reals;
  /** Which example comes when. */
  readonly order: Uint32Array;
  /** Points to evaluate, and their values. */
  readonly points: Reals;
  readonly values: Reals;
  /** Scratch: the batch's inputs with their stride, two arrays of signals, a transposed layer, a row. */
  readonly batchInputs: Reals;
  readonly inputStride: number;
  readonly signals: readonly [Reals, Reals];
  readonly transposed: Reals;
  readonly row: Reals;
}

/** What an engine does with a `DeepMemory`; allocates nothing. */
export interface DeepKernels {
  /**
   * Gradient descent over the first `count` examples of `order`, batch after batch, the last one with those that are left:
   * p <- p - learningRate v, v <- momentum v + gradient of the batch's mean loss. Returns the sum of the examples' losses, each at its visit.
   */
  train(count: number, learningRate: number, momentum: number): number;
  /** Writes the network's values at the first `count` points. */
  values(count: number): void;
}

/** Numbers of a compiled engine's record with its layers, at most. */
const recordLength = (layers: number): number => 32 + 8 * layers;

/** Where arrays end; 64 bytes lie between the starts of neighbours at least. */
const alignment = 64;

/**
 * Numbers from row to row: a multiple of 64 bytes, and none of 1 KB, where rows would meet in the same sets of the cache.
 *
 * @param size bytes of a number
 */
export function deepStride(count: number, size: number): number {
  const bytes = alignment * Math.ceil((count * size) / alignment);
  return (bytes % 1024 === 0 ? bytes + alignment : bytes) / size;
}

/** Lays out a problem's memory, zeroed, in a block that `allocate` gives. */
export function layDeepMemory(problem: DeepProblem, allocate: (bytes: number) => MemoryBlock): DeepMemory {
  const size = problem.precision === "float32" ? 4 : 8;
  let bytes = 0;
  const plan = arraysOf(problem, size);
  const places = plan.map(([bytesEach, length]) => {
    const place = bytes;
    bytes += alignment * Math.ceil((bytesEach * length) / alignment);
    return place;
  });
  const block = allocate(bytes);
  let next = 0;
  const view = <View>(make: (offset: number, length: number) => View): View => {
    const [, length] = plan[next];
    const made = make(block.start + places[next], length);
    next += 1;
    return made;
  };
  const doubles = () => view((offset, length) => new Float64Array(block.buffer, offset, length));
  const words = () => view((offset, length) => new Uint32Array(block.buffer, offset, length));
  const reals = (): Reals =>
    size === 8 ? doubles() : view((offset, length) => new Float32Array(block.buffer, offset, length));
  // In the order of `arraysOf`.
  const record = doubles();
  const layers = problem.sizes.slice(1).map((outputs, index): DeepLayerMemory => {
    const stride = deepStride(outputs, size);
    const [weights, biases, weightVelocities, biasVelocities, activations] = [0, 1, 2, 3, 4].map(reals);
    const inputs = problem.sizes[index];
    return { inputs, outputs, stride, weights, biases, weightVelocities, biasVelocities, activations };
  });
  const [inputs, targets, points, values, batchInputs] = [0, 1, 2, 3, 4].map(reals);
  const signals = [reals(), reals()] as const;
  const [transposed, row] = [reals(), reals()];
  const labels = words();
  const order = words();
  const inputStride = deepStride(problem.sizes[0], size);
  return {
    ...{ problem, block, record, layers, inputs, labels, targets, order, points, values },
    ...{ batchInputs, inputStride, signals, transposed, row },
  };
}

/** Bytes of a number and length of every array, in the order in which they lie. */
function arraysOf(problem: DeepProblem, size: number): readonly (readonly [bytes: number, length: number])[] {
  const { sizes, batchSize, examples, points, hasMomentum, loss } = problem;
  const layers = sizes.length - 1;
  const dimension = sizes[0];
  const outputs = sizes[layers];
  const strides = sizes.map((count) => deepStride(count, size));
  const widest = Math.max(...strides);
  const perLayer = strides.slice(1).flatMap((stride, index) => {
    const weights = sizes[index] * stride;
    return [weights, stride, hasMomentum ? weights : 0, hasMomentum ? stride : 0, batchSize * stride];
  });
  const reals = [
    ...perLayer,
    ...[examples * dimension, loss === "square" ? examples * outputs : 0, points * dimension, points * outputs],
    ...[batchSize * strides[0], batchSize * widest, batchSize * widest],
    // Rows of the transposed layer come by fours.
    ...[Math.max(...strides.slice(1).map((stride, index) => stride * strides[index])), widest],
  ];
  return [
    [8, recordLength(layers)],
    ...reals.map((length) => [size, length] as const),
    [4, loss === "square" ? 0 : examples],
    [4, examples],
  ];
}
