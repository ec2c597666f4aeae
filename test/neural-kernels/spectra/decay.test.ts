import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import {
  type DotProductKernel,
  decayExponents,
  endpointExpansion,
  expectedEigenvalue,
  fullyConnected,
  gammaExponentialKernel,
  laplaceKernel,
  nngpKernel,
  ntkKernel,
  sign,
  sphereSpectrum,
  step,
} from "../../../src/neural-kernels/public.ts";

const relu = activations.relu();
const leaky = activations.leakyRelu({ negativeSlope: 0.25 });
type Options = Parameters<typeof fullyConnected>[0];
const network = (weightLayers: number, activation: Options["activation"] = relu, bias?: Options["biases"]) =>
  fullyConnected({
    activation,
    weightLayers,
    normalization: "unit-sphere",
    ...(bias === undefined ? {} : { biasTangent: 1, biases: bias }),
  });
const lastDegree: Readonly<Record<number, number>> = { 3: 200, 4: 120, 5: 80 };
const spectrumOf = (kernel: DotProductKernel, dimension: number) =>
  sphereSpectrum({ kernel, dimension, degree: lastDegree[dimension] });
const slopes = (kernel: DotProductKernel, dimension: number) => {
  const { even, odd, pairs } = decayExponents(spectrumOf(kernel, dimension));
  return [even, odd, pairs].map((fit) => (fit === null ? null : fit.slope.value.toFixed(3)));
};

describe("decay exponents", () => {
  it("d = 3: -5 for the NNGP and -3 for the NTK of ReLU at any depth, as they were known before", () => {
    const nngp = [2, 3, 4, 5, 10].map((layers) => slopes(nngpKernel(network(layers)), 3)[0]);
    expect(nngp).toEqual(["-5.003", "-5.003", "-5.002", "-5.000", "-4.983"]);
    const ntk = [2, 3, 4, 5, 10].map((layers) => slopes(ntkKernel(network(layers)), 3)[0]);
    expect(ntk).toEqual(["-3.005", "-3.005", "-3.005", "-3.004", "-2.996"]);
    expect(slopes(nngpKernel(network(2)), 3)[1]).toBeNull();
    expect(slopes(laplaceKernel(), 3)[0]).toBe("-3.000");
    expect(slopes(ntkKernel(network(2, relu, "first-layer")), 3).slice(0, 2)).toEqual(["-3.005", "-3.000"]);
  });

  it("d = 4 and 5: one more for each dimension", () => {
    expect([2, 3, 4, 5, 10].map((layers) => slopes(ntkKernel(network(layers)), 4)[0])).toEqual([
      "-4.011",
      "-4.011",
      "-4.011",
      "-4.009",
      "-3.993",
    ]);
    expect([2, 5, 10].map((layers) => slopes(nngpKernel(network(layers)), 4)[0])).toEqual([
      "-6.007",
      "-6.003",
      "-5.972",
    ]);
    expect([2, 5, 10].map((layers) => slopes(ntkKernel(network(layers)), 5)[0])).toEqual([
      "-5.021",
      "-5.018",
      "-4.990",
    ]);
    expect([2, 5, 10].map((layers) => slopes(nngpKernel(network(layers)), 5)[0])).toEqual([
      "-7.017",
      "-7.010",
      "-6.960",
    ]);
    expect([4, 5].map((dimension) => slopes(laplaceKernel(), dimension)[0])).toEqual(["-4.001", "-5.005"]);
  });

  it("step kernels: -d - 2^(2-L) + 1 in the mean of neighbours, even and odd apart", () => {
    const found = [3, 4, 5].map((dimension) =>
      [3, 4, 5].map((layers) => slopes(nngpKernel(network(layers, step())), dimension)[2]),
    );
    expect(found).toEqual([
      ["-2.496", "-2.254", "-2.134"],
      ["-3.495", "-3.256", "-3.137"],
      ["-4.495", "-4.260", "-4.142"],
    ]);
    expect([3, 4, 5].map((dimension) => slopes(nngpKernel(network(2, step())), dimension)[1])).toEqual([
      "-3.000",
      "-4.002",
      "-5.005",
    ]);
  });

  it("the NTK of depth grows: mu_20 at d = 3", () => {
    const found = [2, 3, 4, 5, 10].map((layers) => spectrumOf(ntkKernel(network(layers)), 3).raw[20].toExponential(2));
    expect(found).toEqual(["3.77e-5", "6.60e-5", "1.19e-4", "1.91e-4", "8.19e-4"]);
  });

  it.each([
    [{ from: 0 }, "from: expected an integer >= 1, got 0"],
    [{ from: 30, to: 20 }, "to: expected an integer in (30, 200], got 20"],
    [{ to: 201 }, "got 201"],
  ])("refuses %j", (options, message) => {
    expect(() => decayExponents(spectrumOf(laplaceKernel(), 3), options)).toThrow(message);
  });
});

