import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { coefficientsOf, covarianceEdge, sharpConstant, sphereEdge } from "../../scenarios/ntk-min-eigenvalue/edge.ts";
import { deadShare, rankBound, zerosOnDiagonal } from "../../scenarios/ntk-min-eigenvalue/finite-network.ts";
import { gaussianInputs, sphereInputs } from "../../scenarios/ntk-min-eigenvalue/inputs.ts";
import { slopeOfMeans } from "../../scenarios/ntk-min-eigenvalue/intervals.ts";
import { expectedPair, median } from "../../scenarios/ntk-min-eigenvalue/rate.ts";
import { reluKernel, smallestOf } from "../../scenarios/ntk-min-eigenvalue/smallest.ts";
import { empiricalKernel, matrixOf } from "../../src/neural-kernels/public.ts";
import { deriveKey, fillNormal, symmetricEigen } from "../../src/numerics/index.ts";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "ntk-min-eigenvalue-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("ntk-min-eigenvalue", () => {
  it("finds the sharp constants, bounds, explained zeros and one wide layer, and fails at no claim in its short form", async () => {
    const outcome = await runScenario("ntk-min-eigenvalue", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.length).toBe(34);
    expect(outcome.claims.filter(({ verdict }) => verdict === "fails").map(({ id }) => id)).toEqual([]);
    // Medians of 200 draws and means of ten networks are too few for a verdict on all of these.
    const open = outcome.claims.filter(({ verdict }) => verdict === "inconclusive").map(({ id }) => id);
    expect(open.filter((id) => !/^(rate|closest-pair|one-wide|features-edge|edge-power)/.test(id))).toEqual([]);
    const { twoLayer } = outcome.summary as unknown as {
      twoLayer: { rankBound: number; inputs: number; singular: number; draws: number; ratio: { value: number } }[];
    };
    const few = twoLayer.filter(({ rankBound: rank, inputs }) => rank < inputs);
    expect(few.length).toBeGreaterThanOrEqual(3);
    expect(few.every(({ singular, draws, ratio }) => singular === draws && ratio.value === 0)).toBe(true);
  }, 120_000);

  it.each([
    [{ dimensions: [40, 80.5, 160] }, "dimensions: expected whole numbers, got 80.5"],
    [{ widths: [2, 3999] }, "widths: expected a last one of at least 20 networkInputs = 4000, got 3999"],
    [{ narrowWidths: [5, 21] }, "narrowWidths: expected 20 among them, got 5, 21"],
    [{ featureWidths: [200, 1000] }, "featureWidths: expected widths above networkInputs = 200, got 200"],
  ])("refuses %j", async (parameters, message) => {
    await expect(runScenario("ntk-min-eigenvalue", { parameters, seed: 1, out })).rejects.toMatchObject({
      code: "invalid-value",
      message: expect.stringContaining(message),
    });
  });
});

describe("the sharp constant", () => {
  it("is made of the power series' coefficients, which another program finds by contour integrals", () => {
    // NumPy, FFT of the kernel on |u| = 0.97.
    const found = [2, 3, 4].map(coefficientsOf);
    expect(found.map(({ linear }) => linear.toFixed(4))).toEqual(["1.0000", "0.9581", "0.9126"]);
    expect(found.map(({ square }) => square.toFixed(4))).toEqual(["0.4775", "0.6156", "0.6651"]);
    expect([...found, coefficientsOf(5)].map(({ tail }) => tail.toFixed(4))).toEqual([
      "0.6817",
      "1.3562",
      "2.0270",
      "2.6981",
    ]);
  });

  it.each([
    [2, 0.5],
    [3, 0.25],
    [4, 1],
    [3, 2],
  ])("for L = %i and N = %f d is where the edges of finite dimensions go", (layers, ratio) => {
    const gaps = [500, 2000].map((dimension) =>
      Math.abs(sphereEdge(layers, dimension, ratio * dimension) - sharpConstant(layers, ratio)),
    );
    // As d^(-1/2) or faster.
    expect(gaps[1]).toBeLessThan(0.55 * gaps[0]);
    expect(gaps[1]).toBeLessThan(0.05);
  });
});

describe("the edge", () => {
  it("of a sample covariance with identity is Marchenko and Pastur's", () => {
    for (const columns of [250, 1000]) {
      expect(covarianceEdge(new Float64Array(200).fill(3), columns)).toBeCloseTo(
        3 * (1 - Math.sqrt(200 / columns)) ** 2,
        10,
      );
    }
  });

  it("of a sample covariance is where Gaussian samples have their smallest eigenvalue", async () => {
    const [size, columns] = [150, 600];
    const spectrum = Float64Array.from({ length: size }, (_, i) => 1 + (3 * i) / size);
    const rows = gaussianInputs({ seed: 1, purpose: "edge", draw: 0, count: size, dimension: columns });
    const values = new Float64Array(size * size);
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        let sum = 0;
        for (let k = 0; k < columns; k += 1) sum += rows[i * columns + k] * rows[j * columns + k];
        values[i * size + j] = (Math.sqrt(spectrum[i] * spectrum[j]) * sum) / columns;
      }
    }
    const { value } = await smallestOf(matrixOf(values, size));
    // Eigenvalues scatter about the edge by size^(-2/3) of it.
    expect(Math.abs(value / covarianceEdge(spectrum, columns) - 1)).toBeLessThan(2 * size ** (-2 / 3));
  });
});

