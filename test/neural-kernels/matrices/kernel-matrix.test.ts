import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import { activations, decodeNpy, MeanfieldError, neuralKernels } from "../../../src/index.ts";
import { allocateMatrix, squareShape } from "../../../src/neural-kernels/matrices/matrix-memory.ts";
import { normals, sphereInputs } from "./random-inputs.ts";

const { fullyConnected, kernelEvaluator, kernelMatrix, kernelMatrixToFile, matrixOf } = neuralKernels;
const folder = mkdtempSync(join(tmpdir(), "meanfield-matrices-"));
afterAll(() => rmSync(folder, { recursive: true }));

const relu = activations.relu();
const kernels = {
  "relu, squared norm": fullyConnected({ activation: relu, weightLayers: 4, normalization: "squared-norm" }),
  "relu, ntk, biases": fullyConnected({ activation: relu, hiddenLayers: 3, biasVariance: 0.01, biasTangent: 0.3 }),
  "leaky relu": fullyConnected({
    activation: activations.leakyRelu({ negativeSlope: 0.2 }),
    hiddenLayers: 4,
    biasVariance: 0.1,
  }),
  "leaky relu without biases": fullyConnected({
    activation: activations.leakyRelu({ negativeSlope: 0.5 }),
    hiddenLayers: 2,
  }),
  erf: fullyConnected({ activation: activations.erf(), hiddenLayers: 2 }),
  sine: fullyConnected({ activation: neuralKernels.sine({ frequency: 2 }), hiddenLayers: 1 }),
};

/** The message of the error that a promise ends with. */
async function errorOf(work: Promise<unknown> | (() => unknown)): Promise<MeanfieldError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (error instanceof MeanfieldError) return error;
    throw error;
  }
  throw new Error("no error came");
}

/** Entry s, t straight from the evaluator, the angle by the difference of directions. */
function entry(
  kernel: neuralKernels.FullyConnectedKernel,
  a: Float64Array,
  b: Float64Array,
  of: "ntk" | "nngp",
): number {
  const evaluator = kernelEvaluator(kernel);
  const [normA, normB] = [Math.hypot(...a), Math.hypot(...b)];
  const chord = Math.hypot(...a.map((value, k) => value / normA - b[k] / normB));
  const across = Math.hypot(...a.map((value, k) => value / normA + b[k] / normB));
  const angle = 2 * Math.atan2(chord, across);
  const values = evaluator.pairAtAngle(
    angle,
    evaluator.inputVariance(normA * normA, a.length),
    evaluator.inputVariance(normB * normB, b.length),
  );
  return values[of] ?? Number.NaN;
}

describe.each(Object.entries(kernels))("the matrix of %s", (_, kernel) => {
  const dimension = 5;
  const count = 150;
  const points = normals(count * dimension, "points");
  // Equal, opposite, nearly equal and parallel inputs.
  points.copyWithin(10 * dimension, 3 * dimension, 4 * dimension);
  points.set(
    points.subarray(5 * dimension, 6 * dimension).map((value) => -value),
    70 * dimension,
  );
  points.set(
    points.subarray(7 * dimension, 8 * dimension).map((value, k) => value + (k === 0 ? 1e-9 : 0)),
    80 * dimension,
  );
  points.set(
    points.subarray(9 * dimension, 10 * dimension).map((value) => 3 * value),
    90 * dimension,
  );

  it.each(["ntk", "nngp"] as const)("is its evaluator's, entry by entry, for the %s", async (of) => {
    const { values } = await kernelMatrix({ kernel, of, points, dimension });
    let worst = 0;
    for (let s = 0; s < count; s += 1) {
      for (let t = 0; t < count; t += 1) {
        const expected = entry(
          kernel,
          points.subarray(s * dimension, (s + 1) * dimension),
          points.subarray(t * dimension, (t + 1) * dimension),
          of,
        );
        const size = Math.sqrt(values[s * count + s] * values[t * count + t]);
        worst = Math.max(worst, Math.abs(values[s * count + t] - expected) / size);
      }
    }
    expect(worst).toBeLessThan(2e-13);
  });

  it("is symmetric, with equal rows for equal inputs, exactly", async () => {
    const { values } = await kernelMatrix({ kernel, points, dimension });
    for (let s = 0; s < count; s += 1) {
      for (let t = 0; t < s; t += 1) expect(values[s * count + t]).toBe(values[t * count + s]);
      expect(values[10 * count + s]).toBe(values[3 * count + s]);
    }
  });

  it("has a strip between other inputs that is a part of it", async () => {
    const { values } = await kernelMatrix({ kernel, points, dimension });
    const others = points.slice(20 * dimension, 100 * dimension);
    const strip = await kernelMatrix({ kernel, points: points.slice(0, 70 * dimension), others, dimension });
    expect([strip.rows, strip.columns]).toEqual([70, 80]);
    for (let s = 0; s < 70; s += 1) {
      for (let t = 0; t < 80; t += 1) {
        expect(Math.abs(strip.values[s * 80 + t] - values[s * count + 20 + t])).toBeLessThan(1e-12);
      }
    }
  });
});

