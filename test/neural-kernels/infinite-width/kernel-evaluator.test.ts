import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import { buildDual } from "../../../src/neural-kernels/infinite-width/build-dual.ts";
import {
  activation,
  fullyConnected,
  hermite,
  type KernelActivationSpec,
  kernelEvaluator,
  sine,
  step,
} from "../../../src/neural-kernels/public.ts";
import reference from "../../reference/neural-kernels.json" with { type: "json" };

type Row = [string, number, number, number, number, number, number, number, number, number | null];
const rows = reference.rows as unknown as readonly Row[];
const specs = reference.activations as unknown as Readonly<Record<string, KernelActivationSpec>>;

describe("kernels of the closed forms against 50 digits", () => {
  it.each(Object.entries(specs))(
    "%s: NNGP and NTK to 2e-14 of the diagonal (fast sine 1e-13), at every depth, bias and angle",
    (name, spec) => {
      const own = rows.filter(([each]) => each === name);
      expect(own.length).toBeGreaterThan(50);
      // exp(-w^2 D/2) magnifies rounding of the covariance by w^2 q, 36 to 160 here, in each layer.
      const tolerance = name === "sine" ? 1e-13 : 2e-14;
      for (const [, hiddenLayers, weightVariance, biasVariance, biasTangent, first, second, angle, nngp, ntk] of own) {
        const kernel = kernelEvaluator(
          fullyConnected({ activation: spec, hiddenLayers, weightVariance, biasVariance, biasTangent }),
        );
        const found = kernel.pairAtAngle(angle, first, second);
        const scale = Math.max(kernel.pair(1, first, first).nngp, kernel.pair(1, second, second).nngp);
        expect(Math.abs(found.nngp - nngp) / scale).toBeLessThan(tolerance);
        if (ntk === null) {
          expect(found.ntk).toBeNull();
        } else {
          const tangent = Math.max(kernel.pair(1, first, first).ntk ?? 0, kernel.pair(1, second, second).ntk ?? 0);
          expect(Math.abs((found.ntk ?? Number.NaN) - ntk) / tangent).toBeLessThan(tolerance);
        }
      }
    },
  );

  it("keeps the digits of E phi' phi' and of the distance to the diagonal at angles where cosines are 1 to the last place", () => {
    // At 1e-9 the cosine is exactly 1 in double precision; the gap of the step kernel is not.
    for (const [name, hiddenLayers, angle, gap] of reference.gaps as unknown as [string, number, number, number][]) {
      const kernel = kernelEvaluator(
        fullyConnected({ activation: specs[name], hiddenLayers, weightVariance: 2, readoutWeightVariance: 2 }),
      );
      const found = 1 - kernel.pairAtAngle(angle, 0.5, 0.5).nngp;
      expect(Math.abs(found - gap)).toBeLessThan(1e-15 + 2e-15 * gap);
    }
  });
});

