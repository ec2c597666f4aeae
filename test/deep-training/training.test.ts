import { describe, expect, it } from "vitest";
import { deepNetworks, laws, MeanfieldError, targets } from "../../src/index.ts";

const dimension = 6;
const law = laws.gaussian({ dimension });
const target = targets.localProduct({ indices: [0, 1] });
const examples = deepNetworks.signLabels({ law, target, count: 60, seed: 4 });
const test = deepNetworks.signLabels({ law, target, count: 500, seed: 4, purpose: "test" });
const network = deepNetworks.fullyConnected({
  inputs: dimension,
  hiddenWidths: [24, 24],
  outputs: 2,
  start: "glorot-normal",
});
const options = { network, examples, seed: 9, learningRate: 0.2, batchSize: 16 } as const;

describe("training", () => {
  it("reaches training error 0 on a small set, where isFitted and error agree", () => {
    const training = deepNetworks.createDeepTraining(options);
    while (training.epochs < 300 && !training.isFitted()) training.epoch();
    expect(training.isFitted()).toBe(true);
    expect(training.error(examples)).toBe(0);
    expect(training.epochs).toBeGreaterThan(1);
  });

  it("gives the same bits for the same seed and others for another", () => {
    const [first, again, other] = [9, 9, 10].map((seed) => {
      const training = deepNetworks.createDeepTraining({ ...options, seed });
      return [training.epoch(), training.epoch(), training.parameters()];
    });
    expect(again).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
  });

  it("sees every example once an epoch, in another order each time", () => {
    // With a rate too small to move anything, an epoch's loss is the set's mean loss in any order.
    const training = deepNetworks.createDeepTraining({ ...options, learningRate: 1e-12 });
    const [first, second] = [training.epoch(), training.epoch()];
    expect(first).toBeCloseTo(second, 9);
    // With a usual one the order matters.
    const whole = deepNetworks.createDeepTraining(options);
    const parameters = whole.parameters();
    whole.epoch();
    whole.epoch();
    const later = deepNetworks.createDeepTraining({ ...options, parameters });
    later.epoch();
    const again = deepNetworks.createDeepTraining({ ...options, parameters: later.parameters() });
    again.epoch();
    expect(again.parameters()).not.toEqual(whole.parameters());
  });

  it("starts from given parameters and hands them back unchanged", () => {
    const parameters = deepNetworks.startParameters(network, "elsewhere");
    expect(deepNetworks.createDeepTraining({ ...options, parameters }).parameters()).toEqual(parameters);
  });

  it("learns a linear function with the square loss and momentum, and takes signs as classes", () => {
    const values = Float64Array.from(
      { length: 60 },
      (_, s) => examples.inputs[s * dimension] - examples.inputs[s * dimension + 3],
    );
    const one = deepNetworks.fullyConnected({ inputs: dimension, hiddenWidths: [20], outputs: 1, start: "he-uniform" });
    const given = { inputs: examples.inputs, values };
    const training = deepNetworks.createDeepTraining({
      ...{ network: one, examples: given, seed: 1, learningRate: 0.02, momentum: 0.9 },
    });
    const first = training.epoch();
    for (let epoch = 0; epoch < 200; epoch += 1) training.epoch();
    expect(training.epoch()).toBeLessThan(first / 100);
    const predicted = training.values(examples.inputs);
    const wrong = predicted.filter((value, s) => value * values[s] <= 0).length;
    expect(training.error(given)).toBe(wrong / 60);
    expect(deepNetworks.errorRate(predicted, given, 1)).toBe(wrong / 60);
  });

  it("tells that it diverged by NaN, from then on", () => {
    const training = deepNetworks.createDeepTraining({ ...options, learningRate: 1e6 });
    const losses = Array.from({ length: 10 }, () => training.epoch());
    expect(losses.at(-1)).toBeNaN();
  });
});

describe("a fit", () => {
  it("averages the test error over the epochs from the first without training error", () => {
    const seen: number[] = [];
    const outcome = deepNetworks.fitExamples({
      ...{ ...options, test, averagedEpochs: 3 },
      onEpoch: (training) => seen.push(training.error(test)),
    });
    if (outcome.status !== "fitted") throw new Error(outcome.status);
    expect(seen.length).toBe(outcome.fittedAt + 2);
    expect(outcome.testError).toBeCloseTo((seen.at(-1)! + seen.at(-2)! + seen.at(-3)!) / 3, 14);
    expect(outcome.testError).toBeLessThan(0.4);
  });

  it("gives up after maxEpochs, and says that it diverged", () => {
    const short = deepNetworks.fitExamples({ ...options, test, maxEpochs: 1 });
    expect(short).toMatchObject({ status: "not-fitted", trainingError: expect.any(Number) });
    const wild = deepNetworks.fitExamples({ ...options, test, learningRate: 1e6, maxEpochs: 20 });
    expect(wild.status).toBe("diverged");
  });
});

