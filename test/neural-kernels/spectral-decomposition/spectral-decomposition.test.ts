import { describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import {
  factorize,
  fullyConnected,
  kernelMatrix,
  kernelRegression,
  matrixOf,
  smallestEigenvalue,
  spectralDecomposition,
} from "../../../src/neural-kernels/public.ts";
import { deriveKey, fillNormal, symmetricEigen } from "../../../src/numerics/index.ts";

function normals(length: number, label: string): Float64Array {
  const out = new Float64Array(length);
  fillNormal(out, 0, length, 0, deriveKey("spectral-decomposition", label), 0, 0, 0);
  return out;
}

/** A symmetric matrix of either sign. */
function symmetric(size: number): Float64Array {
  const values = normals(size * size, `matrix ${size}`);
  return values.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return values[Math.max(i, j) * size + Math.min(i, j)];
  });
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("the spectral decomposition", () => {
  // One block of rows, its edges, and several.
  it.each([1, 2, 3, 16, 17, 18, 33, 70, 130])(
    "of a matrix of %i rows has ml-matrix's eigenvalues and is the matrix",
    (size) => {
      const values = symmetric(size);
      const decomposition = spectralDecomposition(matrixOf(values, size));
      const { values: expected } = symmetricEigen(values, size);
      const norm = largest(expected);
      for (const [index, eigenvalue] of decomposition.eigenvalues.entries()) {
        expect(Math.abs(eigenvalue - expected[index])).toBeLessThan(1e-14 * Math.sqrt(size) * norm);
      }
      const count = 2;
      const right = normals(size * count, "right");
      const got = decomposition.apply((eigenvalue) => eigenvalue, right, count);
      for (let i = 0; i < size; i += 1) {
        for (let k = 0; k < count; k += 1) {
          let sum = 0;
          for (let j = 0; j < size; j += 1) sum += values[i * size + j] * right[j * count + k];
          expect(Math.abs(got[i * count + k] - sum)).toBeLessThan(1e-13 * size * Math.max(1, norm));
        }
      }
    },
  );

  it("has parts along eigenvectors that are ml-matrix's up to sign", () => {
    const size = 60;
    const values = symmetric(size);
    const right = normals(size, "right");
    const parts = spectralDecomposition(matrixOf(values, size)).toEigenvectors(right);
    const { vectors } = symmetricEigen(values, size);
    for (let mode = 0; mode < size; mode += 1) {
      let expected = 0;
      for (let i = 0; i < size; i += 1) expected += vectors[mode * size + i] * right[i];
      expect(Math.abs(Math.abs(parts[mode]) - Math.abs(expected))).toBeLessThan(1e-11);
    }
  });

  it("of a kernel matrix agrees with the Cholesky factor and with the enclosed smallest eigenvalue, before and after them", async () => {
    const [count, dimension, ridge] = [80, 5, 0.3];
    const kernel = fullyConnected({ activation: { kind: "relu" }, hiddenLayers: 2, normalization: "squared-norm" });
    const matrix = await kernelMatrix({ kernel, points: normals(count * dimension, "points"), dimension });
    const targets = normals(count, "targets");
    const [fit] = await kernelRegression({ matrix, targets, ridges: [ridge] });
    const smallest = await smallestEigenvalue(matrix);
    const decomposition = spectralDecomposition(matrix);
    const coefficients = decomposition.apply((eigenvalue) => 1 / (eigenvalue + ridge), targets);
    for (const [s, value] of coefficients.entries()) expect(value).toBeCloseTo(fit.coefficients[s], 10);
    const norm = decomposition.eigenvalues[count - 1];
    expect(Math.abs(decomposition.eigenvalues[0] - smallest.value)).toBeLessThan(1e-14 * norm);
    const logDeterminant = decomposition.eigenvalues.reduce((sum, value) => sum + Math.log(value + ridge), 0);
    expect(logDeterminant).toBeCloseTo(fit.logDeterminant, 9);
    expect((await factorize(matrix, { ridge })).logDeterminant).toBe(fit.logDeterminant);
    expect(() => decomposition.apply((value) => value, targets)).toThrow(/decompose the matrix again/);
  });

  it("takes diagonal matrices, equal eigenvalues and extreme scales", () => {
    const diagonal = Float64Array.of(2, 0, 0, 0, -1, 0, 0, 0, 2);
    expect([...spectralDecomposition(matrixOf(diagonal, 3)).eigenvalues]).toEqual([-1, 2, 2]);
    for (const scale of [1e-300, 1e-160, 1e150]) {
      const ones = new Float64Array(400).fill(scale);
      const { eigenvalues } = spectralDecomposition(matrixOf(ones, 20));
      expect(eigenvalues[19] / scale).toBeCloseTo(20, 12);
      expect(Math.abs(eigenvalues[0] / scale)).toBeLessThan(1e-13);
    }
  });

  it("has the same bits on engines of plain arithmetic", () => {
    const values = symmetric(90);
    const right = normals(90, "right");
    const [wasm, reference] = (["wasm", "reference"] as const).map((engine) =>
      withEnginePreference({ engine, arithmetic: "plain" }, () => {
        const decomposition = spectralDecomposition(matrixOf(values, 90));
        return [...decomposition.eigenvalues, ...decomposition.toEigenvectors(right)];
      }),
    );
    expect(wasm).toEqual(reference);
  });

  it("refuses matrices between two sets of inputs and columns that do not fit", async () => {
    const kernel = fullyConnected({ activation: { kind: "relu" }, hiddenLayers: 1 });
    const options = { kernel, points: normals(8, "points"), others: normals(8, "others"), dimension: 4 };
    const strip = await kernelMatrix(options);
    expect(() => spectralDecomposition(strip)).toThrow("expected a symmetric matrix");
    const decomposition = spectralDecomposition(matrixOf(symmetric(4), 4));
    expect(() => decomposition.toEigenvectors(new Float64Array(5))).toThrow("right: expected 4 numbers");
    expect(() => decomposition.fromEigenvectors(new Float64Array(5), 1)).toThrow("parts: expected 4 numbers");
    expect(() => decomposition.apply((value) => value, new Float64Array(4), 0)).toThrow("count: expected");
  });
});