describe("a row of a matrix", () => {
  const cosines = () => Float64Array.from({ length: 801 }, (_, index) => Math.cos((Math.PI * index) / 800));

  it.each([
    ["relu without biases, unequal norms", fullyConnected({ activation: activations.relu(), hiddenLayers: 3 }), false],
    [
      "leaky relu on the sphere",
      fullyConnected({
        activation: activations.leakyRelu({ negativeSlope: 0.1 }),
        hiddenLayers: 2,
        normalization: "unit-sphere",
      }),
      true,
    ],
    [
      "relu with biases, unequal norms",
      fullyConnected({ activation: activations.relu(), hiddenLayers: 2, biasVariance: 0.3 }),
      false,
    ],
    [
      "relu with biases, equal norms",
      fullyConnected({ activation: activations.relu(), hiddenLayers: 4, biasVariance: 0.01 }),
      true,
    ],
    ["erf, equal norms", fullyConnected({ activation: activations.erf(), hiddenLayers: 3, weightVariance: 2 }), true],
    ["a fast sine, equal norms", fullyConnected({ activation: sine({ frequency: 12 }), hiddenLayers: 2 }), true],
    [
      "a polynomial, unequal norms",
      fullyConnected({ activation: hermite([0.2, 0.7, 0, -0.4]), hiddenLayers: 2 }),
      false,
    ],
    [
      "an own one with two near kinks, equal norms",
      fullyConnected({
        activation: activation({
          value: (z) => Math.max(0, z - 0.5) + Math.max(0, 0.4 - z),
          derivative: (z) => (z > 0.5 ? 1 : z < 0.4 ? -1 : 0),
          kinks: [0.4, 0.5],
        }),
        hiddenLayers: 1,
      }),
      true,
    ],
    ["two layers of steps", fullyConnected({ activation: step(), hiddenLayers: 2 }), true],
  ] as const)("%s: its entries are those of single pairs, to the stated error", (_name, kernel, isEqual) => {
    const evaluator = kernelEvaluator(kernel);
    const row = cosines();
    const second = row.map((_, index) => (isEqual ? 1.3 : 0.5 + (index % 7) / 3));
    const nngp = new Float64Array(row.length);
    const ntk = evaluator.hasTangent ? new Float64Array(row.length) : null;
    evaluator.fill(1.3, second, row, nngp, ntk);
    const top = evaluator.pair(1, 2.5, 2.5);
    // The table's own, the dual's in each value, and a few roundings.
    const tolerance = 3e-14 + 2 * buildDual(kernel.activation).error;
    row.forEach((cosine, index) => {
      const exact = evaluator.pair(cosine, 1.3, second[index]);
      expect(Math.abs(nngp[index] - exact.nngp)).toBeLessThan(tolerance * top.nngp);
      if (ntk !== null) expect(Math.abs(ntk[index] - (exact.ntk ?? 0))).toBeLessThan(tolerance * (top.ntk ?? 0));
    });
  });

  it("may overwrite its cosines", () => {
    const evaluator = kernelEvaluator(fullyConnected({ activation: activations.relu(), hiddenLayers: 2 }));
    const [row, out, ones] = [cosines(), cosines(), new Float64Array(801).fill(1)];
    evaluator.fill(1, ones, row, null, out);
    evaluator.fill(1, ones, row, null, row);
    expect(row).toEqual(out);
  });
});