describe("kernel matrices", () => {
  const kernel = kernels["relu, squared norm"];
  const points = normals(200 * 3, "threads");
  const bits = (values: Float64Array): Buffer => Buffer.from(values.slice().buffer);

  it("have the same bits on one thread and on two, in a ReLU kernel and in one of the evaluator", async () => {
    for (const each of [kernel, kernels.erf]) {
      const [one, two] = await Promise.all(
        [1, 2].map((threads) => kernelMatrix({ kernel: each, points, dimension: 3, threads })),
      );
      expect(bits(two.values).equals(bits(one.values))).toBe(true);
    }
  });

  it("come out the same on every engine to rounding", async () => {
    const native = await kernelMatrix({ kernel, points, dimension: 3 });
    for (const engine of ["wasm", "reference"] as const) {
      const other = await withEnginePreference({ engine, arithmetic: "auto" }, () =>
        kernelMatrix({ kernel, points, dimension: 3 }),
      );
      expect(Math.max(...other.values.map((value, at) => Math.abs(value - native.values[at])))).toBeLessThan(1e-12);
    }
  });

  it("are written to a file strip by strip", async () => {
    const file = join(folder, "kernel.npy");
    await kernelMatrixToFile({ kernel, points, dimension: 3, file, blockRows: 70 });
    const { data, shape } = decodeNpy(readFileSync(file));
    expect(shape).toEqual([200, 200]);
    const { values } = await kernelMatrix({ kernel, points, dimension: 3 });
    expect(Math.max(...data.map((value, at) => Math.abs(value - values[at])))).toBeLessThan(1e-12);
  });

  it("say which file could not be written", async () => {
    const error = await errorOf(
      kernelMatrixToFile({ kernel, points, dimension: 3, file: join(folder, "no", "x.npy") }),
    );
    expect(error.code).toBe("file-failed");
  });

  it("name the row of a number that is not finite, and of an input of length 0", async () => {
    const wrong = points.slice();
    wrong[3 * 17 + 1] = Number.NaN;
    const error = await errorOf(kernelMatrix({ kernel, points: wrong, dimension: 3 }));
    expect(error.code).toBe("not-finite");
    expect(error.message).toContain("got NaN in row 17, column 1");
    wrong.fill(0, 3 * 17, 3 * 18);
    expect((await errorOf(kernelMatrix({ kernel, points: wrong, dimension: 3 }))).message).toContain(
      "row 17 of length 0",
    );
  });

  it("want inputs on the sphere where the kernel is one on the sphere", async () => {
    const onSphere = fullyConnected({ activation: relu, weightLayers: 2, normalization: "unit-sphere" });
    const unit = sphereInputs(20, 3, 1, "sphere");
    const { values } = await kernelMatrix({ kernel: onSphere, points: unit, dimension: 3 });
    expect(values[0]).toBeCloseTo(2, 12);
    unit[3 * 5] += 0.1;
    const error = await errorOf(kernelMatrix({ kernel: onSphere, points: unit, dimension: 3 }));
    expect(error.code).toBe("invalid-value");
    expect(error.message).toMatch(/row 5 of length .*divide each row by its length/);
  });

  it("refuse sizes, kernels and threads that do not fit", async () => {
    for (const [options, message] of [
      [{ points: points.slice(1) }, "one or more rows of 3 numbers"],
      [{ dimension: 0 }, "dimension: expected a positive integer"],
      [{ threads: 0 }, "threads: expected an integer"],
      [{ of: "gram" as "ntk" }, "of: expected one of ntk, nngp"],
      [{ kernel: fullyConnected({ activation: neuralKernels.step(), hiddenLayers: 1 }) }, "tangent kernel needs"],
    ] as const) {
      const error = await errorOf(kernelMatrix({ kernel, points, dimension: 3, ...options }));
      expect(error.message).toContain(message);
    }
  });

  it("keep an activation of one's own in its thread", async () => {
    const own = fullyConnected({
      activation: neuralKernels.activation({ value: Math.sin, derivative: Math.cos }),
      hiddenLayers: 1,
    });
    const some = points.slice(0, 30);
    const { values } = await kernelMatrix({ kernel: own, points: some, dimension: 3 });
    const sine = fullyConnected({ activation: neuralKernels.sine({ frequency: 1 }), hiddenLayers: 1 });
    const expected = await kernelMatrix({ kernel: sine, points: some, dimension: 3 });
    expect(Math.max(...values.map((value, at) => Math.abs(value - expected.values[at])))).toBeLessThan(1e-10);
    expect((await errorOf(kernelMatrix({ kernel: own, points: some, dimension: 3, threads: 2 }))).code).toBe(
      "unsupported-combination",
    );
  });

  it("say how much memory they need where they cannot fit, and what to do", async () => {
    const error = await errorOf(() => allocateMatrix(squareShape(3_000_000, 10, 0, 1)));
    expect(error.code).toBe("out-of-memory");
    expect(error.message).toMatch(/a 3000000 x 3000000 matrix that needs 6\d\.\d TiB; .*kernelMatrixToFile/);
  });

  it("refuse numbers that are no symmetric matrix", async () => {
    expect((await errorOf(() => matrixOf(Float64Array.of(1, 2, 3, 4), 2))).message).toContain("a symmetric matrix");
    expect((await errorOf(() => matrixOf(Float64Array.of(1, NaN, 3, 4), 2))).message).toContain("values[0, 1]");
    expect((await errorOf(() => matrixOf(Float64Array.of(1, 2, 3), 2))).message).toContain("4 numbers");
  });
});
