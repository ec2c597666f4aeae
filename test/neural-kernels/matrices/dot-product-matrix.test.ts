import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { activations, decodeNpy, neuralKernels } from "../../../src/index.ts";
import { normals, sphereInputs } from "./random-inputs.ts";

const { dotProductKernel, fullyConnected, gammaExponentialKernel, kernelMatrix, laplaceKernel, nngpKernel, ntkKernel } =
  neuralKernels;
const folder = mkdtempSync(join(tmpdir(), "meanfield-dot-product-"));
afterAll(() => rmSync(folder, { recursive: true }));

const dimension = 4;
const count = 120;
const points = sphereInputs(count, dimension, 1, "dot-product");
// Equal, opposite and nearly equal inputs: at angles of 1e-9 and 1e-4 cosines have lost half of their digits, or more.
points.copyWithin(10 * dimension, 3 * dimension, 4 * dimension);
points.set(
  row(5).map((value) => -value),
  70 * dimension,
);
for (const [at, angle] of [
  [80, 1e-9],
  [81, 1e-4],
] as const)
  points.set(turned(row(7), angle), at * dimension);

function row(s: number): Float64Array {
  return points.slice(s * dimension, (s + 1) * dimension);
}

/** A unit vector at this angle, in the plane of the first two coordinates' quarter turn. */
function turned(x: Float64Array, angle: number): Float64Array {
  const across = Float64Array.of(-x[1], x[0], -x[3], x[2]);
  return x.map((value, k) => Math.cos(angle) * value + Math.sin(angle) * across[k]);
}

/** Angles between unit vectors, from the lengths of difference and sum. */
function anglesBetween(left: Float64Array, right: Float64Array): Float64Array {
  const columns = right.length / dimension;
  return Float64Array.from({ length: (left.length / dimension) * columns }, (_, at) => {
    const [x, y] = [Math.floor(at / columns) * dimension, (at % columns) * dimension];
    let [difference, sum] = [0, 0];
    for (let k = 0; k < dimension; k += 1) {
      difference += (left[x + k] - right[y + k]) ** 2;
      sum += (left[x + k] + right[y + k]) ** 2;
    }
    return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum));
  });
}

const k1 = (angle: number) => (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle)) / Math.PI;
const network = fullyConnected({ activation: activations.relu(), weightLayers: 3, normalization: "unit-sphere" });

const evaluator = neuralKernels.kernelEvaluator(network);

/** Kernels, each with its value from the angle between directions. */
const kernels: Readonly<Record<string, readonly [neuralKernels.DotProductKernel, (angle: number) => number]>> = {
  Laplace: [laplaceKernel({ rate: 1.7 }), (angle) => Math.exp(-1.7 * Math.SQRT2 * Math.sin(angle / 2))],
  Gaussian: [gammaExponentialKernel({ gamma: 1 }), (angle) => Math.exp(-2 * Math.sin(angle / 2) ** 2)],
  "(1 + u) k_1(u)": [
    dotProductKernel((u, angle) => (1 + u) * k1(angle)),
    (angle) => 2 * Math.cos(angle / 2) ** 2 * k1(angle),
  ],
  "a root of the angle's": [
    dotProductKernel((_, angle) => 2 - Math.sin(angle / 2)),
    (angle) => 2 - Math.sin(angle / 2),
  ],
  "NTK of ReLU": [ntkKernel(network), (angle) => evaluator.pairAtAngle(angle).ntk ?? Number.NaN],
};

describe.each(Object.entries(kernels))("the matrix of %s", (_, [kernel, exact]) => {
  it("is its function of the angle, entry by entry, and symmetric with equal rows for equal inputs", async () => {
    const { values } = await kernelMatrix({ kernel, points, dimension });
    const angles = anglesBetween(points, points);
    let worst = 0;
    let unequal = 0;
    for (let s = 0; s < count; s += 1) {
      for (let t = 0; t < count; t += 1) {
        worst = Math.max(worst, Math.abs(values[s * count + t] - exact(angles[s * count + t])));
        if (values[s * count + t] !== values[t * count + s]) unequal += 1;
      }
      if (values[10 * count + s] !== values[3 * count + s]) unequal += 1;
    }
    expect(unequal).toBe(0);
    expect(worst).toBeLessThan(2e-13 * exact(0));
    expect(values[0]).toBe(exact(0));
  });

  it("has a strip between other inputs, of any lengths where it is homogeneous", async () => {
    const lengths = Array.from({ length: count }, (_, s) => 0.1 + (s % 7));
    const scaled = points.map((value, at) => value * lengths[Math.floor(at / dimension)]);
    const others = scaled.slice(60 * dimension);
    const strip = await kernelMatrix({ kernel, points: scaled, others, dimension, normalization: "squared-norm" });
    expect([strip.rows, strip.columns]).toEqual([count, 60]);
    const angles = anglesBetween(points, points.slice(60 * dimension));
    let worst = 0;
    for (let at = 0; at < count * 60; at += 1) {
      const norms = lengths[Math.floor(at / 60)] * lengths[60 + (at % 60)];
      worst = Math.max(worst, Math.abs(strip.values[at] / norms - exact(angles[at])));
    }
    expect(worst).toBeLessThan(2e-13 * exact(0));
  });
});