describe("endpoint expansions", () => {
  it.each([
    ["NNGP of relu", (layers: number) => nngpKernel(network(layers)), 0.01],
    ["NTK of relu", (layers: number) => ntkKernel(network(layers)), 0.003],
    ["NNGP of leaky relu", (layers: number) => nngpKernel(network(layers, leaky)), 0.01],
    ["NTK of leaky relu", (layers: number) => ntkKernel(network(layers, leaky)), 0.003],
    ["NTK with a bias in the first layer", (layers: number) => ntkKernel(network(layers, relu, "first-layer")), 0.003],
    ["NTK with biases everywhere", (layers: number) => ntkKernel(network(layers, relu, "all-layers")), 0.003],
  ] as const)(
    "%s: mu_k is the constants times the exact power, the closer the further out",
    (_name, kernel, tolerance) => {
      for (const dimension of [3, 5]) {
        for (const layers of [2, 3, 4, 6]) {
          const spec = kernel(layers);
          const expansion = endpointExpansion(spec);
          const { eigenvalues } = spectrumOf(spec, dimension);
          const distances = [0.5, 1].flatMap((part) => {
            const degree = 2 * Math.round((part * lastDegree[dimension]) / 2);
            return [degree, degree - 1].map((k) => {
              const value = eigenvalues[k];
              return value === null ? 0 : Math.abs(value / expectedEigenvalue(expansion, k, dimension) - 1);
            });
          });
          const [halfEven, halfOdd, even, odd] = distances;
          expect(even).toBeLessThanOrEqual(tolerance);
          expect(odd).toBeLessThanOrEqual(tolerance);
          expect(even).toBeLessThan(0.5 * halfEven + 1e-4);
          expect(odd).toBeLessThan(0.5 * halfOdd + 1e-4);
        }
      }
    },
  );

  it("d = 3, k = 200: ratios in [.995, 1.005] for L = 2 ... 5", () => {
    for (const layers of [2, 3, 4, 5]) {
      for (const kernel of [nngpKernel(network(layers)), ntkKernel(network(layers))]) {
        const ratio = spectrumOf(kernel, 3).raw[200] / expectedEigenvalue(endpointExpansion(kernel), 200, 3);
        expect(Math.abs(ratio - 1)).toBeLessThan(0.005);
      }
    }
  });

  it("steps: exact constants where the next term is far, a parity gap of 5 % that closes slowly beyond", () => {
    const ratio = (kernel: DotProductKernel, k: number) =>
      spectrumOf(kernel, 3).raw[k] / expectedEigenvalue(endpointExpansion(kernel), k, 3);
    expect(Math.abs(ratio(nngpKernel(network(2, step())), 199) - 1)).toBeLessThan(1e-4);
    const deep = nngpKernel(network(3, step()));
    expect(ratio(deep, 200)).toBeCloseTo(0.946, 3);
    expect(ratio(deep, 199)).toBeCloseTo(1.054, 3);
    expect(Math.abs(ratio(nngpKernel(network(3, sign())), 199) - 1)).toBeLessThan(1e-3);
    expect(endpointExpansion(nngpKernel(network(3, sign()))).atMinusOne).toBeGreaterThan(0);
  });

  it("the gamma-exponential kernels have theirs at 1 alone", () => {
    const kernel = laplaceKernel({ rate: 0.7 });
    expect(endpointExpansion(kernel)).toEqual({ exponent: 0.5, atOne: -0.7, atMinusOne: 0 });
    expect(
      Math.abs(spectrumOf(kernel, 3).raw[199] / expectedEigenvalue(endpointExpansion(kernel), 199, 3) - 1),
    ).toBeLessThan(1e-3);
    expect(() => endpointExpansion(gammaExponentialKernel({ gamma: 1 }))).toThrow("gamma < 1");
    expect(() => endpointExpansion(nngpKernel(network(2, activations.erf())))).toThrow(
      "relu, leaky-relu, step or sign",
    );
  });
});
