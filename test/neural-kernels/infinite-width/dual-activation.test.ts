import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import { buildDual } from "../../../src/neural-kernels/infinite-width/build-dual.ts";
import {
  activation,
  buildKernelActivation,
  hermite,
  type KernelActivationSpec,
  sign,
  sine,
  step,
} from "../../../src/neural-kernels/infinite-width/kernel-activation.ts";
import { deriveKey, fillNormal } from "../../../src/numerics/index.ts";
import reference from "../../reference/neural-kernels.json" with { type: "json" };

const shiftedRelu = (place: number) =>
  activation({ value: (z) => Math.max(0, z - place), derivative: (z) => (z > place ? 1 : 0), kinks: [place] });

const specs: Readonly<Record<string, KernelActivationSpec>> = {
  relu: activations.relu(),
  "leaky relu": activations.leakyRelu({ negativeSlope: 0.25 }),
  erf: activations.erf(),
  sine: sine({ amplitude: 1.5, frequency: 2.5 }),
  "shifted sine": sine({ frequency: 1.75, phase: 0.6 }),
  step: step(),
  sign: sign(),
  hermite: hermite([0.3, -0.7, 0.2, 0, 0.4]),
  tanh: activations.tanh(),
  softplus: activations.softplus(),
  "own with two kinks": activation({
    value: (z) => Math.max(0, z - 0.5) + Math.abs(z + 1) / 2 - Math.cos(3 * z),
    derivative: (z) => (z > 0.5 ? 1 : 0) + (z > -1 ? 0.5 : -0.5) + 3 * Math.sin(3 * z),
    kinks: [-1, 0.5],
  }),
};

/** E phi phi, and E phi' phi', at a correlation. */
function moments(spec: KernelActivationSpec, first: number, second: number, c: number): [number, number] {
  const dual = buildDual(spec);
  const out = new Float64Array(3);
  dual.pair(first, second, Math.sqrt((1 - c) / 2), Math.sqrt((1 + c) / 2), out);
  expect(Math.abs(out[0] + out[1] - 2)).toBeLessThan(1e-12);
  return [(1 - out[0]) * Math.sqrt(dual.secondMoment(first) * dual.secondMoment(second)), out[2]];
}

describe.each(Object.entries(specs))("the dual of %s", (_name, spec) => {
  const { value, derivative, kinks } = buildKernelActivation(spec);

  it("is the mean over Gaussian pairs: Monte Carlo with |z| <= 4", () => {
    const [first, second, c] = [0.8, 1.7, 0.6];
    const pairs = 60_000;
    const draws = new Float64Array(2 * pairs);
    fillNormal(draws, 0, draws.length, 0, deriveKey(7, "dual"), 0, 0, 0);
    const [exact, exactSlope] = moments(spec, first, second, c);
    const check = (phi: (z: number) => number, expected: number) => {
      let sum = 0;
      let squares = 0;
      for (let pair = 0; pair < pairs; pair += 1) {
        const x = draws[2 * pair];
        const z = c * x + Math.sqrt(1 - c * c) * draws[2 * pair + 1];
        const product = phi(Math.sqrt(first) * x) * phi(Math.sqrt(second) * z);
        sum += product;
        squares += product * product;
      }
      const error = Math.sqrt((squares / pairs - (sum / pairs) ** 2) / pairs);
      expect(Math.abs(sum / pairs - expected) / error).toBeLessThan(4);
      // A standard error that says nothing would let anything pass.
      expect(error).toBeLessThan(0.05 * (1 + Math.abs(expected)));
    };
    check(value, exact);
    if (derivative !== null) check(derivative, exactSlope);
  });

  it("is what quadrature finds for the same function given as one's own, to 1e-12 of the diagonal", () => {
    const own = activation({ value, derivative, kinks });
    const top = moments(spec, 2.25, 2.25, 1);
    for (const [first, second, c] of [
      [1, 1, 0.3],
      [1, 1, 0.9],
      [1, 1, 0.999],
      [1, 1, -0.4],
      [0.5, 2.25, 0.7],
      [0.5, 2.25, -0.98],
      [2.25, 2.25, 1],
      [1, 1, -1],
    ]) {
      const [closed, closedSlope] = moments(spec, first, second, c);
      const [found, foundSlope] = moments(own, first, second, c);
      expect(Math.abs(found - closed)).toBeLessThan(1e-12 * top[0]);
      if (derivative !== null) expect(Math.abs(foundSlope - closedSlope)).toBeLessThan(1e-12 * top[1]);
    }
  });

  it.runIf(derivative !== null)(
    "has E phi' phi' as the derivative of E phi phi in the covariance (Price's theorem)",
    () => {
      const [first, second] = [0.7, 1.6];
      const root = Math.sqrt(first * second);
      for (const c of [-0.8, -0.1, 0.55]) {
        const h = 1e-3;
        const at = (shift: number) => moments(spec, first, second, c + shift / root)[0];
        // Fourth order: errors of h^4 times a fifth derivative.
        const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
        const [, exact] = moments(spec, first, second, c);
        expect(Math.abs(slope - exact)).toBeLessThan(1e-8 * (1 + moments(spec, second, second, 1)[1]));
      }
    },
  );
});

describe("duals without a closed form against 22 and 50 digits", () => {
  it.each(reference.smooth as unknown as [string, number, number, number, number, number][])(
    "%s at variances %s, %s and correlation %s",
    (kind, first, second, c, exact, exactSlope) => {
      const [found, slope] = moments({ kind } as KernelActivationSpec, first, second, c);
      expect(Math.abs(found - exact)).toBeLessThan(1e-14 * (1 + exact));
      expect(Math.abs(slope - exactSlope)).toBeLessThan(1e-14);
    },
  );

  it.each(reference.shifted as unknown as [number, number, number, number][])(
    "relu(z - %s) at correlation %s",
    (place, c, exact, exactSlope) => {
      const [found, slope] = moments(shiftedRelu(place), 1, 1, c);
      expect(Math.abs(found - exact)).toBeLessThan(2e-14);
      expect(Math.abs(slope - exactSlope)).toBeLessThan(2e-14);
    },
  );
});
