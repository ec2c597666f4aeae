import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exactErrorConstant } from "../../scenarios/reverse-ntk/exact-error.ts";
import type { Values } from "../../scenarios/reverse-ntk/parameters.ts";
import { coordinates, halves, parities, paritySplit } from "../../scenarios/reverse-ntk/parity.ts";
import { type ParityRow, type Trained, trainedClaims } from "../../scenarios/reverse-ntk/trained-claims.ts";
import { classTask, descendWithKernels, notedEpochs } from "../../scenarios/reverse-ntk/trained-classes.ts";
import { trainedNetworks, trainOnParity } from "../../scenarios/reverse-ntk/trained-parity.ts";
import type { RunContext } from "../../src/index.ts";
import { fullyConnected, kernelDescent, kernelMatrix, sine } from "../../src/neural-kernels/public.ts";
import { runScenario } from "../../src/runs/index.ts";

/** A member's context that goes nowhere. */
function fakeContext(parameters: Values): RunContext<Values> {
  return {
    parameters,
    seed: 1,
    threads: 1,
    signal: new AbortController().signal,
    simulate: () => Promise.reject(new Error("simulates nothing")),
    progress() {},
    pause: () => Promise.resolve(),
    noteEngine() {},
    saveArray() {},
  };
}

const out = mkdtempSync(join(tmpdir(), "reverse-ntk-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("reverse-ntk", () => {
  it("finds the printed coefficients, the mimic's kernel and its rate, and fails at no claim in its short form", async () => {
    const outcome = await runScenario("reverse-ntk", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.length).toBe(21);
    expect(outcome.claims.filter(({ verdict }) => verdict === "fails").map(({ id }) => id)).toEqual([]);
    // Four splits are too few for a verdict on means over splits.
    const open = outcome.claims.filter(({ verdict }) => verdict === "inconclusive").map(({ id }) => id);
    expect(open.filter((id) => !/^parity-(sine|relu)-(accuracy|error)$/.test(id))).toEqual([]);
    const { layer } = outcome.summary as unknown as { layer: { mimicSquares: number; shallowSquares: number } };
    expect(layer.mimicSquares.toFixed(3)).toBe("0.326");
    expect(layer.shallowSquares.toFixed(1)).toBe("227.7");
    const { trained } = outcome.summary as unknown as { trained: Trained };
    expect(trained.parity.length).toBe(11);
    for (const { loss, epochs, network } of trained.parity) {
      expect(loss < 1e-3 || epochs === trainedNetworks[network].maxEpochs).toBe(true);
    }
    // The same run again in one thread: a member that trains hangs on nothing but its parameters.
    const member = await trainOnParity(fakeContext(outcome.parameters as unknown as Values), "relu", 1);
    const row = trained.parity.filter(({ network }) => network === "relu")[1];
    expect([member.end.epochs, member.end.loss, member.end.accuracy]).toEqual([row.epochs, row.loss, row.accuracy]);
  }, 120_000);

  it.each([
    [{ bits: 10 }, "bits: expected an odd number"],
    [{ trainedBits: 8 }, "trainedBits: expected an odd number"],
    [{ widths: [16, 32.5, 64] }, "widths: expected whole numbers, got 32.5"],
  ])("refuses %j", async (parameters, message) => {
    await expect(runScenario("reverse-ntk", { parameters, seed: 1, out })).rejects.toMatchObject({
      code: "invalid-value",
      message: expect.stringContaining(message),
    });
  });
});

it("knows the error of finite mimic networks as a finer rule of another program does", () => {
  // NumPy, the trapezoidal rule with steps of 0.01 on [-8, 8].
  expect(Math.abs(exactErrorConstant(12) / 2.848507 - 1)).toBeLessThan(1e-3);
});

describe("the parity", () => {
  const bits = 7;

  it("is cut into halves that differ from split to split and share no point", () => {
    const [first, second] = [0, 1].map((split) => halves(bits, 1, split));
    expect(new Set([...first.training, ...first.test]).size).toBe(128);
    expect(first.training.length).toBe(64);
    expect(first.training).not.toEqual(second.training);
    expect(halves(bits, 1, 1)).toEqual(second);
  });

  it("has products of signs as labels, opposite at opposite points", () => {
    expect([...coordinates([5], 5)]).toEqual([1, -1, 1, -1, -1]);
    const points = Array.from({ length: 128 }, (_, point) => point);
    const labels = parities(points, bits);
    const rows = coordinates(points, bits);
    points.forEach((point) => {
      const product = rows.subarray(point * bits, (point + 1) * bits).reduce((all, each) => all * each, 1);
      expect(labels[point]).toBe(product);
      expect(labels[127 - point]).toBe(-product);
    });
  });

  it("is learned without the second of two antipodes as by the pseudo-inverse of the whole singular matrix", async () => {
    const split = await paritySplit(bits, 1, 0);
    const { training, test } = halves(bits, 1, 0);
    const kernel = fullyConnected({ activation: sine({ amplitude: 0.5, frequency: 6 }), hiddenLayers: 1 });
    const [points, others] = [coordinates(training, bits), coordinates(test, bits)];
    const matrix = await kernelMatrix({ kernel, points, dimension: bits });
    const cross = await kernelMatrix({ kernel, points: others, others: points, dimension: bits });
    const descent = kernelDescent({ kernel: matrix.values.slice(), targets: parities(training, bits) });
    const antipodalPairs = training.filter((point) => training.includes(127 - point)).length / 2;
    expect(antipodalPairs).toBeGreaterThan(5);
    expect(descent.rates.filter((rate) => rate < 1e-12).length).toBe(antipodalPairs);
    // Long beyond every rate that is not 0, short of what rounding has made of the others.
    const time = 60 / (descent.rates.find((rate) => rate > 1e-12) ?? 0);
    const labels = parities(test, bits);
    const margins = descent.valuesAt(cross.values.slice(), time).map((value, index) => value * labels[index]);
    const meanSquaredError = margins.reduce((sum, margin) => sum + (margin - 1) ** 2, 0) / test.length;
    expect(Math.abs(split.sine.meanSquaredError - meanSquaredError)).toBeLessThan(1e-9);
    expect(split.sine.accuracy).toBe(margins.filter((margin) => margin > 0).length / test.length);
  });
});

