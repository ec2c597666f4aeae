import { type Claim, claim, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import { type ClassNetworkName, comparedEpochs } from "./trained-classes.ts";
import type { TrainedName } from "./trained-parity.ts";

const paper = "Simon, Anand, DeWeese, ICML 2022";
const earlier = "our earlier computation";

/** The trained networks of a run, as its summary holds them: one row for each. */
export interface Trained {
  readonly parity: readonly ParityRow[];
  readonly classes: readonly ClassRow[];
}

/** A network trained on the parity at its end; its kernel's numbers where they were computed. */
export interface ParityRow {
  readonly network: TrainedName;
  readonly width: number;
  readonly epochs: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly error: number;
  readonly kernelAccuracy: number | null;
  readonly kernelError: number | null;
}

/** A network trained on four classes, or descent with its kernel. */
export interface ClassRow {
  readonly task: number;
  readonly network: ClassNetworkName;
  readonly by: "network" | "kernel";
  /** Training losses at the epochs compared. */
  readonly losses: readonly number[];
  readonly testLosses: readonly number[];
  readonly testAccuracy: number;
  /** Largest distance of a network's training loss from its kernel's, at any epoch noted; null for kernels. */
  readonly kernelDistance: number | null;
}

/** The published table: means and standard deviations over 30 networks. */
const printed = {
  sine: { error: [0.021, 0.004], accuracy: [1, 0] },
  "large-sine": { error: [0.668, 0.332], accuracy: [0.8205, 0.0855] },
  relu: { error: [2.816, 0.121], accuracy: [0.2937, 0.016] },
} as const;
const printedNetworks = 30;

export function trainedClaims(trained: Trained, values: Values): readonly Claim[] {
  const isPublishedSize = values.trainedBits === 11 && values.trainedWidth === 128;
  return [
    ...(isPublishedSize ? publishedParityClaims(trained) : []),
    ...parityClaims(trained, values),
    ...classClaims(trained, values),
  ];
}

const ofNetwork = (parity: readonly ParityRow[], name: TrainedName) => parity.filter(({ network }) => network === name);
const accuraciesOf = (parity: readonly ParityRow[], name: TrainedName) =>
  ofNetwork(parity, name).map(({ accuracy }) => accuracy);
const errorsOf = (parity: readonly ParityRow[], name: TrainedName) => ofNetwork(parity, name).map(({ error }) => error);

function over(values: readonly number[]) {
  const { value, low, high } = numerics.meanWithInterval(values);
  return { measured: value, low, high };
}

/** What is claimed at the published size only: 11 bits, width 128. */
function publishedParityClaims({ parity }: Trained): readonly Claim[] {
  const count = ofNetwork(parity, "sine").length;
  return [
    claim.atLeast({
      id: "trained-sine-accuracy",
      statement: `parity: the smallest test accuracy among ${count} trained networks of width 128 with 0.5 sin 6z (printed: 1.00 of all 30)`,
      source: `${paper}, table`,
      measured: Math.min(...accuraciesOf(parity, "sine")),
      bound: 1,
    }),
    claim.interval({
      id: "trained-sine-error",
      statement: "parity, the same networks: mean squared test error (printed: 0.021)",
      source: `${paper}, table; range: ${earlier}`,
      ...over(errorsOf(parity, "sine")),
      from: 0.01,
      to: 0.035,
    }),
    claim.interval({
      id: "trained-relu-accuracy",
      statement:
        "parity: test accuracy of trained networks of four hidden layers of ReLU, width 128, below chance (printed: 0.294)",
      source: `${paper}, table; range: ${earlier}`,
      ...over(accuraciesOf(parity, "relu")),
      from: 0.25,
      to: 0.34,
    }),
    claim.interval({
      id: "trained-relu-error",
      statement: "parity, the same networks: mean squared test error (printed: 2.816)",
      source: `${paper}, table; range: ${earlier}`,
      ...over(errorsOf(parity, "relu")),
      from: 2.4,
      to: 3.2,
    }),
    ...(["sine", "large-sine", "relu"] as const).map((name) =>
      claim.atMost({
        id: `trained-${name}-as-printed`,
        statement: `parity, ${name}: distance of our means of test error and accuracy from the printed ones, the larger in standard errors of both together`,
        source: `${paper}, table: means and standard deviations of ${printedNetworks} networks`,
        measured: Math.max(
          standardized(errorsOf(parity, name), printed[name].error),
          standardized(accuraciesOf(parity, name), printed[name].accuracy),
        ),
        bound: 4,
      }),
    ),
  ];
}

/** |mean - printed| over the standard error of the difference; two means that agree to all digits are 0 apart. */
function standardized(values: readonly number[], [mean, deviation]: readonly [number, number]): number {
  const gap = Math.abs(numerics.mean(values) - mean);
  return gap === 0 ? 0 : gap / Math.hypot(numerics.standardError(values), deviation / Math.sqrt(printedNetworks));
}

function parityClaims({ parity }: Trained, { trainedBits: bits, trainedWidth: width }: Values): readonly Claim[] {
  const ladder = (["sine", "wide-sine", "widest-sine"] as const).map((name) => ofNetwork(parity, name));
  const shown = (value: (row: ParityRow) => number) =>
    ladder.map((rows) => numerics.mean(rows.map(value)).toPrecision(2)).join(", ");
  const [narrow, , wide] = ladder.map((rows) => rows.map(({ error }) => error));
  const kernelError = numerics.mean(ladder[0].map((row) => row.kernelError ?? Number.NaN));
  return [
    claim.atLeast({
      id: "trained-sine-is-not-its-kernel",
      statement: `parity of ${bits} bits: test accuracy of trained networks of width ${width} with 0.5 sin 6z, less that of exact regression with their infinite-width kernel on the same halves`,
      source: `observation: ${earlier} had 1 and 0.5`,
      ...over(ladder[0].map((row) => row.accuracy - (row.kernelAccuracy ?? Number.NaN))),
      bound: 0.4,
    }),
    claim.atLeast({
      id: "wider-sines-come-nearer-the-kernel",
      statement: `parity of ${bits} bits: smallest test error at width ${16 * width} over the largest at width ${width} (widths ${width}, ${4 * width}, ${16 * width}: errors ${shown(({ error }) => error)} after training to ${shown(({ loss }) => loss)}; exact kernel: ${kernelError.toPrecision(2)})`,
      source: `observation: ${earlier} had 0.021, 0.047, 0.116, wider networks for fewer epochs`,
      measured: Math.min(...wide) / Math.max(...narrow),
      bound: 2,
    }),
  ];
}

/** Largest |mimic - deep| over |shallow - deep| of training losses. */
const ratioBounds: Readonly<Record<(typeof comparedEpochs)[number], number>> = { 64: 0.35, 256: 0.15, 1024: 0.15 };

function classClaims({ classes }: Trained, values: Values): readonly Claim[] {
  const { tasks, examples, shallowWidth, deepWidth } = values;
  const networks = classes.filter(({ by }) => by === "network");
  const gaps = (at: number) =>
    Array.from({ length: tasks }, (_, task) => {
      const loss = (name: ClassNetworkName) =>
        networks.find((row) => row.task === task && row.network === name)?.losses[at] ?? Number.NaN;
      return { mimic: Math.abs(loss("mimic") - loss("deep")), shallow: Math.abs(loss("shallow") - loss("deep")) };
    });
  const ranged = (ratios: readonly number[]) => ({
    measured: numerics.mean(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  });
  const setting = `one hidden layer of width ${shallowWidth} against four of width ${deepWidth}, ${examples} examples (range over ${tasks} set(s) of points)`;
  const all = comparedEpochs.map((_, at) => gaps(at));
  const sums = all[0].map((_, task) => ({
    mimic: all.reduce((sum, each) => sum + each[task].mimic, 0),
    shallow: all.reduce((sum, each) => sum + each[task].shallow, 0),
  }));
  const isEarlierSize = examples === 400 && shallowWidth === 2048 && deepWidth === 512;
  return [
    claim.atMost({
      id: "mimic-trains-as-deep",
      statement: `four classes: |mimic - deep| of the networks' training losses over |shallow - deep|, both summed over ${comparedEpochs.join(", ")} epochs, ${setting}`,
      source: `${paper}, on data of our own`,
      ...ranged(sums.map(({ mimic, shallow }) => mimic / shallow)),
      bound: 0.5,
    }),
    ...(isEarlierSize ? earlierClassClaims(all.map((each) => each.map(({ mimic, shallow }) => mimic / shallow))) : []),
  ];

  /** What is claimed at the sizes of our earlier computation only. */
  function earlierClassClaims(ratios: readonly (readonly number[])[]): readonly Claim[] {
    return [
      ...comparedEpochs.map((epochs, at) =>
        claim.atMost({
          id: `mimic-trains-as-deep-${epochs}`,
          statement: `the same after ${epochs} epochs, ${setting}`,
          source: `${paper}, on data of our own; bound: ${earlier}, which had ${[0.22, 0.11, 0.03][at]}`,
          ...ranged(ratios[at]),
          bound: ratioBounds[epochs],
        }),
      ),
      claim.atMost({
        id: "networks-train-as-kernels",
        statement:
          "four classes: the largest distance of a training loss of the three networks from that of descent with its infinite-width kernel, at any epoch noted",
        source: `observation: ${earlier} had 0.041 at most, at three epochs`,
        measured: Math.max(...networks.map(({ kernelDistance }) => kernelDistance ?? Number.NaN)),
        bound: 0.06,
      }),
    ];
  }
}
