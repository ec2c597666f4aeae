import { describe, expect, it } from "vitest";
import { activations, MeanfieldError, neuralKernels } from "../../../src/index.ts";
import { symmetricEigen } from "../../../src/numerics/index.ts";
import { normals, sphereInputs } from "../matrices/random-inputs.ts";

const { fullyConnected, kernelMatrix, matrixOf, smallestEigenvalue } = neuralKernels;

async function refusal(work: Promise<unknown>): Promise<MeanfieldError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MeanfieldError) return error;
    throw error;
  }
  throw new Error("no error came");
}

describe("the smallest eigenvalue", () => {
  it.each([
    ["Gaussian inputs", 2, 200, normals(200 * 30, "a"), 30],
    ["inputs on a circle", 3, 60, sphereInputs(60, 2, 1, "b"), 2],
    ["one input", 2, 1, normals(3, "c"), 3],
    ["two inputs", 4, 2, normals(6, "d"), 3],
  ])(
    "of %s, %i layers of weights, %i rows, is ml-matrix's, within its bounds",
    async (_, weightLayers, size, points, dimension) => {
      const kernel = fullyConnected({ activation: activations.relu(), weightLayers, normalization: "squared-norm" });
      const matrix = await kernelMatrix({ kernel, points, dimension });
      const before = matrix.values.slice();
      const found = await smallestEigenvalue(matrix);
      const { values } = symmetricEigen(before, size);
      // ml-matrix's own error is about its unit times the norm.
      const slack = 1e-14 * values[size - 1] * 10;
      expect(values[0]).toBeGreaterThanOrEqual(found.low - slack);
      expect(values[0]).toBeLessThanOrEqual(found.high + slack);
      expect(found.high - found.low).toBeLessThan(1e-9 * found.value + 1e-13 * size * values[size - 1]);
      expect(found.value).toBeGreaterThan(0);
      expect(found.residual).toBeLessThan(1e-4 * values[size - 1]);
      expect(Math.hypot(...found.vector)).toBeCloseTo(1, 12);
      expect(Buffer.from(matrix.values.slice().buffer).equals(Buffer.from(before.buffer))).toBe(true);
    },
  );

  it("of the matrix with 2 on the diagonal and -1 beside it is 4 sin^2(pi/(2(n + 1)))", async () => {
    const size = 500;
    const values = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) {
      values[i * size + i] = 2;
      if (i > 0) values[i * size + i - 1] = values[(i - 1) * size + i] = -1;
    }
    const { low, high, value } = await smallestEigenvalue(matrixOf(values, size));
    const exact = 4 * Math.sin(Math.PI / (2 * (size + 1))) ** 2;
    expect(low).toBeLessThanOrEqual(exact);
    expect(high).toBeGreaterThanOrEqual(exact);
    expect(Math.abs(value - exact)).toBeLessThan(1e-12);
    expect(high - low).toBeLessThan(1e-10);
  });

  it("is the smallest also where a vector of it is nowhere near the start", async () => {
    // One far eigenvalue in a coordinate, the others close together.
    const size = 300;
    const values = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) values[i * size + i] = i === 123 ? 1e-3 : 1 + i / size;
    const { low, high } = await smallestEigenvalue(matrixOf(values, size));
    expect(low).toBeLessThanOrEqual(1e-3);
    expect(high).toBeGreaterThanOrEqual(1e-3);
  });

  it("has the same bits on two threads", async () => {
    const kernel = fullyConnected({ activation: activations.relu(), weightLayers: 2, normalization: "squared-norm" });
    const points = normals(300 * 20, "threads");
    const [one, two] = await Promise.all(
      [1, 2].map(async (threads) => smallestEigenvalue(await kernelMatrix({ kernel, points, dimension: 20, threads }))),
    );
    expect(two).toEqual(one);
  });

  it("is refused for a matrix that is not positive definite, with a bound", async () => {
    const error = await refusal(smallestEigenvalue(matrixOf(Float64Array.of(1, 2, 2, 1), 2)));
    expect(error.code).toBe("not-positive-definite");
    expect(error.message).toContain("whose smallest eigenvalue is at most -0.600 (pivot -3.00 in row 1); add a ridge");
    expect(error.details.upperBound).toBeCloseTo(-0.6, 12);
  });

  it("is refused where rounding hides its sign, with the enclosure", async () => {
    // Features of rank 30 for 60 rows.
    const [size, rank] = [60, 30];
    const features = normals(size * rank, "rank");
    const values = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        let sum = i === j ? 3e-13 : 0;
        for (let k = 0; k < rank; k += 1) sum += features[i * rank + k] * features[j * rank + k];
        values[i * size + j] = sum;
      }
    }
    const error = await refusal(smallestEigenvalue(matrixOf(values, size)));
    expect(error.code).toBe("not-positive-definite");
    expect(error.message).toMatch(/smallest eigenvalue (lies between -\S+ and \S+|is at most)/);
    expect(error.message).not.toContain("NaN");
    const { upperBound = Number.NaN } = error.details;
    expect(upperBound).toBeGreaterThan(0);
    expect(upperBound).toBeLessThan(1e-10);
  });

  it("is refused for a finite ReLU network that is off at some inputs, which are named, with 0 as its bound", async () => {
    const kernel = fullyConnected({ activation: activations.relu(), weightLayers: 2, normalization: "squared-norm" });
    const points = normals(12 * 5, "off");
    const matrix = neuralKernels.empiricalKernel({ kernel, widths: [3], points, dimension: 5, seed: 1 });
    const off = Array.from({ length: 12 }, (_, row) => row).filter((row) => matrix.values[row * 13] === 0);
    expect(off.length).toBeGreaterThan(0);
    const error = await refusal(smallestEigenvalue(matrix));
    expect(error.message).toContain(`the diagonal is 0 in ${off.length === 1 ? "row" : "rows"} ${off.join(", ")};`);
    expect(error.message).toContain("leave out these inputs");
    expect(error.details.upperBound).toBeCloseTo(0, 12);
  });

  it("is refused for equal inputs, which are named", async () => {
    const kernel = fullyConnected({ activation: activations.erf(), hiddenLayers: 1 });
    const points = normals(40 * 3, "equal");
    points.copyWithin(39 * 3, 0, 3);
    const error = await refusal(smallestEigenvalue(await kernelMatrix({ kernel, points, dimension: 3 })));
    expect(error.message).toContain("rows 0 and 39 are equal");
  });

  it("wants a tolerance that can be", async () => {
    const matrix = matrixOf(Float64Array.of(1), 1);
    expect((await refusal(smallestEigenvalue(matrix, { tolerance: 0 }))).message).toContain("tolerance: expected");
  });
});
