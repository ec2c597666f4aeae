import type { MemberResults } from "meanfield";
import type { Values } from "./parameters.ts";
import type { ClassRow, Trained } from "./trained-claims.ts";
import {
  type ClassLosses,
  type ClassNetworkName,
  classNetworkNames,
  comparedEpochs,
  notedEpochs,
} from "./trained-classes.ts";
import { type TrainedName, type TrainedParity, trainedNames, trainedNetworks } from "./trained-parity.ts";

/** What the members that train have measured, curves included. */
export interface TrainedResults {
  /** One entry for each repetition. */
  readonly parity: Readonly<Record<TrainedName, readonly TrainedParity[]>>;
  /** One entry for each set of points. */
  readonly classes: readonly {
    readonly networks: Readonly<Record<ClassNetworkName, ClassLosses>>;
    readonly kernels: Readonly<Record<ClassNetworkName, ClassLosses>>;
  }[];
}

/** Members that train on the parity. */
export function parityMembers({ repeats, wideRepeats }: Values) {
  return trainedNames.flatMap((network) =>
    Array.from({ length: trainedNetworks[network].widthFactor === 1 ? repeats : wideRepeats }, (_, repeat) => ({
      name: `trained-${network}-${repeat}`,
      network,
      repeat,
    })),
  );
}

/** Members that train on four classes, networks or kernels. */
export function classMembers({ tasks }: Values) {
  return Array.from({ length: tasks }, (_, task) =>
    [...classNetworkNames, "kernels" as const].map((what) => ({ name: `classes-${what}-${task}`, what, task })),
  ).flat();
}

/** Processor seconds of one network on the parity: for each point and epoch those of its activations and its products. */
export function paritySeconds(network: TrainedName, { trainedBits, trainedWidth }: Values): number {
  const { widthFactor, hiddenLayers, maxEpochs } = trainedNetworks[network];
  const width = widthFactor * trainedWidth;
  return maxEpochs * (callSeconds + 2 ** (trainedBits - 1) * pointSeconds(width, hiddenLayers, hiddenLayers === 1));
}

/** Processor seconds of one member on four classes. */
export function classSeconds(
  what: ClassNetworkName | "kernels",
  { examples, shallowWidth, deepWidth }: Values,
): number {
  if (what === "kernels") return 4 * (examples / 400) ** 2;
  const seconds = what === "deep" ? pointSeconds(deepWidth, 4, false) : pointSeconds(shallowWidth, 1, what === "mimic");
  return notedEpochs[notedEpochs.length - 1] * (callSeconds + examples * seconds);
}

/** Of an epoch, whatever its size. */
const callSeconds = 1e-4;

/** Of one point in one epoch. */
function pointSeconds(width: number, hiddenLayers: number, isWave: boolean): number {
  return width * (hiddenLayers * (isWave ? 6e-8 : 2.5e-8) + (hiddenLayers - 1) * width * 1.7e-10);
}

export function trainedResults(results: MemberResults, values: Values): TrainedResults {
  const ofMember = <Result>(name: string): Result => results[name].result as unknown as Result;
  const parity = trainedNames.map((network) => [
    network,
    parityMembers(values)
      .filter((member) => member.network === network)
      .map(({ name }) => ofMember<TrainedParity>(name)),
  ]);
  return {
    parity: Object.fromEntries(parity) as TrainedResults["parity"],
    classes: Array.from({ length: values.tasks }, (_, task) => ({
      networks: Object.fromEntries(
        classNetworkNames.map((name) => [name, ofMember<ClassLosses>(`classes-${name}-${task}`)]),
      ) as Record<ClassNetworkName, ClassLosses>,
      kernels: ofMember<Record<ClassNetworkName, ClassLosses>>(`classes-kernels-${task}`),
    })),
  };
}

/** The rows of the summary. */
export function trainedSummary({ parity, classes }: TrainedResults, { trainedWidth }: Values): Trained {
  return {
    parity: trainedNames.flatMap((network) =>
      parity[network].map(({ end, kernel }) => ({
        network,
        width: trainedNetworks[network].widthFactor * trainedWidth,
        epochs: end.epochs,
        loss: end.loss,
        accuracy: end.accuracy,
        error: end.meanSquaredError,
        kernelAccuracy: kernel?.accuracy ?? null,
        kernelError: kernel?.meanSquaredError ?? null,
      })),
    ),
    classes: classes.flatMap(({ networks, kernels }, task) =>
      classNetworkNames.flatMap((network): ClassRow[] => {
        const row = ({ training, test, accuracy }: ClassLosses) => ({
          losses: comparedEpochs.map((epochs) => training[notedEpochs.indexOf(epochs)]),
          testLosses: test,
          testAccuracy: accuracy,
        });
        const [own, kernel] = [networks[network], kernels[network]];
        const kernelDistance = Math.max(...own.training.map((loss, at) => Math.abs(loss - kernel.training[at])));
        return [
          { task, network, by: "network", ...row(own), kernelDistance },
          { task, network, by: "kernel", ...row(kernel), kernelDistance: null },
        ];
      }),
    ),
  };
}