describe("cross-validation", () => {
  const rates = { ...options, learningRates: [0.2, 1e6, 1e-7], folds: 3, averagedEpochs: 2, maxEpochs: 300 };

  it("leaves out rates that diverge or do not fit, and chooses one that does, the same each time", () => {
    const chosen = deepNetworks.chooseLearningRate(rates);
    expect(chosen.learningRate).toBe(0.2);
    expect(chosen.rates.map(({ learningRate }) => learningRate)).toEqual([1e-7, 0.2, 1e6]);
    const [slow, right, wild] = chosen.rates;
    expect(slow).toMatchObject({ error: null, notFitted: 1 });
    expect(wild).toMatchObject({ error: null, diverged: 1 });
    expect(right.error).toBeGreaterThan(0);
    expect(right.error).toBeLessThan(0.5);
    expect(deepNetworks.chooseLearningRate(rates)).toEqual(chosen);
  });

  it("holds out every example once: its error is the mean over folds of fits made by hand", () => {
    const mistakes: number[] = [];
    const each = deepNetworks.chooseLearningRate({
      ...rates,
      learningRates: [0.2],
      folds: 60,
      foldsUsed: 60,
      averagedEpochs: 1,
    });
    for (let held = 0; held < 60; held += 1) {
      const others = Array.from({ length: 60 }, (_, s) => s).filter((s) => s !== held);
      const pick = (chosen: readonly number[]) => ({
        inputs: Float64Array.from(
          chosen.flatMap((s) => Array.from(examples.inputs.subarray(s * dimension, (s + 1) * dimension))),
        ),
        labels: Uint32Array.from(chosen, (s) => examples.labels[s]),
      });
      const outcome = deepNetworks.fitExamples({
        ...{ ...options, learningRate: 0.2, averagedEpochs: 1, maxEpochs: 300 },
        ...{ examples: pick(others), test: pick([held]) },
      });
      if (outcome.status === "fitted") mistakes.push(outcome.testError);
    }
    // The order of the examples differs, so that single fits do; the means are those of 60 coins of like bias.
    expect(mistakes.length).toBe(60);
    const mean = mistakes.reduce((sum, value) => sum + value, 0) / 60;
    expect(Math.abs((each.rates[0].error ?? 1) - mean)).toBeLessThan(4 * Math.sqrt(0.5 / 60));
  });
});

describe("the sensitivity to a coordinate", () => {
  const readsFirst = deepNetworks.fullyConnected({ inputs: 2, hiddenWidths: [2], outputs: 2 });
  // f = (relu(x_1), relu(-x_1)): the class is the sign of the first coordinate.
  const parameters = [
    { weights: Float64Array.of(1, 0, -1, 0), biases: new Float64Array(2) },
    { weights: Float64Array.of(1, 0, 0, 1), biases: new Float64Array(2) },
  ];
  const inputs = Float64Array.of(1, 5, -1, 2, 3, 1, -2, 0);
  const others = Float64Array.of(2, 9, 1, 7, -3, 4, -1, -6);
  const training = deepNetworks.createDeepTraining({
    ...{ network: readsFirst, seed: 0, learningRate: 1, parameters },
    examples: { inputs, labels: new Uint32Array(4) },
  });

  it("is 0 where the network does not read it, and what the definition says where it does", () => {
    expect(deepNetworks.coordinateSensitivity(training, inputs, others, 1)).toEqual({ changed: 0, distance: 0 });
    const first = deepNetworks.coordinateSensitivity(training, inputs, others, 0);
    expect(first.changed).toBe(2 / 4);
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const pairs = [
      [1, 2],
      [-1, 1],
      [3, -3],
      [-2, -1],
    ];
    const distance = pairs.reduce((sum, [x, y]) => sum + Math.abs(sigmoid(x) - sigmoid(y)), 0) / 4;
    expect(first.distance).toBeCloseTo(distance, 14);
  });
});

describe("what is refused", () => {
  const failure = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof MeanfieldError) return error.message;
      throw error;
    }
    throw new Error("nothing was refused");
  };
  const create = (changes: object) => () =>
    deepNetworks.createDeepTraining({ ...options, ...changes } as typeof options);
  const shape = (changes: object) => () =>
    deepNetworks.fullyConnected({ inputs: 2, hiddenWidths: [3], outputs: 2, ...changes });

  it.each([
    [create({ learningRate: 0 }), "learningRate: expected a number in (0, 1e6], got 0"],
    [create({ momentum: 1 }), "momentum: expected a number in [0, 1), got 1"],
    [create({ batchSize: 0 }), "batchSize: expected an integer in [1, 65536], got 0"],
    [
      create({ examples: { inputs: new Float64Array(7), labels: new Uint32Array(1) } }),
      'examples.inputs: expected rows of 6 numbers, one or more, got "7 numbers"',
    ],
    [
      create({ examples: { inputs: new Float64Array(6), labels: Uint32Array.of(2) } }),
      "examples.labels[0]: expected a class below the 2 outputs, got 2",
    ],
    [shape({ hiddenWidths: [] }), "hiddenWidths: expected a list of 1 to 100 widths, got []"],
    [shape({ hiddenWidths: [0] }), "hiddenWidths[0]: expected an integer in [1, 16384], got 0"],
    [
      shape({ start: "glorot-norm" }),
      'start: expected one of he-normal, he-uniform, glorot-normal, glorot-uniform, got "glorot-norm"; did you mean "glorot-normal"?',
    ],
    [
      () => deepNetworks.chooseLearningRate({ ...options, learningRates: [] }),
      "learningRates: expected one or more different rates, got []",
    ],
    [
      () => deepNetworks.chooseLearningRate({ ...options, learningRates: [1], folds: 61 }),
      "folds: expected an integer in [2, 60], got 61",
    ],
    [
      () => deepNetworks.fitExamples({ ...options, test, maxEpochs: 0 }),
      "maxEpochs: expected an integer in [1, 1e6], got 0",
    ],
  ])("%#", (work, message) => {
    expect(failure(work)).toBe(message);
  });
});
