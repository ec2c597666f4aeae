import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deepNetworks, laws, numerics, targets } from "meanfield";
import { shuffle } from "../src/deep-training/shuffle.ts";
import { definePart } from "./part.ts";
import { type PeerContender, prepareOnFastest } from "./peers.ts";
import { type Contender, cpuSeconds, fastestRounds } from "./rounds.ts";
import { significant } from "./table.ts";

/** One program that trains a deep network until it makes no mistakes on its examples. */
export interface DeepRow {
  readonly precision: "f32" | "f64";
  readonly hiddenLayers: number;
  readonly width: number;
  readonly program: string;
  readonly form: string;
  /** CPU seconds of one training. */
  readonly seconds: number;
  /** Over ours with the first engine. */
  readonly ratio: number;
}

const count = 4000;
const dimension = 20;
const batchSize = 50;
const learningRate = 0.1;
/** Epochs for which orders are made. */
const mostEpochs = 400;
const seed = 1;
const shapes = [
  { hiddenLayers: 7, width: 100 },
  { hiddenLayers: 1, width: 500 },
] as const;

/** A whole training of the scenario local-global, ours and PyTorch's, from one start over the same batches. */
export const deepPart = definePart<DeepRow>({
  name: "deep",
  title: "Training a deep network to no training error",
  columns: [
    { heading: "hidden layers", width: 13, text: ({ hiddenLayers, width }) => `${hiddenLayers} x ${width}` },
    { heading: "precision", width: 9, align: "left", text: ({ precision }) => precision },
    { heading: "program", width: 34, align: "left", text: ({ program }) => program },
    { heading: "s", width: 6, text: ({ seconds }) => significant(seconds) },
    { heading: "ratio", width: 6, text: ({ ratio }) => significant(ratio) },
    { heading: "form", width: 60, align: "left", text: ({ form }) => form },
  ],
  async *rows({ peers, progress }) {
    const folder = mkdtempSync(join(tmpdir(), "meanfield-deep-"));
    try {
      for (const { hiddenLayers, width } of shapes) {
        const network = deepNetworks.fullyConnected({
          inputs: dimension,
          hiddenWidths: Array.from({ length: hiddenLayers }, () => width),
          outputs: 2,
          start: "glorot-normal",
        });
        const examples = deepNetworks.signLabels({
          law: laws.gaussian({ dimension }),
          target: targets.localProduct({ indices: [0, 1, 2] }),
          count,
          seed,
        });
        const file = join(folder, `${hiddenLayers}.bin`);
        writeFileSync(file, exported(network, examples));
        for (const precision of ["f32", "f64"] as const) {
          progress(`deep: ${hiddenLayers} x ${width}, ${precision}`);
          const contenders: (Contender & { readonly form: () => string })[] = [
            ...ownPrograms(network, examples, precision),
          ];
          const prepared: PeerContender[] = [];
          for (const variant of peers?.python.hasTorch === true ? ["fused", "jit", "autograd"] : []) {
            if (peers === null) break;
            const item = {
              ...{ kind: "deep", variant, precision, file, examples: count, epochs: mostEpochs },
              ...{ batch: batchSize, rate: learningRate, sizes: [dimension, ...network.hiddenWidths, 2].join(",") },
            };
            // A training takes seconds, and the processes differ by more than rounds do.
            const peer = await prepareOnFastest(peers, `PyTorch ${variant}`, item, 1);
            prepared.push(peer);
            contenders.push({ ...peer, form: () => `${peer.form}; BLAS ${peer.process.label}` });
          }
          const best = await fastestRounds(contenders, { rounds: 5, budgetSeconds: 8 });
          const ours = best.get(contenders[0].name) ?? Number.NaN;
          for (const { name, form } of contenders) {
            const seconds = best.get(name) ?? Number.NaN;
            yield { precision, hiddenLayers, width, program: name, form: form(), seconds, ratio: seconds / ours };
          }
          for (const peer of prepared) await peer.drop();
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Our training with each compiled engine that works here, the fastest first. */
function ownPrograms(
  network: deepNetworks.FullyConnectedSpec,
  examples: deepNetworks.ClassExamples,
  precision: "f32" | "f64",
) {
  const options = {
    ...{ network, examples, seed, learningRate, batchSize },
    precision: precision === "f32" ? ("float32" as const) : ("float64" as const),
  };
  return (["native", "wasm"] as const).flatMap((engine) => {
    let epochs = 0;
    const train = () => {
      const training = deepNetworks.createDeepTraining({ ...options, engine });
      do training.epoch();
      while (training.epochs < mostEpochs && !training.isFitted());
      epochs = training.epochs;
      return training;
    };
    try {
      const { instructions, arithmetic } = train().engine;
      return [
        {
          name: `meanfield ${engine} ${instructions} ${arithmetic}`,
          form: () => `${epochs} epochs`,
          round: (repeat: number) =>
            cpuSeconds(() => {
              for (let number = 0; number < repeat; number += 1) train();
            }),
        },
      ];
    } catch {
      // Not every engine works everywhere.
      return [];
    }
  });
}

/** Examples, orders of the epochs and the start's weights, one after the other, as bench/peers/deep.py reads them. */
function exported(network: deepNetworks.FullyConnectedSpec, examples: deepNetworks.ClassExamples): Buffer {
  const key = numerics.deriveKey(seed, "deep training", "order");
  const draws = new Float64Array(count);
  const orders = Array.from({ length: mostEpochs }, (_, epoch) => {
    const order = new Uint32Array(count);
    shuffle(order, draws, key, epoch);
    return order;
  });
  const weights = deepNetworks.startParameters(network, seed).map((layer) => layer.weights);
  return Buffer.concat([examples.inputs, examples.labels, ...orders, ...weights].map(bytesOf));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