describe("finite networks", () => {
  it.each([
    [3, [2], 6],
    [3, [3, 3], 15],
    // Narrow layers one after the other leave few linear pieces, and those fewer ranks.
    [4, [2, 5, 2], 21],
  ])(
    "in d = %i with widths %j have tangent kernels of rank %i at most, and up to two hidden layers of just that as a rule",
    (dimension, widths, bound) => {
      const count = 60;
      const rankOf = (draw: number): number => {
        const points = gaussianInputs({ seed: 1, purpose: "rank", draw, count, dimension });
        const kernel = reluKernel(widths.length + 1);
        const matrix = empiricalKernel({ kernel, widths, points, dimension, seed: 1, draw });
        const { values } = symmetricEigen(matrix.values.slice(), count);
        return values.filter((value) => value > 1e-10 * values[count - 1]).length;
      };
      const ranks = Array.from({ length: 12 }, (_, draw) => rankOf(draw));
      expect(rankBound(dimension, widths)).toBe(bound);
      expect(Math.max(...ranks)).toBeLessThanOrEqual(bound);
      if (widths.length <= 2) expect(Math.max(...ranks)).toBe(bound);
    },
  );

  it("have 0 on the diagonal just where all units of a layer are off", () => {
    const [count, dimension, widths] = [200, 5, [3, 4]];
    const points = gaussianInputs({ seed: 1, purpose: "dead", draw: 0, count, dimension });
    const normals = (length: number, name: string) => {
      const values = new Float64Array(length);
      fillNormal(values, 0, length, 0, deriveKey(1, name), 0, 0, 0);
      return values;
    };
    const sizes = [dimension, ...widths, 1];
    const parameters = widths.concat(1).map((width, layer) => ({
      weights: normals(width * sizes[layer], `weights ${layer}`),
      biases: new Float64Array(width),
    }));
    const matrix = empiricalKernel({ kernel: reluKernel(3), widths, points, dimension, parameters });
    let off = 0;
    for (let row = 0; row < count; row += 1) {
      let values = Array.from(points.subarray(row * dimension, (row + 1) * dimension));
      const isOff = widths.some((width, layer) => {
        const inputs = values;
        values = Array.from({ length: width }, (_, unit) => {
          const z = inputs.reduce(
            (sum, each, j) => sum + each * parameters[layer].weights[unit * inputs.length + j],
            0,
          );
          return Math.max(0, z);
        });
        return values.every((value) => value === 0);
      });
      if (isOff) off += 1;
      expect(matrix.values[row * (count + 1)] === 0).toBe(isOff);
    }
    expect(zerosOnDiagonal(matrix)).toBe(off);
    expect(off).toBeGreaterThan(5);
    expect(off).toBeLessThan(80);
  });

  it("are off with the chance of fair coins", () => {
    expect(deadShare([3])).toBeCloseTo(1 / 8, 15);
    expect(deadShare([3, 4])).toBeCloseTo(1 - (7 / 8) * (15 / 16), 15);
    expect(deadShare([2000])).toBe(0);
  });

  it("that are singular are told with a bound, and what else goes wrong is not swallowed", async () => {
    const singular = await smallestOf(matrixOf(Float64Array.of(1, 1, 1, 1), 2));
    expect(singular).toMatchObject({ value: 0, isSingular: true, width: null });
    expect(singular.high).toBeLessThan(1e-13);
    const other = smallestOf({ rows: 1, columns: 1, values: Float64Array.of(1) });
    await expect(other).rejects.toMatchObject({ code: "invalid-value" });
  });
});

describe("the rate", () => {
  it("is of medians whose intervals are order statistics", () => {
    const values = Array.from({ length: 101 }, (_, index) => (index * 37) % 101);
    const { value, low, high } = median(values);
    expect(value).toBe(50);
    expect(low).toBe(40);
    expect(high).toBe(61);
  });

  it("has the closest pair's median where caps are sin^2(angle/2) of the sphere and the kernel is closed", () => {
    const inputs = 100;
    const angle = 2 * Math.asin(Math.sqrt((2 * Math.LN2) / (inputs * (inputs - 1))));
    const [zero, one] = [1 - angle / Math.PI, (Math.cos(angle) * (Math.PI - angle) + Math.sin(angle)) / Math.PI];
    expect(expectedPair(3, 2, inputs)).toBeCloseTo(2 - (Math.cos(angle) * zero + one), 12);
  });

  it("is a slope with equal weights, whose interval is that of the points", () => {
    const x = [1, 2, 4];
    const points = x.map((each) => ({ value: each ** -0.7, low: 0.9 * each ** -0.7, high: 1.1 * each ** -0.7 }));
    const { value, low, high } = slopeOfMeans(x, points);
    expect(value).toBeCloseTo(-0.7, 12);
    // Weights -1/(2 log 2), 0, 1/(2 log 2).
    expect(high - value).toBeCloseTo((0.1 * Math.SQRT2) / (2 * Math.LN2), 12);
    expect(value - low).toBeCloseTo(high - value, 12);
  });
});

it("draws inputs on the sphere, of which a longer set begins with the shorter", () => {
  const set = { seed: 3, purpose: "sphere", draw: 2, dimension: 6 };
  const [short, long] = [10, 20].map((count) => sphereInputs({ ...set, count }, 2));
  expect([...long.subarray(0, 60)]).toEqual([...short]);
  for (let row = 0; row < 20; row += 1) expect(Math.hypot(...long.subarray(6 * row, 6 * row + 6))).toBeCloseTo(2, 12);
  expect([...sphereInputs({ ...set, draw: 3, count: 10 }, 2)]).not.toEqual([...short]);
});