describe("matrices of dot-product kernels", () => {
  const bits = (values: Float64Array): Buffer => Buffer.from(values.slice().buffer);
  const errorOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error("no error came"),
      (reason) => reason,
    );
    return { code: error.code, message: error.message };
  };

  it("are the network's where the kernel is a network's, bit by bit", async () => {
    const ntk = await kernelMatrix({ kernel: ntkKernel(network), points, dimension });
    expect(bits(ntk.values).equals(bits((await kernelMatrix({ kernel: network, points, dimension })).values))).toBe(
      true,
    );
    const nngp = await kernelMatrix({ kernel: nngpKernel(network), points, dimension });
    const expected = await kernelMatrix({ kernel: network, of: "nngp", points, dimension });
    expect(bits(nngp.values).equals(bits(expected.values))).toBe(true);
  });

  it("count inputs on the sphere with the variance that the kernel was given", async () => {
    const biased = fullyConnected({ activation: activations.erf(), hiddenLayers: 2, biasVariance: 0.3 });
    const { values } = await kernelMatrix({ kernel: nngpKernel(biased, { variance: 2.5 }), points, dimension });
    const evaluator = neuralKernels.kernelEvaluator(biased);
    const angles = anglesBetween(row(0), points);
    for (let t = 1; t < count; t += 1) {
      const { nngp } = evaluator.pairAtAngle(angles[t], 2.5, 2.5);
      expect(Math.abs(values[t] - nngp)).toBeLessThan(1e-13 * values[0]);
    }
  });

  it("have the same bits on one thread and on two, and on disk", async () => {
    const kernel = laplaceKernel();
    const [one, two] = await Promise.all([1, 2].map((threads) => kernelMatrix({ kernel, points, dimension, threads })));
    expect(bits(two.values).equals(bits(one.values))).toBe(true);
    const file = join(folder, "laplace.npy");
    await neuralKernels.kernelMatrixToFile({ kernel, points, dimension, file, blockRows: 50 });
    const { data } = decodeNpy(readFileSync(file));
    expect(Math.max(...data.map((value, at) => Math.abs(value - one.values[at])))).toBeLessThan(1e-15);
  });

  it("serve regression: the Laplace kernel interpolates what it is given", async () => {
    const some = points.slice(0, 9 * dimension);
    const matrix = await kernelMatrix({ kernel: laplaceKernel(), points: some, dimension });
    const targets = normals(9, "targets");
    const [{ coefficients }] = await neuralKernels.kernelRegression({ matrix, targets, ridges: [0] });
    const cross = await kernelMatrix({ kernel: laplaceKernel(), points: some, others: some, dimension });
    const found = neuralKernels.predict(cross, coefficients);
    for (let s = 0; s < 9; s += 1) expect(found[s]).toBeCloseTo(targets[s], 10);
  });

  it.each([
    [{ of: "ntk" }, 'of: expected no value, got "ntk beside a dot-product kernel"; choose nngpKernel or ntkKernel'],
    [{ normalization: "ntk" }, "normalization: expected one of unit-sphere, squared-norm"],
    [{ kernel: network, normalization: "squared-norm" }, "normalization: expected no value"],
    [{ points: points.map((value) => 1.1 * value) }, 'choose another normalization, such as "squared-norm"'],
    [
      { kernel: { kind: "laplace" } },
      'kernel.kind: expected the kind of a kernel, got "laplace"; choose one of fully-connected, nngp',
    ],
    [{ kernel: { kind: "gamma-exponential", rate: 1, gamma: 2 } }, "gamma: expected a number in (0, 1]"],
    [{ kernel: dotProductKernel((u) => (u > 0.9 ? Number.NaN : u)) }, "value: expected a finite number at cosine"],
    [
      { kernel: dotProductKernel((u) => u), threads: 2 },
      "threads: a kernel of one's own stays in the thread that made it",
    ],
  ])("refuse what does not fit: %j", async (wrong, message) => {
    const options = { kernel: laplaceKernel(), points, dimension, ...wrong } as neuralKernels.KernelMatrixOptions;
    expect((await errorOf(kernelMatrix(options))).message).toContain(message);
  });
});
