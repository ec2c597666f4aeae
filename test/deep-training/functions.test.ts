import { describe, expect, it } from "vitest";
import { deepNetworks, laws, targets } from "../../src/index.ts";

describe("a target's values", () => {
  it("belong to the inputs of its labels, whose signs they have", () => {
    const options = { law: laws.gaussian({ dimension: 5 }), target: targets.globalProduct({ offsets: [0, 1] }) };
    const { inputs, values } = deepNetworks.targetValues({ ...options, count: 300, seed: 3 });
    const labelled = deepNetworks.signLabels({ ...options, count: 300, seed: 3 });
    expect(inputs).toEqual(labelled.inputs);
    for (let s = 0; s < 300; s += 1) {
      const x = (k: number) => inputs[5 * s + (k % 5)];
      const sum = [0, 1, 2, 3, 4].reduce((total, j) => total + x(j) * x(j + 1), 0);
      expect(values[s]).toBeCloseTo(sum / Math.sqrt(5), 12);
      expect(labelled.labels[s]).toBe(values[s] >= 0 ? 0 : 1);
    }
  });
});

describe.each(deepNetworks.deepStarts)("a network from a %s start", (start) => {
  const law = laws.hypercube({ dimension: 6 });
  const target = targets.localProduct({ indices: [0, 4], scale: 1 });
  const seen = { law, target, count: 400, seed: 5 };
  const fresh = { ...seen, purpose: "test" };

  it("learns the parity of two bits on the hypercube, as a label and as a function", () => {
    const shape = { inputs: 6, hiddenWidths: [40, 40], start };
    const labelled = deepNetworks.fitExamples({
      network: deepNetworks.fullyConnected({ ...shape, outputs: 2 }),
      examples: deepNetworks.signLabels(seen),
      test: deepNetworks.signLabels(fresh),
      ...{ seed: 2, learningRate: 0.1, averagedEpochs: 1 },
    });
    expect(labelled).toMatchObject({ status: "fitted", testError: 0 });
    const valued = deepNetworks.createDeepTraining({
      network: deepNetworks.fullyConnected({ ...shape, outputs: 1 }),
      examples: deepNetworks.targetValues(seen),
      ...{ seed: 2, learningRate: 0.05 },
    });
    for (let epoch = 0; epoch < 150; epoch += 1) valued.epoch();
    const test = deepNetworks.targetValues(fresh);
    // The square loss of knowing nothing is 1/2.
    expect(valued.loss(test)).toBeLessThan(0.005);
    expect(valued.error(test)).toBe(0);
  });
});

describe("the k-local and the k-global function of Gaussian inputs", () => {
  it.each([
    ["local", targets.localProduct({ indices: [0, 1] })],
    ["global", targets.globalProduct({ offsets: [0, 1] })],
  ])("%s: a network explains nine tenths of its variance on fresh inputs", (_, target) => {
    const law = laws.gaussian({ dimension: 6 });
    const training = deepNetworks.createDeepTraining({
      network: deepNetworks.fullyConnected({ inputs: 6, hiddenWidths: [80, 80], outputs: 1 }),
      examples: deepNetworks.targetValues({ law, target, count: 4000, seed: 1 }),
      ...{ seed: 1, learningRate: 0.02, precision: "float32" },
    });
    for (let epoch = 0; epoch < 60; epoch += 1) training.epoch();
    const test = deepNetworks.targetValues({ law, target, count: 4000, seed: 1, purpose: "test" });
    // Variance 1 (docs of the targets), so that knowing nothing costs 1/2.
    expect(training.loss(test)).toBeLessThan(0.05);
  });
});

describe("the loss at examples", () => {
  const network = deepNetworks.fullyConnected({ inputs: 3, hiddenWidths: [7], outputs: 3 });
  const inputs = Float64Array.from({ length: 3 * 1500 }, (_, at) => Math.sin(7 * at));
  const labels = Uint32Array.from({ length: 1500 }, (_, s) => s % 3);
  const values = Float64Array.from({ length: 4500 }, (_, at) => Math.cos(3 * at));

  it.each([
    ["cross-entropy", { inputs, labels }],
    ["square", { inputs, values }],
  ] as const)("is what an epoch with no step returns, and what its formula says: %s", (_, examples) => {
    const training = deepNetworks.createDeepTraining({ network, examples, seed: 1, learningRate: 1e-14 });
    expect(training.loss(examples)).toBeCloseTo(training.epoch(), 10);
    const found = training.values(inputs);
    let sum = 0;
    for (let s = 0; s < 1500; s += 1) {
      const row = [...found.subarray(3 * s, 3 * s + 3)];
      sum +=
        "labels" in examples
          ? -Math.log(Math.exp(row[labels[s]]) / row.reduce((total, each) => total + Math.exp(each), 0))
          : row.reduce((total, each, c) => total + (each - values[3 * s + c]) ** 2, 0) / 2;
    }
    expect(training.loss(examples)).toBeCloseTo(sum / 1500, 12);
  });
});
