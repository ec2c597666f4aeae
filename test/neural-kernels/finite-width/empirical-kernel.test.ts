import { describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import { activations, MeanfieldError, neuralKernels } from "../../../src/index.ts";
import { buildKernelActivation } from "../../../src/neural-kernels/infinite-width/kernel-activation.ts";
import { fitPowerLaw, symmetricEigen } from "../../../src/numerics/index.ts";
import { normals, sphereInputs } from "../matrices/random-inputs.ts";

const { averageKernel, empiricalKernel, fullyConnected, kernelMatrix } = neuralKernels;
type Kernel = neuralKernels.FullyConnectedKernel;

/** Parameters of a network as one array, each layer's W and then its b. */
function parametersOf(flat: Float64Array, sizes: readonly number[]): neuralKernels.LayerParameters[] {
  let end = 0;
  const take = (length: number): Float64Array => {
    end += length;
    return flat.slice(end - length, end);
  };
  return sizes.slice(1).map((outputs, layer) => ({ weights: take(outputs * sizes[layer]), biases: take(outputs) }));
}

/** The network's output at x, straight from its definition; x has been scaled by `scale`, and the first layer has no 1/n. */
function output(kernel: Kernel, flat: Float64Array, sizes: readonly number[], x: Float64Array, scale: number): number {
  const { value } = buildKernelActivation(kernel.activation);
  let h = Array.from(x, (entry) => entry * scale);
  parametersOf(flat, sizes).forEach(({ weights, biases }, layer) => {
    const { weightVariance, biasTangent } = kernel.layers[layer];
    const inputs = sizes[layer];
    const z = Array.from(biases, (bias, i) => {
      let sum = 0;
      for (let j = 0; j < inputs; j += 1) sum += weights[i * inputs + j] * h[j];
      return Math.sqrt(weightVariance / (layer === 0 ? 1 : inputs)) * sum + Math.sqrt(biasTangent) * bias;
    });
    h = layer === sizes.length - 2 ? z : z.map(value);
  });
  return h[0];
}

const cases: readonly [string, Kernel, number[], (x: Float64Array) => number][] = [
  [
    "relu, squared norm, three hidden layers",
    fullyConnected({ activation: activations.relu(), hiddenLayers: 3, normalization: "squared-norm" }),
    [5, 7, 4],
    () => 1,
  ],
  [
    "erf with biases in all layers",
    fullyConnected({
      activation: activations.erf(),
      hiddenLayers: 2,
      biasVariance: 0.1,
      biasTangent: 0.4,
      biases: "all-layers",
      weightVariance: 1.7,
    }),
    [6, 5],
    (x) => 1 / Math.sqrt(x.length),
  ],
  [
    "tanh on the unit sphere, one hidden layer",
    fullyConnected({ activation: activations.tanh(), hiddenLayers: 1, normalization: "unit-sphere" }),
    [9],
    (x) => 1 / Math.hypot(...x),
  ],
  [
    "leaky relu, trained biases that start at 0",
    fullyConnected({ activation: activations.leakyRelu({ negativeSlope: 0.3 }), hiddenLayers: 2, biasTangent: 1 }),
    [8, 3],
    (x) => 1 / Math.sqrt(x.length),
  ],
];

describe.each(cases)("the kernel of a finite network, %s", (name, kernel, widths, scaleOf) => {
  const dimension = 3;
  const count = 6;
  const isOnSphere = kernel.normalization === "unit-sphere";
  const points = isOnSphere ? sphereInputs(count, dimension, 1, name) : normals(count * dimension, name);
  const sizes = [dimension, ...widths, 1];
  const length = sizes.slice(1).reduce((sum, outputs, layer) => sum + outputs * (sizes[layer] + 1), 0);
  const flat = normals(length, `${name} parameters`);

  it("is the product of Jacobians by finite differences", () => {
    const jacobian = Array.from({ length: count }, (_, s) => {
      const x = points.subarray(s * dimension, (s + 1) * dimension);
      return Array.from({ length }, (_, p) => {
        const step = 1e-5;
        const at = (sign: number): number => {
          const moved = flat.slice();
          moved[p] += sign * step;
          return output(kernel, moved, sizes, x, scaleOf(x));
        };
        return (at(1) - at(-1)) / (2 * step);
      });
    });
    const { values } = empiricalKernel({ kernel, widths, points, dimension, parameters: parametersOf(flat, sizes) });
    for (let s = 0; s < count; s += 1) {
      for (let t = 0; t < count; t += 1) {
        const expected = jacobian[s].reduce((sum, entry, p) => sum + entry * jacobian[t][p], 0);
        expect(Math.abs(values[s * count + t] - expected)).toBeLessThan(1e-7 * (1 + Math.abs(expected)));
      }
    }
  });

  it("has a mean over networks within 4 standard errors of the infinite width's, but for a bias of depth/width", async () => {
    const wide = widths.map(() => 300);
    for (const of of ["ntk", "nngp"] as const) {
      const { mean, standardErrors } = averageKernel({
        kernel,
        widths: wide,
        of,
        points,
        dimension,
        draws: 60,
        seed: 3,
      });
      const { values } = await kernelMatrix({ kernel, of, points, dimension });
      const largest = Math.max(...values);
      for (let at = 0; at < values.length; at += 1) {
        expect(standardErrors[at]).toBeGreaterThan(0);
        // The bias is of order depth/width; where there is one hidden layer it is 0.
        const bias = widths.length === 1 ? 0 : (2 * widths.length * largest) / 300;
        expect(Math.abs(mean.values[at] - values[at])).toBeLessThan(4 * standardErrors[at] + bias);
      }
    }
  });
});

describe("finite networks", () => {
  const relu = (weightLayers: number) =>
    fullyConnected({ activation: activations.relu(), weightLayers, normalization: "squared-norm" });

  it("one hidden layer has no bias: its mean kernels are the infinite width's within 4 standard errors, at width 7", async () => {
    const points = normals(5 * 4, "unbiased");
    for (const kernel of [relu(2), fullyConnected({ activation: activations.softplus(), hiddenLayers: 1 })]) {
      const { mean, standardErrors } = averageKernel({ kernel, widths: [7], points, dimension: 4, draws: 2000 });
      const { values } = await kernelMatrix({ kernel, points, dimension: 4 });
      values.forEach((value, at) => {
        expect(Math.abs(mean.values[at] - value)).toBeLessThan(4 * standardErrors[at]);
      });
    }
  });

  it("come near the infinite width as width^(-1/2)", async () => {
    const points = normals(12 * 5, "slope");
    const kernel = relu(3);
    const { values } = await kernelMatrix({ kernel, points, dimension: 5 });
    const widths = [64, 128, 256, 512, 1024];
    const errors = widths.map((width) => {
      let squares = 0;
      const draws = 24;
      for (let draw = 0; draw < draws; draw += 1) {
        const own = empiricalKernel({ kernel, widths: [width, width], points, dimension: 5, seed: width, draw });
        own.values.forEach((value, at) => {
          squares += (value - values[at]) ** 2 / draws;
        });
      }
      return Math.sqrt(squares);
    });
    const { slope } = fitPowerLaw(widths, errors);
    expect(Math.abs(slope.value + 0.5)).toBeLessThan(0.1);
  });

  it("have a kernel of the rank that their parameters allow, and zero rows for dead inputs", () => {
    const [count, dimension] = [40, 4];
    const points = normals(count * dimension, "rank");
    // 5 neurons with 4 weights and a readout each: rank 25 at most.
    const { values } = empiricalKernel({ kernel: relu(2), widths: [5], points, dimension });
    const { values: eigenvalues } = symmetricEigen(values, count);
    expect(Math.max(...eigenvalues.slice(0, count - 25).map(Math.abs))).toBeLessThan(1e-12 * eigenvalues[count - 1]);
    // Two neurons are both off for about a quarter of the inputs.
    const narrow = empiricalKernel({ kernel: relu(2), widths: [2], points, dimension });
    const dead = Array.from({ length: count }, (_, s) => s).filter((s) => narrow.values[s * count + s] === 0);
    expect(dead.length).toBeGreaterThan(2);
    for (const s of dead) for (let t = 0; t < count; t += 1) expect(narrow.values[s * count + t]).toBe(0);
  });

  it("have weights that hang on seed, draw and place only: wider than a strip of rows, on any engine", () => {
    const points = normals(10 * 3, "strips");
    const options = { kernel: relu(3), widths: [300, 520], points, dimension: 3 };
    const first = empiricalKernel(options).values.slice();
    expect(empiricalKernel({ ...options, draw: 1 }).values[0]).not.toBe(first[0]);
    expect(empiricalKernel({ ...options, seed: 1 }).values[0]).not.toBe(first[0]);
    expect(Buffer.from(empiricalKernel(options).values.slice().buffer).equals(Buffer.from(first.buffer))).toBe(true);
    withEnginePreference({ engine: "reference", arithmetic: "auto" }, () => {
      const { values } = empiricalKernel(options);
      values.forEach((value, at) => {
        expect(Math.abs(value - first[at])).toBeLessThan(1e-11 * first[0]);
      });
    });
  });

  it("refuse widths, draws and parameters that do not fit", () => {
    const points = normals(6, "refused");
    const options = { kernel: relu(3), widths: [4, 4], points, dimension: 3 };
    for (const [wrong, message] of [
      [{ widths: [4] }, "widths: expected 2 widths"],
      [{ widths: [4, 0] }, "widths[1]: expected a positive integer"],
      [{ draw: -1 }, "draw: expected an integer"],
      [{ parameters: [] }, "parameters: expected 3 layers"],
      [{ points: Float64Array.of(1, 2, Number.NaN) }, "got NaN in row 0, column 2"],
      [{ kernel: fullyConnected({ activation: neuralKernels.sign(), hiddenLayers: 2 }) }, "has none"],
    ] as const) {
      expect(() => empiricalKernel({ ...options, ...wrong })).toThrow(MeanfieldError);
      expect(() => empiricalKernel({ ...options, ...wrong })).toThrow(message);
    }
    expect(() => averageKernel({ ...options, draws: 1 })).toThrow("draws: expected an integer >= 2");
  });
});
