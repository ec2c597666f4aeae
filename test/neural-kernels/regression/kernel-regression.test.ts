import { describe, expect, it } from "vitest";
import { activations, neuralKernels } from "../../../src/index.ts";
import { symmetricEigen } from "../../../src/numerics/index.ts";
import { normals } from "../matrices/random-inputs.ts";

const { fullyConnected, kernelDescent, kernelMatrix, kernelRegression, matrixOf, predict } = neuralKernels;
const kernel = fullyConnected({ activation: activations.erf(), hiddenLayers: 2 });
const [count, others, dimension, outputs] = [60, 9, 4, 3];
const points = normals(count * dimension, "training");
const elsewhere = normals(others * dimension, "elsewhere");
const targets = normals(count * outputs, "targets");

describe("kernel ridge regression", () => {
  it("is what the eigenvectors of ml-matrix give, for each ridge of a path and each output", async () => {
    const matrix = await kernelMatrix({ kernel, points, dimension });
    const { values, vectors } = symmetricEigen(matrix.values.slice(), count);
    const cross = await kernelMatrix({ kernel, points: elsewhere, others: points, dimension });
    const fits = await kernelRegression({ matrix, targets, outputs, ridges: [1, 1e-3, 0.1] });
    expect(fits.map(({ ridge }) => ridge)).toEqual([1, 1e-3, 0.1]);
    for (const { ridge, coefficients, fitted, quadraticForms, logDeterminant } of fits) {
      expect(logDeterminant).toBeCloseTo(
        values.reduce((sum, value) => sum + Math.log(value + ridge), 0),
        8,
      );
      const predicted = predict(cross, coefficients, outputs);
      for (let output = 0; output < outputs; output += 1) {
        const alpha = new Float64Array(count);
        for (let mode = 0; mode < count; mode += 1) {
          let inner = 0;
          for (let s = 0; s < count; s += 1) inner += vectors[mode * count + s] * targets[s * outputs + output];
          for (let s = 0; s < count; s += 1) alpha[s] += (vectors[mode * count + s] * inner) / (values[mode] + ridge);
        }
        let quadratic = 0;
        for (let s = 0; s < count; s += 1) {
          const at = s * outputs + output;
          expect(Math.abs(coefficients[at] - alpha[s])).toBeLessThan((1e-11 * Math.hypot(...alpha)) / ridge);
          expect(Math.abs(fitted[at] - (targets[at] - ridge * alpha[s]))).toBeLessThan(1e-9);
          quadratic += alpha[s] * targets[at];
        }
        expect(quadraticForms[output] / quadratic).toBeCloseTo(1, 9);
        for (let row = 0; row < others; row += 1) {
          let expected = 0;
          for (let s = 0; s < count; s += 1) expected += cross.values[row * count + s] * alpha[s];
          expect(Math.abs(predicted[row * outputs + output] - expected)).toBeLessThan(1e-8);
        }
      }
    }
  });

  it("refuses targets, ridges and matrices that do not fit", async () => {
    const matrix = matrixOf(Float64Array.of(2, 1, 1, 2), 2);
    const refused = (options: Partial<neuralKernels.KernelRegressionOptions>, message: string) =>
      expect(kernelRegression({ matrix, targets: Float64Array.of(1, 2), ridges: [1], ...options })).rejects.toThrow(
        message,
      );
    await refused({ targets: Float64Array.of(1) }, "targets: expected 2 x 1 numbers");
    await refused({ targets: Float64Array.of(1, Number.NaN) }, "got NaN in row 1");
    await refused({ outputs: 0 }, "outputs: expected a positive integer");
    await refused({ ridges: [1, -1] }, "ridges[1]: expected a finite number >= 0");
    await refused({ matrix: matrixOf(Float64Array.of(1, 1, 1, 1), 2), ridges: [0] }, "rows 0 and 1 are equal");
    expect(() => predict(matrix, Float64Array.of(1))).toThrow("coefficients: expected 2 x 1 numbers");
  });
});

describe("kernel gradient descent of several outputs", () => {
  it("is that of each output alone", async () => {
    const matrix = await kernelMatrix({ kernel, points, dimension });
    const cross = await kernelMatrix({ kernel, points: elsewhere, others: points, dimension });
    const initial = normals(count * outputs, "initial");
    const initialThere = normals(others * outputs, "initial there");
    const steps = { stepSize: 0.2 };
    const all = kernelDescent({ kernel: matrix.values, targets, outputs, initial, steps });
    for (let output = 0; output < outputs; output += 1) {
      const column = (values: Float64Array) => values.filter((_, at) => at % outputs === output);
      const one = kernelDescent({ kernel: matrix.values, targets: column(targets), initial: column(initial), steps });
      for (const time of [0, 3, 200]) {
        expect(column(all.values(time))).toEqual(one.values(time));
        const there = one.valuesAt(cross.values, time, column(initialThere));
        expect(column(all.valuesAt(cross.values, time, initialThere))).toEqual(there);
      }
    }
    expect(() => kernelDescent({ kernel: matrix.values, targets, outputs: 7 })).toThrow("outputs");
  });

  it("of a singular kernel learns nothing in its null space and moves others by the time that has passed", () => {
    // Rank 1: K = v v^T. Loss mean |f - y|^2 with learning rate r is a step of 2 r here: at s = 0 the factor is 2 r t/n.
    const singular = Float64Array.of(1, 1, 1, 1);
    const rate = 0.05;
    const { values, valuesAt } = kernelDescent({
      kernel: singular,
      targets: Float64Array.of(1, -1),
      steps: { stepSize: 2 * rate },
    });
    expect([...values(10)].every((value) => Math.abs(value) < 1e-12)).toBe(true);
    // k(x) not in the range of K, as rounding can make it.
    expect(valuesAt(Float64Array.of(1, -1), 10)[0]).toBeCloseTo((100 * 2 * rate * 2) / 2, 12);
  });
});
