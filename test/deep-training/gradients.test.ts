import { describe, expect, it } from "vitest";
import { deepNetworks, numerics } from "../../src/index.ts";

const inputs = normals(7 * 4, "inputs");
const losses = {
  "cross-entropy": { inputs, labels: Uint32Array.from([0, 2, 1, 1, 0, 2, 2]) },
  square: { inputs, values: normals(7 * 3, "values") },
} as const;
const cases = deepNetworks.deepStarts.flatMap((start) =>
  (["cross-entropy", "square"] as const).flatMap((loss) => [true, false].map((biases) => ({ start, loss, biases }))),
);

describe.each(cases)("$start, $loss, biases: $biases", ({ start, loss, biases }) => {
  const network = deepNetworks.fullyConnected({ inputs: 4, hiddenWidths: [6, 5], outputs: 3, start, biases });
  const examples = losses[loss];

  it("a step of one batch moves every layer along finite differences of the mean loss", () => {
    const at = deepNetworks.startParameters(network, 5);
    // Away from the start, where biases are 0.
    if (biases) {
      for (const [index, layer] of at.entries()) layer.biases.set(normals(layer.biases.length, `bias ${index}`, 0.2));
    }
    const training = deepNetworks.createDeepTraining({
      network,
      examples,
      seed: 5,
      learningRate: 1,
      batchSize: 7,
      parameters: at,
    });
    training.epoch();
    const after = training.parameters();
    const h = 1e-5;
    for (const [layer, { weights, biases: shifts }] of at.entries()) {
      for (const [array, values] of [
        ["weights", weights],
        ["biases", shifts],
      ] as const) {
        for (const index of values.keys()) {
          const step = values[index] - after[layer][array][index];
          if (array === "biases" && !biases) {
            expect(step).toBe(0);
            continue;
          }
          const kept = values[index];
          const [above, below] = [h, -h].map((change) => {
            values[index] = kept + change;
            return meanLoss(network, at, examples);
          });
          values[index] = kept;
          expect(step).toBeCloseTo((above - below) / (2 * h), 7);
        }
      }
    }
  });
});

/** The mean loss from the network's values alone. */
function meanLoss(
  network: deepNetworks.FullyConnectedSpec,
  parameters: deepNetworks.DeepParameters,
  examples: deepNetworks.DeepExamples,
): number {
  const training = deepNetworks.createDeepTraining({ network, examples, seed: 1, learningRate: 1, parameters });
  const values = training.values(examples.inputs);
  const count = examples.inputs.length / network.inputs;
  let total = 0;
  for (let s = 0; s < count; s += 1) {
    const row = Array.from(values.subarray(s * 3, (s + 1) * 3));
    if ("labels" in examples) {
      total += Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[examples.labels[s]];
    } else {
      total += row.reduce((sum, z, c) => sum + (z - examples.values[3 * s + c]) ** 2 / 2, 0);
    }
  }
  return total / count;
}

function normals(count: number, label: string, factor = 1): Float64Array {
  const out = new Float64Array(count);
  numerics.fillNormal(out, 0, count, 0, numerics.deriveKey(11, label), 0, 0, 0);
  return out.map((draw) => factor * draw);
}
