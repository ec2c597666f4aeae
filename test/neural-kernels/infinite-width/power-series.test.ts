import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import {
  activation,
  fullyConnected,
  hermite,
  kernelEvaluator,
  kernelPowerSeries,
  sign,
  sine,
  step,
} from "../../../src/neural-kernels/public.ts";

const relu = activations.relu();
const onSphere = (weightLayers: number) =>
  fullyConnected({ activation: relu, weightLayers, normalization: "unit-sphere" });
const total = (entries: Float64Array, from = 0) =>
  entries.reduceRight((sum, entry, k) => (k >= from ? sum + entry : sum), 0);

type Complex = readonly [number, number];
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const rootOf = ([a, b]: Complex): Complex => {
  const size = Math.sqrt(Math.hypot(a, b));
  const half = Math.atan2(b, a) / 2;
  return [size * Math.cos(half), size * Math.sin(half)];
};
/** k0 and k1 at a complex argument inside the unit disc, by arccos z = -i log(z + i sqrt(1 - z^2)). */
function arcCosines(z: Complex): { readonly k0: Complex; readonly k1: Complex } {
  const root = rootOf(plus([1, 0], times([-1, 0], times(z, z))));
  const [x, y] = plus(z, times([0, 1], root));
  const angle: Complex = [Math.atan2(y, x), -Math.log(Math.hypot(x, y))];
  const k0: Complex = [1 - angle[0] / Math.PI, -angle[1] / Math.PI];
  return { k0, k1: plus(times(z, k0), times([1 / Math.PI, 0], root)) };
}

