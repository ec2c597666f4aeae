import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import {
  activationForKernel,
  fitKernelCoefficients,
  fullyConnected,
  kernelEvaluator,
  kernelPowerSeries,
} from "../../../src/neural-kernels/public.ts";

const deep = (activation = activations.relu() as ReturnType<typeof activations.relu>) =>
  kernelEvaluator(fullyConnected({ activation, hiddenLayers: 4, weightVariance: 2, biasVariance: 0.01 }));
const relu = deep();
const erf = deep(activations.erf());
const ntk = (evaluator: typeof relu) => (cosine: number) => evaluator.pair(cosine).ntk ?? Number.NaN;

describe("an activation for a kernel", () => {
  const coefficients = [0.3, 0, 1.7, 0.25, 0, 0.9];

  it.each(["nngp", "ntk"] as const)(
    "has a network of one hidden layer with that %s kernel, whatever the signs",
    (kernel) => {
      for (const signs of [undefined, [1, 1, -1, -1, 1, 1], [-1, 1, 1, -1, 1, -1]] as const) {
        const activation = activationForKernel({ coefficients, kernel, ...(signs === undefined ? {} : { signs }) });
        const evaluator = kernelEvaluator(fullyConnected({ activation, hiddenLayers: 1 }));
        for (const c of [-1, -0.6, 0, 0.35, 1]) {
          const wanted = coefficients.reduceRight((sum, entry) => sum * c + entry, 0);
          expect(Math.abs((evaluator.pair(c)[kernel] ?? 0) - wanted)).toBeLessThan(1e-14 * 4);
        }
      }
    },
  );

  it("any deep kernel's, from its own power series: four layers of ReLU in one", () => {
    const { ntk: series } = kernelPowerSeries(
      fullyConnected({ activation: activations.relu(), hiddenLayers: 4, weightVariance: 2, biasVariance: 0.01 }),
      { degree: 200 },
    );
    const activation = activationForKernel({ coefficients: series ?? [] });
    const evaluator = kernelEvaluator(fullyConnected({ activation, hiddenLayers: 1 }));
    for (const c of [-0.8, 0, 0.5, 0.9]) expect(Math.abs(ntk(evaluator)(c) - ntk(relu)(c))).toBeLessThan(1e-9);
  });

  it.each([
    [
      { coefficients: [1, -0.1] },
      "coefficients[1]: expected a finite number >= 0, got -0.1; a kernel with a negative coefficient",
    ],
    [{ coefficients: [1, 2], signs: [1] }, "signs: expected 2 signs"],
    [{ coefficients: [1, 2], signs: [1, 0] }, "signs[1]: expected 1 or -1, got 0"],
    [{ coefficients: [0, 0] }, "a number other than 0"],
    [{ coefficients: [1], kernel: "rf" }, 'kernel: expected "nngp" or "ntk"'],
  ])("refuses %j", (options, message) => {
    expect(() => activationForKernel(options as never)).toThrow(message);
  });
});

describe("the polynomial recipe", () => {
  const signs = [1, 1, -1, -1, 1, 1] as const;
  // Printed in the notebooks; entries below .1 of C, D, E are noise of their interior-point solver.
  it.each([
    [
      "four hidden layers of ReLU, NNGP",
      (c: number) => relu.pair(c).nngp,
      [0.837, 0.271, -0.151, -0.05, 0.101, 0.084],
      0.0006,
    ],
    ["four hidden layers of ReLU, NTK", ntk(relu), [1.23, 0.639, 0, 0, 0.539, 0.426], 0.0006],
    ["four hidden layers of erf, NTK", ntk(erf), [0.153, 0.826, null, null, 0.219, 0.577], 0.0006],
    ["c^3", (c: number) => c ** 3, [null, null, 0, -0.5, 0, null], 0.0006],
    ["c^4 + c", (c: number) => c ** 4 + c, [0, Math.SQRT1_2, null, null, 0.447, 0], 0.0006],
    ["sinh 2c", (c: number) => Math.sinh(2 * c), [0, 1.001, 0, -0.572, 0.004, 0.229], 0.0006],
    ["cosh 2c", (c: number) => Math.cosh(2 * c), [1.002, 0, -0.805, 0, 0.404, 0.011], 0.0006],
  ] as const)("%s: the printed Hermite coefficients to the last printed digit", (_name, target, printed, tolerance) => {
    const { coefficients } = fitKernelCoefficients({ target });
    const found = activationForKernel({ coefficients, signs }).coefficients;
    printed.forEach((entry, degree) => {
      if (entry !== null) expect(Math.abs(found[degree] - entry)).toBeLessThan(tolerance);
      else expect(Math.abs(found[degree])).toBeLessThan(0.001);
    });
  });

  it("comes nearer with the degree, without the extra weight: rms .078, .044, .026, .016 at 5, 10, 20, 40", () => {
    const found = [5, 10, 20, 40].map((degree) =>
      fitKernelCoefficients({ target: ntk(relu), degree, extraWeightAtZero: 0 }).rootMeanSquare.toFixed(3),
    );
    expect(found).toEqual(["0.078", "0.044", "0.026", "0.016"]);
  });

  it("refuses what is no fit", () => {
    expect(() => fitKernelCoefficients({ target: Math.log })).toThrow("target: expected a finite number");
    expect(() => fitKernelCoefficients({ target: Math.exp, degree: 61 })).toThrow(
      "degree: expected an integer in [0, 60], got 61",
    );
    expect(() => fitKernelCoefficients({ target: Math.exp, angles: 5 })).toThrow("angles: expected an integer above 5");
  });
});