describe("points of four classes", () => {
  it("lie on the sphere, differ from set to set, and have one class each", () => {
    const { trainingPoints, trainingTargets, testPoints, testTargets } = classTask(1, 0, 30);
    for (const points of [trainingPoints, testPoints]) {
      for (let s = 0; s < 30; s += 1)
        expect(Math.hypot(...points.subarray(11 * s, 11 * (s + 1)))).toBeCloseTo(Math.sqrt(11), 12);
    }
    for (const targets of [trainingTargets, testTargets]) {
      for (let s = 0; s < 30; s += 1)
        expect([...targets.subarray(4 * s, 4 * (s + 1))].toSorted()).toEqual([0, 0, 0, 1]);
    }
    expect(testPoints).not.toEqual(trainingPoints);
    expect(classTask(1, 1, 30).trainingPoints).not.toEqual(trainingPoints);
    expect(classTask(2, 0, 30).trainingPoints).not.toEqual(trainingPoints);
  });

  it("are learned by kernels from a loss of 1 at the start, and the mimic's kernel does as the deep one's", async () => {
    const kernels = await descendWithKernels(fakeContext({ examples: 25 } as Values), 0);
    for (const { training } of Object.values(kernels)) {
      expect(training.length).toBe(notedEpochs.length);
      expect(training[0]).toBeLessThan(1);
      training.slice(1).forEach((loss, at) => {
        expect(loss).toBeLessThan(training[at]);
      });
    }
    notedEpochs.forEach((_, at) => {
      const [shallow, mimic, deep] = [kernels.shallow, kernels.mimic, kernels.deep].map(({ training }) => training[at]);
      expect(Math.abs(mimic - deep)).toBeLessThan(0.2 * Math.abs(shallow - deep));
    });
  });
});

describe("claims about trained networks", () => {
  const row = (network: ParityRow["network"], accuracy: number, error: number): ParityRow => ({
    network,
    width: 128,
    epochs: 100,
    loss: 1e-3,
    accuracy,
    error,
    kernelAccuracy: 0.5,
    kernelError: 0.5,
  });
  const values = {
    trainedBits: 11,
    trainedWidth: 128,
    tasks: 1,
    examples: 50,
    shallowWidth: 50,
    deepWidth: 50,
  } as Values;
  const verdicts = (sine: readonly number[], relu: readonly number[]) => {
    const trained: Trained = {
      parity: [
        ...sine.map((accuracy) => row("sine", accuracy, 0.021 + 0.001 * accuracy * sine.indexOf(accuracy))),
        row("sine", 1, 0.0211),
        row("large-sine", 0.8, 0.6),
        row("large-sine", 0.84, 0.7),
        ...relu.map((accuracy) => row("relu", accuracy, 2.8 + accuracy / 10)),
        row("wide-sine", 1, 0.05),
        row("widest-sine", 1, 0.12),
      ],
      classes: (["shallow", "mimic", "deep"] as const).map((network, at) => ({
        task: 0,
        network,
        by: "network",
        losses: [0.5, 0.4, 0.3].map((loss) => loss - [0, 0.11, 0.1][at]),
        testLosses: [],
        testAccuracy: 0.6,
        kernelDistance: 0.05,
      })),
    };
    return Object.fromEntries(trainedClaims(trained, values).map(({ id, verdict }) => [id, verdict]));
  };

  it("hold for numbers such as the printed ones", () => {
    expect(verdicts([1, 1], [0.29, 0.295, 0.3])).toMatchObject({
      "trained-sine-accuracy": "holds",
      "trained-sine-error": "holds",
      "trained-relu-accuracy": "holds",
      "trained-relu-error": "holds",
      "trained-sine-as-printed": "holds",
      "trained-large-sine-as-printed": "holds",
      "trained-sine-is-not-its-kernel": "holds",
      "wider-sines-come-nearer-the-kernel": "holds",
      "mimic-trains-as-deep": "holds",
    });
  });

  it("fail for a network that misses a point, or is above chance", () => {
    expect(verdicts([1, 0.999], [0.6, 0.61, 0.62])).toMatchObject({
      "trained-sine-accuracy": "fails",
      "trained-sine-as-printed": "holds",
      "trained-relu-accuracy": "fails",
      "trained-relu-as-printed": "fails",
    });
  });
});
