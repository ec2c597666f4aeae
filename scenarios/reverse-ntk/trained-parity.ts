import { MeanfieldError, neuralKernels, numerics, type RunContext } from "meanfield";
import type { Values } from "./parameters.ts";
import { coordinates, halves, type ParityFit, parities, paritySplit, sineNetwork } from "./parity.ts";
import { deepRelu } from "./targets.ts";

/** A network that is trained on the parity. */
interface TrainedNetwork {
  readonly label: string;
  readonly kernel: neuralKernels.FullyConnectedKernel;
  readonly hiddenLayers: number;
  /** Times the width that is asked for. */
  readonly widthFactor: number;
  readonly learningRate: number;
  readonly maxEpochs: number;
}

const oneSine = { kernel: sineNetwork, hiddenLayers: 1, learningRate: 0.1 } as const;

/** The three networks of the published table, with its learning rates and numbers of epochs, and two wider sines, whose numbers of epochs are ours. */
export const trainedNetworks = {
  sine: { ...oneSine, label: "0.5 sin 6z, 1 layer", widthFactor: 1, maxEpochs: 4000 },
  "large-sine": {
    label: "10 sin 6z, 1 layer",
    kernel: neuralKernels.fullyConnected({
      activation: neuralKernels.sine({ amplitude: 10, frequency: 6 }),
      hiddenLayers: 1,
    }),
    hiddenLayers: 1,
    widthFactor: 1,
    learningRate: 0.01,
    maxEpochs: 100,
  },
  relu: {
    label: "ReLU, 4 layers",
    kernel: deepRelu,
    hiddenLayers: 4,
    widthFactor: 1,
    learningRate: 0.1,
    maxEpochs: 10_000,
  },
  "wide-sine": { ...oneSine, label: "0.5 sin 6z, 4 times as wide", widthFactor: 4, maxEpochs: 2000 },
  "widest-sine": { ...oneSine, label: "0.5 sin 6z, 16 times as wide", widthFactor: 16, maxEpochs: 700 },
} as const satisfies Readonly<Record<string, TrainedNetwork>>;

export type TrainedName = keyof typeof trainedNetworks;
export const trainedNames = Object.keys(trainedNetworks) as readonly TrainedName[];

/** Where a network's training stood. */
export interface TrainingMoment {
  readonly epochs: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly meanSquaredError: number;
}

/** What one network learned of the parity. */
export interface TrainedParity {
  readonly end: TrainingMoment;
  /** At the start, whenever the epochs have grown by a quarter, and at the end. */
  readonly moments: readonly TrainingMoment[];
  /** Exact regression with the network's infinite-width kernel on the same half; null where it is not compared. */
  readonly kernel: Pick<ParityFit, "accuracy" | "meanSquaredError"> | null;
}

/** From one measurement to the next. */
const growth = 1.25;
const checkEvery = 10;

/** Trains one network on its own random half, as the published protocol says: centred, all points at once, until the loss is below 1e-3 or the epochs are used up. */
export async function trainOnParity(
  context: RunContext<Values>,
  name: TrainedName,
  repeat: number,
): Promise<TrainedParity> {
  const { trainedBits: bits, trainedWidth } = context.parameters;
  const { kernel, hiddenLayers, widthFactor, learningRate, maxEpochs } = trainedNetworks[name];
  const { training, test } = halves(bits, context.seed, repeat);
  const [others, labels] = [coordinates(test, bits), parities(test, bits)];
  const moments: TrainingMoment[] = [];
  let nextMoment = 0;
  const measure = (network: neuralKernels.FiniteTraining, loss: number): void => {
    if (moments.at(-1)?.epochs === network.epochs) return;
    const margins = network.values(others).map((value, at) => value * labels[at]);
    moments.push({
      epochs: network.epochs,
      loss,
      accuracy: margins.filter((margin) => margin > 0).length / test.length,
      meanSquaredError: numerics.mean(margins.map((margin) => (margin - 1) ** 2)),
    });
    nextMoment = Math.max(network.epochs + checkEvery, growth * network.epochs);
  };
  const fit = await neuralKernels.trainFiniteNetwork({
    kernel,
    widths: Array.from({ length: hiddenLayers }, () => widthFactor * trainedWidth),
    points: coordinates(training, bits),
    dimension: bits,
    targets: parities(training, bits),
    learningRate,
    maxEpochs,
    stopLoss: 1e-3,
    checkEvery,
    seed: `${context.seed}, parity, ${name}`,
    draw: repeat,
    async onCheck(network, loss) {
      if (network.epochs >= nextMoment) measure(network, loss);
      context.progress(network.epochs / maxEpochs);
      await context.pause();
    },
  });
  context.noteEngine(fit.training.engine);
  if (fit.status === "diverged") {
    throw new MeanfieldError(
      "diverged",
      `${name}: the loss left every bound after ${fit.epochs} epochs; take another seed`,
    );
  }
  measure(fit.training, fit.loss);
  const isCompared = name === "sine" || name === "relu";
  const exact = isCompared ? (await paritySplit(bits, context.seed, repeat))[name] : null;
  return {
    end: moments[moments.length - 1],
    moments,
    kernel: exact && { accuracy: exact.accuracy, meanSquaredError: exact.meanSquaredError },
  };
}
