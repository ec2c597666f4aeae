import { MeanfieldError, neuralKernels, numerics, type RunContext } from "meanfield";
import type { Values } from "./parameters.ts";
import { deepRelu, shallowRelu } from "./targets.ts";

/** Inputs, features behind the labels, classes. */
const [dimension, features, classes] = [11, 64, 4];
const learningRate = 0.1;
/** Epochs at which networks and kernels are compared; training ends with the last. */
export const comparedEpochs = [64, 256, 1024] as const;
/** Epochs at which losses are noted for the figure: powers of the root of 2. */
export const notedEpochs: readonly number[] = [
  ...new Set(Array.from({ length: 21 }, (_, index) => Math.round(2 ** (index / 2)))),
];

/** The shallow network, the shallow one that has nearly the deep one's kernel, and the deep one. */
export const classNetworks = {
  shallow: { label: "1 layer, ReLU", kernel: shallowRelu, hiddenLayers: 1 },
  mimic: {
    label: "1 layer, mimic",
    kernel: neuralKernels.fullyConnected({
      activation: neuralKernels.mimicActivation(neuralKernels.publishedMimic),
      hiddenLayers: 1,
    }),
    hiddenLayers: 1,
  },
  deep: { label: "4 layers, ReLU", kernel: deepRelu, hiddenLayers: 4 },
} as const;

/** The mimic's NTK in closed form: quadrature of so fast a wave takes its time. */
const mimicPair = neuralKernels.mimicKernel(neuralKernels.publishedMimic);
const exactMimic = neuralKernels.dotProductKernel((cosine) => mimicPair(cosine).ntk);

export type ClassNetworkName = keyof typeof classNetworks;
export const classNetworkNames = Object.keys(classNetworks) as readonly ClassNetworkName[];

/** Losses at the epochs noted: mean over points of the squared distance to the label's unit vector. */
export interface ClassLosses {
  readonly training: readonly number[];
  /** At the epochs compared. */
  readonly test: readonly number[];
  /** Share of the right classes among the test points at the end. */
  readonly accuracy: number;
}

/** Points x with |x|^2 = 11 and labels argmax(tanh(2 X T/sqrt(11)) V/8 + 0.6 noise), T and V standard normal. */
export function classTask(seed: numerics.RootSeed, task: number, examples: number) {
  const normals = (length: number, label: string): Float64Array => {
    const out = new Float64Array(length);
    numerics.fillNormal(out, 0, length, 0, numerics.deriveKey(seed, "reverse-ntk", "classes", label), 0, 0, task);
    return out;
  };
  const count = 2 * examples;
  const points = normals(count * dimension, "points");
  for (let s = 0; s < count; s += 1) {
    const row = points.subarray(s * dimension, (s + 1) * dimension);
    const scale = Math.sqrt(dimension) / Math.hypot(...row);
    for (let k = 0; k < dimension; k += 1) row[k] *= scale;
  }
  const first = normals(dimension * features, "first layer");
  const second = normals(features * classes, "second layer");
  const noise = normals(count * classes, "noise");
  const targets = new Float64Array(count * classes);
  for (let s = 0; s < count; s += 1) {
    const scores = Array.from(noise.subarray(s * classes, (s + 1) * classes), (value) => 0.6 * value);
    for (let j = 0; j < features; j += 1) {
      let sum = 0;
      for (let k = 0; k < dimension; k += 1) sum += points[s * dimension + k] * first[k * features + j];
      const feature = Math.tanh((2 * sum) / Math.sqrt(dimension)) / 8;
      for (let c = 0; c < classes; c += 1) scores[c] += feature * second[j * classes + c];
    }
    targets[s * classes + scores.indexOf(Math.max(...scores))] = 1;
  }
  const half = (array: Float64Array, width: number) =>
    [array.slice(0, examples * width), array.slice(examples * width)] as const;
  const [trainingPoints, testPoints] = half(points, dimension);
  const [trainingTargets, testTargets] = half(targets, classes);
  return { trainingPoints, testPoints, trainingTargets, testTargets };
}

