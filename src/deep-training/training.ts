import {
  checkParameters,
  type DeepParameters,
  type FullyConnectedSpec,
  layerSizes,
  startParameters,
} from "../deep-networks/index.ts";
import {
  chooseEngine,
  type DeepMemory,
  type EngineUse,
  engineUse,
  layDeepMemory,
  type Precision,
} from "../engines/index.ts";
import type { EnginePreference } from "../engines/preference.ts";
import { invalidValue } from "../errors.ts";
import { deriveKey, drawWith, type RootSeed } from "../numerics/random/index.ts";
import { countExamples, countInputs, type DeepExamples, lossOf } from "./examples.ts";
import { lossIn, mistakesIn } from "./mistakes.ts";
import { shuffle } from "./shuffle.ts";

export interface DeepTrainingOptions extends Partial<EnginePreference> {
  readonly network: FullyConnectedSpec;
  /** What to learn: examples with labels are learned with cross-entropy, examples with values with the square loss. */
  readonly examples: DeepExamples;
  /** Of start and order: the same seed gives the same start for any learning rate. */
  readonly seed: RootSeed;
  /** eta > 0 of p <- p - eta v. */
  readonly learningRate: number;
  /** mu in [0, 1) of v <- mu v + gradient. @default 0, plain gradient descent */
  readonly momentum?: number;
  /** Examples of a step; the last step of an epoch takes those that are left. @default 50 */
  readonly batchSize?: number;
  /** @default "float64" */
  readonly precision?: Precision;
  /** Parameters to start from. @default those of `startParameters(network, seed)` */
  readonly parameters?: DeepParameters;
}

/** A network in training by mini-batch gradient descent. */
export interface DeepTraining {
  readonly network: FullyConnectedSpec;
  readonly engine: EngineUse;
  /** Epochs trained so far. */
  readonly epochs: number;
  /**
   * Trains over all examples once, in an order that seed and epoch decide. Returns the mean of their losses, each at its batch's visit; NaN once the loss is beyond a thousand times what knowing nothing costs, or a parameter not
   * finite, which later epochs do not mend.
   */
  epoch(): number;
  /** The network's values at rows of d numbers, row by row, `outputs` numbers each. */
  values(inputs: Float64Array): Float64Array;
  /** Share of examples that the network gets wrong (see `errorRate`). */
  error(examples: DeepExamples): number;
  /** The mean of the losses at examples, trained on or not: -log softmax(f(x))_label, or 1/2 |f(x) - y|^2. */
  loss(examples: DeepExamples): number;
  /** Whether it gets all of its own examples right: looks no further than the first mistakes. */
  isFitted(): boolean;
  /** A copy of the parameters. */
  parameters(): DeepParameters;
}

/** Points that are evaluated in one call of the kernels. */
const pointsAtOnce = 1024;

/**
 * Prepares a network's training: -log softmax for examples with labels, 1/2 |f(x) - y|^2 for examples with values, the batch's mean. One thread; the bits hang
 * on options, seed and the engine's arithmetic alone.
 *
 * @throws MeanfieldError `invalid-value` for options and examples that do not fit; `engine-unavailable` as `simulate`
 */
