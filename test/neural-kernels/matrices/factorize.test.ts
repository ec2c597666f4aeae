import { describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import { activations, MeanfieldError, neuralKernels } from "../../../src/index.ts";
import { symmetricEigen } from "../../../src/numerics/index.ts";
import { normals } from "./random-inputs.ts";

const { factorize, fullyConnected, kernelMatrix, matrixOf } = neuralKernels;
const kernel = fullyConnected({ activation: activations.relu(), weightLayers: 3, normalization: "squared-norm" });

/** A positive definite matrix that fills several blocks. */
const matrixOfSize = (size: number, threads = 1) =>
  kernelMatrix({ kernel, points: normals(size * 4, "factor"), dimension: 4, threads });

async function refusal(work: Promise<unknown>): Promise<MeanfieldError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MeanfieldError) return error;
    throw error;
  }
  throw new Error("no error came");
}

describe.each([1, 40, 256, 300, 700])("a factorisation of order %i", (size) => {
  it("is L L^T of the matrix, whose upper triangle stays", async () => {
    const matrix = await matrixOfSize(size);
    const before = matrix.values.slice();
    await factorize(matrix);
    const { values } = matrix;
    let worst = 0;
    for (let i = 0; i < size; i += 17) {
      for (let j = 0; j <= i; j += 1) {
        let sum = 0;
        for (let k = 0; k <= j; k += 1) sum += values[i * size + k] * values[j * size + k];
        worst = Math.max(worst, Math.abs(sum - before[i * size + j]));
      }
      for (let j = i + 1; j < size; j += 1) expect(values[i * size + j]).toBe(before[i * size + j]);
    }
    expect(worst).toBeLessThan(2e-14 * before[0] * 20);
  });

  it("solves, also with a ridge after another one", async () => {
    const matrix = await matrixOfSize(size);
    const before = matrix.values.slice();
    const right = normals(2 * size, "right");
    await factorize(matrix, { ridge: 5 });
    const factor = await factorize(matrix, { ridge: 0.5 });
    const solution = factor.solve(right, 2);
    for (let i = 0; i < size; i += 13) {
      for (let column = 0; column < 2; column += 1) {
        let sum = 0.5 * solution[2 * i + column];
        for (let k = 0; k < size; k += 1) sum += before[i * size + k] * solution[2 * k + column];
        expect(Math.abs(sum - right[2 * i + column])).toBeLessThan(1e-9);
      }
    }
    const there = factor.solveLower(right.slice(0, size));
    const own = factor.solve(right.slice(0, size));
    const quadratic = own.reduce((sum, value, i) => sum + value * right[i], 0);
    expect(there.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(quadratic, 8);
  });
});

it("the determinant is the product of ml-matrix's eigenvalues", async () => {
  const matrix = await matrixOfSize(90);
  const { values } = symmetricEigen(matrix.values.slice(), 90);
  const { logDeterminant } = await factorize(matrix);
  expect(logDeterminant).toBeCloseTo(
    values.reduce((sum, value) => sum + Math.log(value), 0),
    8,
  );
});

it("the bits are those of one thread on two, of the compiled engines on the other one, and of the reference in plain arithmetic", async () => {
  const factored = async (threads: number, engine: "auto" | "wasm" | "reference", arithmetic: "auto" | "plain") =>
    withEnginePreference({ engine, arithmetic }, async () => {
      const matrix = await matrixOfSize(400, threads);
      await factorize(matrix);
      return Buffer.from(matrix.values.slice().buffer);
    });
  const one = await factored(1, "auto", "auto");
  expect((await factored(2, "auto", "auto")).equals(one)).toBe(true);
  const plain = await factored(1, "wasm", "plain");
  expect((await factored(2, "wasm", "plain")).equals(plain)).toBe(true);
  expect((await factored(1, "reference", "plain")).equals(plain)).toBe(true);
});

it("a matrix that is not positive definite is refused with the row and a bound that holds", async () => {
  const size = 300;
  const values = (await matrixOfSize(size)).values.slice();
  for (let i = 0; i < size; i += 1) values[i * size + i] -= 1.5;
  const { values: eigenvalues } = symmetricEigen(values, size);
  expect(eigenvalues[0]).toBeLessThan(0);
  const error = await refusal(factorize(matrixOf(values, size)));
  expect(error.code).toBe("not-positive-definite");
  const bound = Number(/at most (\S+) \(pivot/.exec(error.message)?.[1]);
  expect(bound).toBeGreaterThanOrEqual(eigenvalues[0]);
  expect(bound).toBeLessThanOrEqual(0);
}, 20_000);

it("of equal inputs the rows are named, and with a ridge they are no harm", async () => {
  const points = normals(60 * 4, "equal");
  points.copyWithin(41 * 4, 7 * 4, 8 * 4);
  const matrix = await kernelMatrix({ kernel, points, dimension: 4 });
  const error = await refusal(factorize(matrix));
  expect(error.message).toContain("rows 7 and 41 are equal; leave one of them out, or add a ridge");
  const factor = await factorize(matrix, { ridge: 0.1 });
  expect(Number.isFinite(factor.logDeterminant)).toBe(true);
});

it("of parallel inputs under a homogeneous kernel the rows are named", async () => {
  const points = normals(60 * 4, "parallel");
  points.set(
    points.subarray(7 * 4, 8 * 4).map((value) => 2 * value),
    41 * 4,
  );
  const error = await refusal(factorize(await kernelMatrix({ kernel, points, dimension: 4 })));
  expect(error.message).toContain("rows 7 and 41 are parallel");
});

it("an earlier factor and wrong arguments are refused", async () => {
  const matrix = await matrixOfSize(20);
  const old = await factorize(matrix);
  await factorize(matrix, { ridge: 1 });
  expect(() => old.solve(new Float64Array(20))).toThrow(/factor the matrix again/);
  expect((await refusal(factorize(matrix, { ridge: -1 }))).message).toContain("ridge: expected a finite number >= 0");
  const strip = await kernelMatrix({ kernel, points: normals(8, "s"), others: normals(12, "o"), dimension: 4 });
  expect((await refusal(factorize(strip))).message).toContain('a symmetric matrix, got "one of 2 x 3 between two sets');
  // As many others as points do not make it symmetric.
  const square = await kernelMatrix({ kernel, points: normals(8, "s"), others: normals(8, "o"), dimension: 4 });
  expect((await refusal(factorize(square))).message).toContain("leave out `others`");
  expect((await refusal(factorize({ ...strip }))).message).toContain("matrixOf");
});
