import { describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import { activations, MeanfieldError, neuralKernels } from "../../../src/index.ts";
import {
  buildKernelActivation,
  type KernelActivationSpec,
  kernelActivationKinds,
} from "../../../src/neural-kernels/infinite-width/kernel-activation.ts";
import { fitPowerLaw, mean, standardError } from "../../../src/numerics/index.ts";
import { normals } from "../matrices/random-inputs.ts";

const { createFiniteTraining, empiricalKernel, fullyConnected, kernelDescent, kernelMatrix } = neuralKernels;
type Kernel = neuralKernels.FullyConnectedKernel;
type Parameters = readonly neuralKernels.LayerParameters[];

/** One activation of every kind that has a derivative. */
const specs: Readonly<Record<string, KernelActivationSpec>> = {
  relu: activations.relu(),
  "leaky-relu": activations.leakyRelu({ negativeSlope: 0.3 }),
  tanh: activations.tanh(),
  erf: activations.erf(),
  softplus: activations.softplus(),
  sine: neuralKernels.sine({ amplitude: 0.8, frequency: 1.3, phase: 0.4 }),
  hermite: neuralKernels.hermite([0.4, 0.8, -0.3]),
  own: neuralKernels.activation({
    value: (z) => Math.max(0, z - 0.3) + 0.5 * Math.cos(z),
    derivative: (z) => (z > 0.3 ? 1 : 0) - 0.5 * Math.sin(z),
    kinks: [0.3],
  }),
};

/** The network's values, straight from the definition. */
function network(kernel: Kernel, parameters: Parameters, x: readonly number[]): number[] {
  const { value } = buildKernelActivation(kernel.activation);
  let h = x.map((entry) => entry / Math.sqrt(x.length));
  parameters.forEach(({ weights, biases }, layer) => {
    const { weightVariance, biasTangent } = kernel.layers[layer];
    const factor = Math.sqrt(weightVariance / (layer === 0 ? 1 : h.length));
    const z = Array.from(
      biases,
      (bias, i) =>
        factor * h.reduce((sum, entry, j) => sum + weights[i * h.length + j] * entry, 0) +
        Math.sqrt(biasTangent) * bias,
    );
    h = layer === parameters.length - 1 ? z : z.map(value);
  });
  return h;
}

function rowsOf(points: Float64Array, dimension: number): number[][] {
  return Array.from({ length: points.length / dimension }, (_, s) =>
    Array.from(points.subarray(s * dimension, (s + 1) * dimension)),
  );
}

describe("a step of full-batch gradient descent", () => {
  const [count, dimension, outputs] = [5, 3, 2];
  const points = normals(count * dimension, "steps");
  const targets = normals(count * outputs, "targets");

  it("is tested for every activation that has a derivative", () => {
    expect(Object.keys(specs).sort()).toEqual(
      kernelActivationKinds.filter((kind) => kind !== "step" && kind !== "sign").toSorted(),
    );
  });

  it.each(Object.keys(specs).flatMap((kind) => ([1, 4] as const).map((hiddenLayers) => [kind, hiddenLayers] as const)))(
    "goes down the loss's gradient by finite differences, %s, %i hidden layer(s), biases in all layers",
    (kind, hiddenLayers) => {
      const kernel = fullyConnected({
        activation: specs[kind],
        hiddenLayers,
        weightVariance: 1.3,
        biasVariance: 0.2,
        biasTangent: 0.5,
        biases: "all-layers",
      });
      const widths = [6, 5, 7, 4].slice(0, hiddenLayers);
      const learningRate = 0.05;
      const options = { kernel, widths, points, dimension, targets, outputs, learningRate, seed: 5, draw: 2 };
      const training = createFiniteTraining(options);
      const before = training.parameters();
      const there = rowsOf(points, dimension);
      const start = there.flatMap((x) => network(kernel, before, x));
      const lossAt = (parameters: Parameters): number =>
        there
          .flatMap((x) => network(kernel, parameters, x))
          .reduce((sum, value, at) => sum + (value - start[at] - targets[at]) ** 2, 0) / count;
      expect(Math.abs(training.epoch() - lossAt(before))).toBeLessThan(1e-12);
      const after = training.parameters();
      expect(Math.abs(training.loss() / lossAt(after) - 1)).toBeLessThan(1e-12);
      expect(training.epochs).toBe(1);
      for (const [layer, { weights, biases }] of before.entries()) {
        for (const [name, array] of Object.entries({ weights, biases })) {
          const moved = after[layer][name as "weights" | "biases"];
          for (let at = 0; at < array.length; at += 1) {
            const [own, change] = [array[at], 1e-5];
            array[at] = own + change;
            const above = lossAt(before);
            array[at] = own - change;
            const below = lossAt(before);
            array[at] = own;
            const slope = (above - below) / (2 * change);
            expect(Math.abs((own - moved[at]) / learningRate - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
          }
        }
      }
    },
  );

  it("moves the function by -2 eta/n K (f - y) with its tangent kernel K, but for an error of order eta^2", () => {
    const kernel = fullyConnected({ activation: activations.tanh(), hiddenLayers: 3, biasVariance: 0.1 });
    const rates = [0.08, 0.04, 0.02, 0.01];
    const errors = rates.map((learningRate) => {
      const own = { kernel, widths: [20, 30, 10], points, dimension, seed: 9 };
      const y = targets.subarray(0, count);
      const training = createFiniteTraining({ ...own, targets: y, learningRate });
      // A few steps first, so that f is not 0.
      for (let epoch = 0; epoch < 3; epoch += 1) training.epoch();
      const parameters = training.parameters();
      const before = training.values(points);
      training.epoch();
      const after = training.values(points);
      const { values } = empiricalKernel({ ...own, parameters });
      const gaps = Array.from(after, (value, s) => {
        let change = 0;
        for (let t = 0; t < count; t += 1)
          change -= ((2 * learningRate) / count) * values[s * count + t] * (before[t] - y[t]);
        return value - before[s] - change;
      });
      return Math.hypot(...gaps);
    });
    expect(errors[0]).toBeLessThan(0.1);
    expect(Math.abs(fitPowerLaw(rates, errors).slope.value - 2)).toBeLessThan(0.1);
  });

  it("starts at 0 where it is centred, and at the random network's values where it is not", () => {
    const kernel = fullyConnected({ activation: activations.erf(), hiddenLayers: 2 });
    const options = { kernel, widths: [8, 9], points, dimension, targets, outputs, learningRate: 0.1 };
    const centred = createFiniteTraining(options);
    const others = normals(100 * dimension, "others");
    expect([...centred.values(others)].every((value) => value === 0)).toBe(true);
    const plain = createFiniteTraining({ ...options, isCentred: false });
    const start = plain.parameters();
    const expected = (x: number[]) => network(kernel, start, x);
    plain.values(others).forEach((value, at) => {
      const [s, output] = [Math.floor(at / outputs), at % outputs];
      expect(Math.abs(value - expected(rowsOf(others, dimension)[s])[output])).toBeLessThan(1e-13);
    });
    // Looking elsewhere does not change what is learned.
    const other = createFiniteTraining(options);
    for (let epoch = 0; epoch < 5; epoch += 1) {
      centred.values(others);
      expect(centred.epoch()).toBe(other.epoch());
    }
    const [moved, gone] = [centred.parameters(), centred.values(points)];
    const back = createFiniteTraining({ ...options, parameters: moved, isCentred: false }).values(points);
    rowsOf(points, dimension).forEach((x, s) => {
      const [now, then] = [network(kernel, moved, x), network(kernel, start, x)];
      for (let output = 0; output < outputs; output += 1) {
        expect(Math.abs(gone[s * outputs + output] - (now[output] - then[output]))).toBeLessThan(1e-13);
        expect(Math.abs(back[s * outputs + output] - now[output])).toBeLessThan(1e-13);
      }
    });
  });
});

describe("gradient descent of a wide network", () => {
  it("comes near the descent of its infinite-width kernel as width^(-1/2), at training and at other points", async () => {
    const [count, dimension, epochs, learningRate] = [8, 4, 40, 0.1];
    const points = normals(count * dimension, "wide");
    const others = normals(5 * dimension, "wide others");
    const targets = normals(count, "wide targets");
    const kernel = fullyConnected({ activation: activations.erf(), hiddenLayers: 2, biasVariance: 0.05 });
    const { values } = await kernelMatrix({ kernel, points, dimension });
    const cross = await kernelMatrix({ kernel, points: others, others: points, dimension });
    const descent = kernelDescent({ kernel: values.slice(), targets, steps: { stepSize: 2 * learningRate } });
    const limit = [
      ...descent.values(2 * learningRate * epochs),
      ...descent.valuesAt(cross.values.slice(), 2 * learningRate * epochs),
    ];
    const ladder = [
      { width: 40, draws: 40 },
      { width: 360, draws: 16 },
    ];
    const squares = ladder.map(({ width, draws }) =>
      Array.from({ length: draws }, (_, draw) => {
        const widths = [width, width];
        const training = createFiniteTraining({
          kernel,
          widths,
          points,
          dimension,
          targets,
          learningRate,
          draw,
          seed: width,
        });
        while (training.epochs < epochs) training.epoch();
        const found = [...training.values(points), ...training.values(others)];
        return found.reduce((sum, value, at) => sum + (value - limit[at]) ** 2, 0) / limit.length;
      }),
    );
    const means = squares.map(mean);
    const logRange = Math.log(ladder[1].width / ladder[0].width);
    const slope = Math.log(means[1] / means[0]) / 2 / logRange;
    const error = Math.hypot(...squares.map((row, at) => standardError(row) / means[at])) / 2 / logRange;
    expect(error).toBeLessThan(0.06);
    expect(Math.abs(slope + 0.5)).toBeLessThan(4 * error);
    expect(means[1]).toBeLessThan(0.02 * mean([...targets].map((y) => y * y)));
  });
});

describe("a training", () => {
  const [count, dimension] = [40, 6];
  const points = normals(count * dimension, "training");
  const targets = normals(count, "training targets");
  const kernel = fullyConnected({ activation: activations.relu(), hiddenLayers: 3, biasVariance: 0.01 });
  const options = { kernel, widths: [70, 33, 130], points, dimension, targets, learningRate: 0.05, seed: 4 };
  const trained = (epochs: number) => {
    const training = createFiniteTraining(options);
    while (training.epochs < epochs) training.epoch();
    return { values: training.values(points), engine: training.engine.name, parameters: training.parameters() };
  };

  it("starts from the network of empiricalKernel with the same seed and draw", () => {
    const parameters = createFiniteTraining({ ...options, draw: 3 }).parameters();
    const { seed, widths } = options;
    const random = empiricalKernel({ kernel, widths, points, dimension, seed, draw: 3 }).values;
    const given = empiricalKernel({ kernel, widths, points, dimension, parameters }).values;
    expect(Buffer.from(given.slice().buffer).equals(Buffer.from(random.slice().buffer))).toBe(true);
  });

  it("has the same bits again, and in engines of plain arithmetic those of TypeScript", () => {
    const first = trained(20);
    expect(trained(20).values).toEqual(first.values);
    const plain = (["native", "wasm", "reference"] as const).map((engine) =>
      withEnginePreference({ engine, arithmetic: "plain" }, () => trained(20)),
    );
    for (const { values, parameters } of plain) {
      expect(values).toEqual(plain[2].values);
      expect(parameters).toEqual(plain[2].parameters);
    }
    expect(plain.map(({ engine }) => engine)).toEqual(["native", "wasm", "reference"]);
    first.values.forEach((value, at) => {
      expect(Math.abs(value - plain[2].values[at])).toBeLessThan(1e-12);
    });
  });

  it("ends where the loss looked at is small enough, or with the last epoch", async () => {
    const losses: number[] = [];
    const fitted = await neuralKernels.trainFiniteNetwork({
      ...options,
      maxEpochs: 5000,
      stopLoss: 0.05,
      checkEvery: 7,
      async onCheck(training, loss) {
        expect(training.epochs).toBe(7 * losses.length);
        await Promise.resolve();
        losses.push(loss);
      },
    });
    expect(fitted.status).toBe("fitted");
    expect(fitted.epochs).toBe(7 * (losses.length - 1));
    expect(losses.length).toBeGreaterThan(3);
    expect(losses[losses.length - 1]).toBeLessThan(0.05);
    expect(losses[losses.length - 2]).toBeGreaterThanOrEqual(0.05);
    const { status, epochs } = await neuralKernels.trainFiniteNetwork({ ...options, maxEpochs: 15, stopLoss: 1e-9 });
    expect([status, epochs]).toEqual(["not-fitted", 15]);
    const stopped = neuralKernels.trainFiniteNetwork({
      ...options,
      maxEpochs: 15,
      onCheck: () => {
        throw new Error("enough");
      },
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  it.each(["relu", "tanh", "hermite"])(
    "that diverges says so and shows no number that is not finite, %s",
    async (kind) => {
      const rate = { relu: 30, tanh: 1e6, hermite: 30 }[kind] ?? 0;
      const own = {
        ...options,
        kernel: fullyConnected({ activation: specs[kind], hiddenLayers: 3, biasVariance: 0.01 }),
        learningRate: rate,
      };
      const outcome = await neuralKernels.trainFiniteNetwork({ ...own, maxEpochs: 1000 });
      expect(outcome.status).toBe("diverged");
      const { training, epochs } = outcome;
      expect(training.loss()).toBe(Infinity);
      expect(training.epoch()).toBe(Infinity);
      expect(training.epochs).toBe(epochs);
      for (const look of [() => training.values(points), () => training.parameters()]) {
        expect(look).toThrow(`learningRate: the loss has left every bound within ${epochs} epochs`);
      }
    },
  );

  it("refuses options that do not fit", async () => {
    for (const [wrong, message] of [
      [{ widths: [4] }, "widths: expected 3 widths"],
      [{ widths: [4, 0, 4] }, "widths[1]: expected a positive integer"],
      [{ targets: targets.subarray(1) }, "targets: expected 40 x 1 numbers"],
      [{ targets: targets.map((value, at) => (at === 7 ? Number.NaN : value)) }, "targets[7]: expected finite numbers"],
      [{ outputs: 0 }, "outputs: expected a positive integer"],
      [{ learningRate: 0 }, "learningRate: expected a number in (0, 1e6]"],
      [{ learningRate: Number.NaN }, "learningRate: expected a number in (0, 1e6]"],
      [{ draw: -1 }, "draw: expected an integer"],
      [{ parameters: [] }, "parameters: expected 4 layers"],
      [{ points: points.map((value, at) => (at === 9 ? Infinity : value)) }, "got Infinity in row 1, column 3"],
      [{ kernel: fullyConnected({ activation: neuralKernels.step(), hiddenLayers: 3 }) }, "step has none"],
      [{ widths: [1e6, 1e6, 1e6] }, "widths: expected a training within"],
    ] as const) {
      expect(() => createFiniteTraining({ ...options, ...wrong })).toThrow(MeanfieldError);
      expect(() => createFiniteTraining({ ...options, ...wrong })).toThrow(message);
    }
    for (const [wrong, message] of [
      [{ maxEpochs: 0 }, "maxEpochs: expected an integer"],
      [{ checkEvery: 1.5 }, "checkEvery: expected an integer"],
      [{ stopLoss: -1 }, "stopLoss: expected a finite number >= 0"],
    ] as const) {
      await expect(neuralKernels.trainFiniteNetwork({ ...options, maxEpochs: 5, ...wrong })).rejects.toThrow(message);
    }
  });
});