export function createDeepTraining(options: DeepTrainingOptions): DeepTraining {
  const { network, examples, seed, learningRate, momentum = 0, batchSize = 50, precision = "float64" } = options;
  const count = countExamples(network, examples, "examples");
  if (!(learningRate > 0 && learningRate <= 1e6))
    throw invalidValue("learningRate", "a number in (0, 1e6]", learningRate);
  if (!(momentum >= 0 && momentum < 1)) throw invalidValue("momentum", "a number in [0, 1)", momentum);
  if (!(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 65_536)) {
    throw invalidValue("batchSize", "an integer in [1, 65536]", batchSize);
  }
  const start =
    options.parameters === undefined ? startParameters(network, seed) : checkParameters(network, options.parameters);
  const engine = chooseEngine({ ...options, precision });
  drawWith(engine.draws);
  const memory = layDeepMemory(
    {
      sizes: layerSizes(network),
      biases: network.biases,
      loss: lossOf(examples),
      precision,
      batchSize: Math.min(batchSize, count),
      hasMomentum: momentum > 0,
      examples: count,
      points: pointsAtOnce,
    },
    (bytes) => engine.allocate(bytes, 1),
  );
  const kernels = engine.deep(memory);
  writeParameters(memory, start);
  memory.inputs.set(examples.inputs);
  if ("labels" in examples) memory.labels.set(examples.labels);
  else memory.targets.set(examples.values);
  const key = deriveKey(seed, "deep training", "order");
  const draws = new Float64Array(count);
  const rows = { inputs: network.inputs, outputs: network.outputs };
  const lossBound = 1000 * lossOfKnowingNothing(examples, count);
  let epochs = 0;

  /** Calls `take` with the values at the points [first, first + many), until it returns false. */
  const evaluate = (
    inputs: Float64Array,
    total: number,
    take: (values: DeepMemory["values"], first: number, many: number) => boolean,
  ): void => {
    for (let first = 0; first < total; first += pointsAtOnce) {
      const many = Math.min(pointsAtOnce, total - first);
      memory.points.set(inputs.subarray(first * rows.inputs, (first + many) * rows.inputs));
      kernels.values(many);
      if (!take(memory.values, first, many)) return;
    }
  };
  return {
    network,
    engine: engineUse(engine, precision),
    get epochs() {
      return epochs;
    },
    epoch() {
      shuffle(memory.order, draws, key, epochs);
      epochs += 1;
      const loss = kernels.train(count, learningRate, momentum) / count;
      return loss <= lossBound && hasFiniteParameters(memory) ? loss : Number.NaN;
    },
    values(inputs) {
      const total = countInputs(network, inputs, "inputs");
      const out = new Float64Array(total * rows.outputs);
      evaluate(inputs, total, (values, first, many) => {
        out.set(values.subarray(0, many * rows.outputs), first * rows.outputs);
        return true;
      });
      return out;
    },
    error(given) {
      const total = countExamples(network, given, "examples");
      let mistakes = 0;
      evaluate(given.inputs, total, (values, first, many) => {
        mistakes += mistakesIn(values, given, first, many, rows.outputs);
        return true;
      });
      return mistakes / total;
    },
    loss(given) {
      const total = countExamples(network, given, "examples");
      let loss = 0;
      evaluate(given.inputs, total, (values, first, many) => {
        loss += lossIn(values, given, first, many, rows.outputs);
        return true;
      });
      return loss / total;
    },
    isFitted() {
      let isFitted = true;
      evaluate(examples.inputs, count, (values, first, many) => {
        isFitted = mistakesIn(values, examples, first, many, rows.outputs) === 0;
        return isFitted;
      });
      return isFitted;
    },
    parameters: () => readParameters(memory),
  };
}

/** The scale of the losses: 1 for cross-entropy, the mean of 1/2 |y|^2, but 1 at least, for the square loss. */
function lossOfKnowingNothing(examples: DeepExamples, count: number): number {
  if ("labels" in examples) return 1;
  return Math.max(1, examples.values.reduce((sum, value) => sum + value * value, 0) / (2 * count));
}

function writeParameters({ layers }: DeepMemory, parameters: DeepParameters): void {
  for (const [index, { inputs, outputs, stride, weights, biases }] of layers.entries()) {
    const from = parameters[index];
    for (let k = 0; k < inputs; k += 1) {
      for (let j = 0; j < outputs; j += 1) weights[k * stride + j] = from.weights[j * inputs + k];
    }
    biases.set(from.biases);
  }
}

function readParameters({ layers }: DeepMemory): DeepParameters {
  return layers.map(({ inputs, outputs, stride, weights, biases }) => {
    const to = { weights: new Float64Array(outputs * inputs), biases: Float64Array.from(biases.subarray(0, outputs)) };
    for (let k = 0; k < inputs; k += 1) {
      for (let j = 0; j < outputs; j += 1) to.weights[j * inputs + k] = weights[k * stride + j];
    }
    return to;
  });
}

/** relu hides what is not a number, so that a loss may be finite where parameters are not. */
function hasFiniteParameters({ layers }: DeepMemory): boolean {
  return layers.every(({ weights, biases }) => isFiniteSum(weights) && isFiniteSum(biases));
}

function isFiniteSum(values: DeepMemory["values"]): boolean {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] * 0;
  return sum === 0;
}