describe("what a kernel refuses", () => {
  const relu = activations.relu();
  it.each([
    [{ activation: relu, hiddenLayers: 0 }, "hiddenLayers: expected an integer >= 1, got 0"],
    [{ activation: relu, weightLayers: 1 }, "weightLayers: expected an integer >= 2"],
    [{ activation: relu }, "hiddenLayers: expected either hiddenLayers or weightLayers"],
    [
      { activation: relu, hiddenLayers: 2, weightVariance: -1 },
      "weightVariance: expected a positive finite number, got -1",
    ],
    [
      { activation: relu, hiddenLayers: 2, biasVariance: -0.1 },
      "biasVariance: expected a finite number >= 0, got -0.1",
    ],
    [
      { activation: relu, hiddenLayers: 2, biasVariance: Number.NaN },
      "biasVariance: expected a finite number >= 0, got NaN",
    ],
    [
      { activation: relu, hiddenLayers: 2, biasVariance: 1, biasTangent: 0.5 },
      "biasTangent: expected a finite number >= biasVariance",
    ],
    [{ activation: { kind: "rellu" }, hiddenLayers: 2 }, 'did you mean "relu"?'],
    [
      { activation: relu, hiddenLayers: 2, normalization: "unit-sphere", weightVariance: 2 },
      'normalization "unit-sphere" chooses it',
    ],
    [
      { activation: relu, hiddenLayers: 2, normalization: "unit-sphere", biasVariance: 1 },
      "the variance of every layer is fixed",
    ],
    [
      { activation: activations.erf(), hiddenLayers: 2, normalization: "squared-norm" },
      "needs an activation with phi(r z) = r phi(z)",
    ],
    [
      { activation: relu, hiddenLayers: 2, normalization: "ntks" },
      "normalization: expected one of ntk, unit-sphere, squared-norm",
    ],
    [
      { activation: { kind: "sine", amplitude: 1, frequency: 0, phase: 0 }, hiddenLayers: 1 },
      "activation.frequency: expected a positive finite number",
    ],
    [
      { activation: { kind: "hermite", coefficients: [] }, hiddenLayers: 1 },
      "activation.coefficients: expected at least one number",
    ],
    [
      { activation: { kind: "hermite", coefficients: [1, Number.NaN] }, hiddenLayers: 1 },
      "activation.coefficients[1]: expected a finite number",
    ],
  ])("%j", (options, message) => {
    expect(() => fullyConnected(options as never)).toThrow(message);
  });

  it("cosines beyond rounding, numbers that are none, and inputs at 0", () => {
    const evaluator = kernelEvaluator(fullyConnected({ activation: relu, hiddenLayers: 1 }));
    expect(evaluator.pair(1 + 1e-13).nngp).toBe(evaluator.pair(1).nngp);
    expect(() => evaluator.pair(1.001)).toThrow("cosine: expected a number in [-1, 1], but for rounding, got 1.001");
    expect(() => evaluator.pair(Number.NaN)).toThrow("got NaN");
    expect(() => evaluator.pair(0.5, 0)).toThrow("firstVariance: expected a positive finite number");
    const [ones, out] = [new Float64Array([1, 1]), new Float64Array(2)];
    expect(() => evaluator.fill(1, ones, new Float64Array([0, 1.1]), out, null)).toThrow("cosines[1]: expected");
    expect(() => evaluator.fill(1, new Float64Array([1, 0]), new Float64Array(2), out, null)).toThrow(
      "secondVariances[1]",
    );
    expect(() => evaluator.fill(1, ones, new Float64Array(2), new Float64Array(3), null)).toThrow(
      "nngp: expected 2 numbers",
    );
  });

  it("kernels written by hand that are none", () => {
    const kernel = fullyConnected({ activation: relu, hiddenLayers: 1 });
    const [first, last] = kernel.layers;
    const wrong = (change: object) => () => kernelEvaluator({ ...kernel, ...change } as never);
    expect(wrong({ layers: [first] })).toThrow("kernel.layers: expected at least two layers of weights");
    expect(wrong({ layers: [{ ...first, weightVariance: -2 }, last] })).toThrow("kernel.layers[0].weightVariance");
    expect(wrong({ layers: [first, { ...last, biasTangent: Number.NaN }] })).toThrow("kernel.layers[1].biasTangent");
    expect(wrong({ kind: "convolutional" })).toThrow("kernel.kind");
    expect(wrong({ normalization: "NTK" })).toThrow("kernel.normalization: expected one of ntk");
    expect(() => kernelEvaluator(kernel).inputVariance(Number.NaN, 3)).toThrow("squaredNorm");
    expect(() => kernelEvaluator(kernel).inputVariance(1, 0)).toThrow("dimension: expected a positive integer, got 0");
  });

  it("the tangent kernel of an activation that jumps, and a derivative of another function", () => {
    const evaluator = kernelEvaluator(fullyConnected({ activation: step(), hiddenLayers: 1 }));
    const [ones, out] = [new Float64Array([1]), new Float64Array(1)];
    expect(() => evaluator.fill(1, ones, new Float64Array(1), null, out)).toThrow(
      "needs the derivative of the activation",
    );
    const wrong = activation({ value: Math.tanh, derivative: Math.cos });
    expect(() => kernelEvaluator(fullyConnected({ activation: wrong, hiddenLayers: 1 }))).toThrow(
      "activation.derivative",
    );
    const bent = activation({ value: (z) => Math.max(0, z - 0.317) });
    expect(() => kernelEvaluator(fullyConnected({ activation: bent, hiddenLayers: 1 }))).toThrow("kinks");
  });
});