/** Trains one of the networks and notes its losses. */
export async function trainOnClasses(
  context: RunContext<Values>,
  name: ClassNetworkName,
  task: number,
): Promise<ClassLosses> {
  const { examples, shallowWidth, deepWidth } = context.parameters;
  const { kernel, hiddenLayers } = classNetworks[name];
  const { trainingPoints, testPoints, trainingTargets, testTargets } = classTask(context.seed, task, examples);
  const network = neuralKernels.createFiniteTraining({
    kernel,
    widths: Array.from({ length: hiddenLayers }, () => (hiddenLayers === 1 ? shallowWidth : deepWidth)),
    points: trainingPoints,
    dimension,
    targets: trainingTargets,
    outputs: classes,
    learningRate,
    seed: `${context.seed}, classes, ${name}`,
    draw: task,
  });
  context.noteEngine(network.engine);
  const training: number[] = [];
  const test: number[] = [];
  const last = notedEpochs[notedEpochs.length - 1];
  for (const epochs of notedEpochs) {
    while (network.epochs < epochs) {
      if (network.epoch() === Infinity) break;
      context.progress(network.epochs / last);
      await context.pause();
    }
    const loss = network.loss();
    if (loss === Infinity) {
      throw new MeanfieldError(
        "diverged",
        `${name}: the loss left every bound within ${epochs} epochs; take a wider network`,
      );
    }
    training.push(loss);
    if (isCompared(epochs)) test.push(lossOf(network.values(testPoints), testTargets));
  }
  return { training, test, accuracy: accuracyOf(network.values(testPoints), testTargets) };
}

/** The same descent with the fixed infinite-width kernels of the three networks. */
export async function descendWithKernels(
  context: RunContext<Values>,
  task: number,
): Promise<Readonly<Record<ClassNetworkName, ClassLosses>>> {
  const { trainingPoints, testPoints, trainingTargets, testTargets } = classTask(
    context.seed,
    task,
    context.parameters.examples,
  );
  // All inputs have the length sqrt(11), so the kernels are functions of the cosine.
  const [points, others] = [trainingPoints, testPoints].map((rows) => rows.map((x) => x / Math.sqrt(dimension)));
  const entries: [string, ClassLosses][] = [];
  for (const name of classNetworkNames) {
    const kernel = name === "mimic" ? exactMimic : neuralKernels.ntkKernel(classNetworks[name].kernel);
    const { values } = await neuralKernels.kernelMatrix({ kernel, points, dimension });
    await context.pause();
    const cross = await neuralKernels.kernelMatrix({ kernel, points: others, others: points, dimension });
    await context.pause();
    // The loss has no 1/2.
    const descent = neuralKernels.kernelDescent({
      kernel: values.slice(),
      targets: trainingTargets,
      outputs: classes,
      steps: { stepSize: 2 * learningRate },
    });
    const there = (epochs: number) => descent.valuesAt(cross.values.slice(), 2 * learningRate * epochs);
    const last = notedEpochs[notedEpochs.length - 1];
    entries.push([
      name,
      {
        training: notedEpochs.map((epochs) => lossOf(descent.values(2 * learningRate * epochs), trainingTargets)),
        test: comparedEpochs.map((epochs) => lossOf(there(epochs), testTargets)),
        accuracy: accuracyOf(there(last), testTargets),
      },
    ]);
    context.progress(entries.length / classNetworkNames.length);
    await context.pause();
  }
  return Object.fromEntries(entries) as Record<ClassNetworkName, ClassLosses>;
}

function isCompared(epochs: number): boolean {
  return (comparedEpochs as readonly number[]).includes(epochs);
}

function lossOf(values: Float64Array, targets: Float64Array): number {
  return (classes / targets.length) * values.reduce((sum, value, at) => sum + (value - targets[at]) ** 2, 0);
}

function accuracyOf(values: Float64Array, targets: Float64Array): number {
  const count = targets.length / classes;
  let right = 0;
  for (let s = 0; s < count; s += 1) {
    const row = values.subarray(s * classes, (s + 1) * classes);
    if (targets[s * classes + row.indexOf(Math.max(...row))] === 1) right += 1;
  }
  return right / count;
}