describe("the kernels as power series in the cosine", () => {
  it("have the coefficients and tails of deep ReLU tangent kernels that were known before", () => {
    const known = [
      [".3183", "1.0000", ".4775", ".0000", ".0663"],
      [".6857", ".9581", ".6156", ".1840", ".1146"],
      ["1.0604", ".9126", ".6651", ".3018", ".1894"],
    ];
    const tails = [".6817", "1.3562", "2.0270", "2.6981"];
    tails.forEach((tail, index) => {
      const { ntk } = kernelPowerSeries(onSphere(index + 2), { degree: 4 });
      if (ntk === null) throw new Error("relu has a tangent kernel");
      if (index < 3) expect(Array.from(ntk, (entry) => entry.toFixed(4).replace(/^0/, ""))).toEqual(known[index]);
      const rest = index + 2 - ntk[0] - ntk[1];
      expect(rest.toFixed(4).replace(/^0/, "")).toBe(tail);
    });
  });

  it("are Cauchy's integrals over |u| = .97 of the complex recursion, to 1e-13", () => {
    const [radius, points] = [0.97, 2048];
    for (const layers of [2, 3, 4]) {
      const samples = Array.from({ length: points }, (_, index): { tangent: Complex; value: Complex } => {
        const angle = (2 * Math.PI * index) / points;
        let value: Complex = [radius * Math.cos(angle), radius * Math.sin(angle)];
        let tangent = value;
        for (let layer = 1; layer < layers; layer += 1) {
          const { k0, k1 } = arcCosines(value);
          tangent = plus(times(tangent, k0), k1);
          value = k1;
        }
        return { tangent, value };
      });
      const { nngp, ntk } = kernelPowerSeries(onSphere(layers), { degree: 60 });
      for (const k of [0, 1, 2, 3, 4, 17, 60]) {
        const integral = (which: "tangent" | "value") =>
          samples.reduce((sum, each, index) => {
            const angle = (-2 * Math.PI * ((k * index) % points)) / points;
            return sum + each[which][0] * Math.cos(angle) - each[which][1] * Math.sin(angle);
          }, 0) /
          points /
          radius ** k;
        expect(Math.abs(nngp[k] - integral("value"))).toBeLessThan(1e-13);
        expect(Math.abs((ntk?.[k] ?? 0) - integral("tangent"))).toBeLessThan(1e-13);
      }
    }
  });

  it("of an odd function of one layer are exact: 2 mu_r^2 of ReLU, A^2 exp(-w^2) w^(2 k)/k! of a sine", () => {
    const { nngp } = kernelPowerSeries(onSphere(2), { degree: 12 });
    // mu_r^2 = (r - 3)!!^2/(2 pi r!) at even r >= 2.
    let square = 1 / (2 * Math.PI * 2);
    for (let r = 2; r <= 12; r += 2) {
      expect(Math.abs(nngp[r] / (2 * square) - 1)).toBeLessThan(1e-13);
      if (r + 1 <= 12) expect(Math.abs(nngp[r + 1])).toBeLessThan(1e-16);
      square *= (r - 1) ** 2 / ((r + 1) * (r + 2));
    }
    const [amplitude, frequency] = [0.7, 2.5];
    const wave = kernelPowerSeries(fullyConnected({ activation: sine({ amplitude, frequency }), hiddenLayers: 1 }), {
      degree: 15,
    });
    let factor = amplitude ** 2 * Math.exp(-(frequency ** 2));
    for (let k = 0; k <= 15; k += 1) {
      const exact = k % 2 === 1 ? factor : 0;
      expect(Math.abs(wave.nngp[k] - exact)).toBeLessThan(1e-14);
      expect(Math.abs((wave.ntk?.[k] ?? 0) - (k + 1) * exact)).toBeLessThan(1e-13);
      factor *= frequency ** 2 / (k + 1);
    }
  });

  it.each([
    ["relu with biases", fullyConnected({ activation: relu, hiddenLayers: 3, biasVariance: 0.3 })],
    [
      "leaky relu",
      fullyConnected({ activation: activations.leakyRelu({ negativeSlope: 0.2 }), hiddenLayers: 2, biasTangent: 1 }),
    ],
    ["erf", fullyConnected({ activation: activations.erf(), hiddenLayers: 2, weightVariance: 1.5 })],
    ["tanh with biases", fullyConnected({ activation: activations.tanh(), hiddenLayers: 2, biasVariance: 0.2 })],
    ["two steps", fullyConnected({ activation: step(), hiddenLayers: 2 })],
    ["two signs", fullyConnected({ activation: sign(), hiddenLayers: 2 })],
    ["a polynomial", fullyConnected({ activation: hermite([0.3, 0.5, -0.2, 0.4]), hiddenLayers: 2 })],
    [
      "a kink off 0",
      fullyConnected({
        activation: activation({
          value: (z) => Math.max(0, z - 0.5),
          derivative: (z) => (z > 0.5 ? 1 : 0),
          kinks: [0.5],
        }),
        hiddenLayers: 2,
      }),
    ],
  ])("%s: no coefficient is negative, and the sum is the kernel", (_name, kernel) => {
    const variance = 1.4;
    const { nngp, ntk } = kernelPowerSeries(kernel, { degree: 120, variance });
    const evaluator = kernelEvaluator(kernel);
    for (const entries of [nngp, ntk ?? []]) {
      entries.forEach((entry) => {
        expect(entry).toBeGreaterThan(-1e-15);
      });
    }
    for (const c of [0.3, -0.6, 0.75]) {
      const sum = (entries: Float64Array) => entries.reduceRight((before, entry) => before * c + entry, 0);
      const exact = evaluator.pair(c, variance, variance);
      expect(Math.abs(sum(nngp) - exact.nngp)).toBeLessThan(1e-12);
      if (ntk !== null) expect(Math.abs(sum(ntk) - (exact.ntk ?? 0))).toBeLessThan(1e-12);
    }
    expect(total(nngp)).toBeLessThan(evaluator.pair(1, variance, variance).nngp + 1e-13);
    expect(ntk === null).toBe(!evaluator.hasTangent);
  });

  it("refuses degrees and variances that are none", () => {
    expect(() => kernelPowerSeries(onSphere(2), { degree: -1 })).toThrow(
      "degree: expected an integer in [0, 500], got -1",
    );
    expect(() => kernelPowerSeries(onSphere(2), { degree: 3, variance: 0 })).toThrow(
      "variance: expected a positive finite number, got 0",
    );
  });
});
