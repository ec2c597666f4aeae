import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import { conversionFactor, fullyConnected, kernelEvaluator, step } from "../../../src/neural-kernels/public.ts";

const relu = activations.relu();
const leaky = activations.leakyRelu({ negativeSlope: 0.3 });

describe("the three normalisations", () => {
  const inputs = [
    { first: 4, second: 2.5, dimension: 7, cosine: 0.35 },
    { first: 0.2, second: 30, dimension: 3, cosine: -0.8 },
  ];

  it.each([
    ["relu", relu, 3, 2.2, 0.7],
    ["leaky relu", leaky, 2, 0.4, 3],
    ["relu, one hidden layer", relu, 1, 2, 1],
  ] as const)(
    "%s: each is the factor times every other, NNGP and NTK",
    (_name, activation, hiddenLayers, weightVariance, readoutWeightVariance) => {
      const kernels = [
        fullyConnected({ activation, hiddenLayers, weightVariance, readoutWeightVariance }),
        fullyConnected({ activation, hiddenLayers, normalization: "unit-sphere" }),
        fullyConnected({ activation, hiddenLayers, normalization: "squared-norm" }),
      ];
      for (const { first, second, dimension, cosine } of inputs) {
        const values = kernels.map((kernel) => {
          const evaluator = kernelEvaluator(kernel);
          const variances = [first, second].map((norm) => evaluator.inputVariance(norm, dimension));
          return evaluator.pair(cosine, variances[0], variances[1]);
        });
        kernels.forEach((from, left) => {
          kernels.forEach((to, right) => {
            const factor = conversionFactor(from, to)(first, second, dimension);
            expect(values[left].nngp / values[right].nngp / factor).toBeCloseTo(1, 13);
            expect((values[left].ntk ?? 0) / (values[right].ntk ?? 1) / factor).toBeCloseTo(1, 13);
          });
        });
      }
    },
  );

  it("a step has no norm to pass on: only the readout's variance counts", () => {
    const ntk = fullyConnected({ activation: step(), hiddenLayers: 2, weightVariance: 5, readoutWeightVariance: 3 });
    const sphere = fullyConnected({ activation: step(), hiddenLayers: 2, normalization: "unit-sphere" });
    const factor = conversionFactor(ntk, sphere)(4, 9, 2);
    expect(factor).toBe(1.5);
    const [left, right] = [ntk, sphere].map((kernel) => kernelEvaluator(kernel).pair(0.4).nngp);
    expect(left / right).toBeCloseTo(factor, 14);
  });

  it("on the unit sphere ReLU's NNGP is k1 composed with itself and its NTK K <- K k0(u) + k1(u)", () => {
    const k0 = (u: number) => (Math.PI - Math.acos(u)) / Math.PI;
    const k1 = (u: number) => (u * (Math.PI - Math.acos(u)) + Math.sqrt(1 - u * u)) / Math.PI;
    for (const weightLayers of [2, 3, 5, 10]) {
      const evaluator = kernelEvaluator(
        fullyConnected({ activation: relu, weightLayers, normalization: "unit-sphere" }),
      );
      for (const start of [-0.9, -0.2, 0.4, 0.95]) {
        let u = start;
        let tangent = u;
        for (let layer = 1; layer < weightLayers; layer += 1) {
          tangent = tangent * k0(u) + k1(u);
          u = k1(u);
        }
        const { nngp, ntk } = evaluator.pair(start);
        expect(nngp).toBeCloseTo(u, 13);
        expect(ntk).toBeCloseTo(tangent, 12);
      }
      expect(evaluator.pair(1).ntk).toBeCloseTo(weightLayers, 13);
    }
  });

  it("a bias that starts at 0 in the first layer begins the recursion at u + 1, one in every layer adds 1 to each", () => {
    const k0 = (u: number) => (Math.PI - Math.acos(u)) / Math.PI;
    const k1 = (u: number) => (u * (Math.PI - Math.acos(u)) + Math.sqrt(1 - u * u)) / Math.PI;
    const u = 0.3;
    const options = { activation: relu, normalization: "unit-sphere", biasTangent: 1 } as const;
    const one = kernelEvaluator(fullyConnected({ ...options, hiddenLayers: 1, biases: "first-layer" })).pair(u);
    expect(one.ntk).toBeCloseTo((u + 1) * k0(u) + k1(u), 14);
    expect(one.nngp).toBeCloseTo(k1(u), 14);
    const all = kernelEvaluator(fullyConnected({ ...options, hiddenLayers: 2, biases: "all-layers" })).pair(u);
    const first = (u + 1) * k0(u) + k1(u) + 1;
    expect(all.ntk).toBeCloseTo(first * k0(k1(u)) + k1(k1(u)) + 1, 14);
  });

  it("has the published ends of four hidden layers in the NTK parametrisation, sigma_w^2 = 2, sigma_b = 0.1", () => {
    const evaluator = kernelEvaluator(
      fullyConnected({ activation: relu, hiddenLayers: 4, weightVariance: 2, biasVariance: 0.01 }),
    );
    const [one, zero, minus] = [1, 0, -1].map((cosine) => evaluator.pair(cosine));
    expect(one.nngp.toFixed(4)).toBe("1.0200");
    expect(minus.nngp.toFixed(4)).toBe("0.6210");
    expect(one.ntk?.toFixed(4)).toBe("5.0700");
    expect(zero.ntk?.toFixed(3)).toBe("1.475");
    expect(minus.ntk?.toFixed(4)).toBe("1.0857");
    const erf = kernelEvaluator(
      fullyConnected({ activation: activations.erf(), hiddenLayers: 4, weightVariance: 2, biasVariance: 0.01 }),
    );
    expect(erf.pair(1).ntk?.toFixed(4)).toBe("3.7026");
    expect(erf.pair(-1).ntk?.toFixed(4)).toBe("-3.1712");
  });

  it.each([
    [
      () =>
        conversionFactor(
          fullyConnected({ activation: activations.erf(), hiddenLayers: 1 }),
          fullyConnected({ activation: relu, hiddenLayers: 1 }),
        ),
      "phi(r z) = r^p phi(z)",
    ],
    [
      () =>
        conversionFactor(
          fullyConnected({ activation: relu, hiddenLayers: 1 }),
          fullyConnected({ activation: relu, hiddenLayers: 2 }),
        ),
      "got 1 and 2",
    ],
    [
      () =>
        conversionFactor(
          fullyConnected({ activation: relu, hiddenLayers: 1 }),
          fullyConnected({ activation: leaky, hiddenLayers: 1 }),
        ),
      "got relu and leaky-relu",
    ],
    [
      () =>
        conversionFactor(
          fullyConnected({ activation: relu, hiddenLayers: 1, biasVariance: 1 }),
          fullyConnected({ activation: relu, hiddenLayers: 1 }),
        ),
      "without biases",
    ],
  ])("what cannot be converted is refused: %#", (convert, message) => {
    expect(convert).toThrow(message);
  });
});
