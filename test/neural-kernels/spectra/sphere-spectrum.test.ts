import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import { reluHarmonic, stepHarmonic } from "../../../src/networks/relu-harmonics.ts";
import {
  type DotProductKernel,
  dotProductKernel,
  fullyConnected,
  gammaExponentialKernel,
  laplaceKernel,
  nngpKernel,
  ntkKernel,
  powerEigenvalue,
  sphereSpectrum,
  step,
} from "../../../src/neural-kernels/public.ts";
import { gegenbauer } from "../../../src/numerics/index.ts";
import reference from "../../reference/sphere-spectra.json" with { type: "json" };

const relu = activations.relu();
const network = (weightLayers: number, activation: Parameters<typeof fullyConnected>[0]["activation"] = relu) =>
  fullyConnected({ activation, weightLayers, normalization: "unit-sphere" });
const kernels: Readonly<Record<string, DotProductKernel>> = {
  "nngp relu 3": nngpKernel(network(3)),
  "ntk relu 3": ntkKernel(network(3)),
  "nngp step 3": nngpKernel(network(3, step())),
  "nngp step 4": nngpKernel(network(4, step())),
  laplace: laplaceKernel(),
};

describe("eigenvalues on the sphere", () => {
  it.each(Object.keys(kernels))("of %s are those of 30 digits, to 2e-15 of kappa(1)", (name) => {
    const rows = (reference.eigenvalues as unknown as [string, number, number, number][]).filter(
      ([each]) => each === name,
    );
    expect(rows.length).toBe(7);
    for (const [, dimension, degree, exact] of rows) {
      const { raw, diagonal } = sphereSpectrum({ kernel: kernels[name], dimension, degree });
      expect(Math.abs(raw[degree] - exact)).toBeLessThan(2e-15 * diagonal);
    }
  });

  it("of one hidden layer are 2 d lambda_k^2 (ReLU) and 2 tau_k^2 (step), the Funk-Hecke numbers of the activation", () => {
    for (const dimension of [2, 3, 6]) {
      const bent = sphereSpectrum({ kernel: nngpKernel(network(2)), dimension, degree: 24 });
      const jump = sphereSpectrum({ kernel: nngpKernel(network(2, step())), dimension, degree: 24 });
      for (let k = 0; k <= 24; k += 1) {
        expect(Math.abs(bent.raw[k] - 2 * dimension * reluHarmonic(k, dimension) ** 2)).toBeLessThan(1e-15);
        expect(Math.abs(jump.raw[k] - 2 * stepHarmonic(k, dimension) ** 2)).toBeLessThan(1e-15);
      }
    }
  });

  it("of (1 - u)^nu are the closed formula, whole nu included", () => {
    for (const nu of [0.125, 0.5, 1.5, 2.75, 2]) {
      const kernel = dotProductKernel((_, angle) => (2 * Math.sin(angle / 2) ** 2) ** nu);
      for (const dimension of [2, 3, 5, 9]) {
        const { raw } = sphereSpectrum({ kernel, dimension, degree: 40 });
        for (const k of [0, 1, 2, 3, 4, 11, 40]) {
          expect(Math.abs(raw[k] - powerEigenvalue(k, dimension, nu))).toBeLessThan(1e-14 * 2 ** nu);
        }
      }
    }
  });

  it("give the kernel back: sum_k N mu_k P_k(t), and the share of the trace grows to 1", () => {
    const spectrum = sphereSpectrum({ kernel: nngpKernel(network(4)), dimension: 3, degree: 400 });
    const kappa = (t: number) =>
      spectrum.raw.reduce((sum, mu, k) => sum + spectrum.multiplicities[k] * mu * gegenbauer(k, 3, t), 0);
    const k1 = (u: number) => (u * (Math.PI - Math.acos(u)) + Math.sqrt(1 - u * u)) / Math.PI;
    for (const t of [-0.9, -0.3, 0.2, 0.8]) expect(Math.abs(kappa(t) - k1(k1(k1(t))))).toBeLessThan(1e-7);
    expect(spectrum.diagonal).toBeCloseTo(1, 14);
    expect(1 - spectrum.trace).toBeGreaterThan(0);
    expect(1 - spectrum.trace).toBeLessThan(1e-6);
    const tangent = sphereSpectrum({ kernel: ntkKernel(network(2)), dimension: 3, degree: 200 });
    expect(tangent.trace.toFixed(3)).toBe("1.998");
  });

  it("are null below the floor: odd degrees of one hidden layer, and all that rounding hides", () => {
    const spectrum = sphereSpectrum({ kernel: ntkKernel(network(2)), dimension: 3, degree: 61 });
    for (let k = 3; k <= 61; k += 2) {
      expect(spectrum.eigenvalues[k]).toBeNull();
      expect(Math.abs(spectrum.raw[k])).toBeLessThan(1e-15);
    }
    expect(spectrum.eigenvalues[60]).toBe(spectrum.raw[60]);
    expect(spectrum.error).toBeLessThan(1e-14);
    const smooth = sphereSpectrum({ kernel: gammaExponentialKernel({ gamma: 1 }), dimension: 3, degree: 60 });
    expect(smooth.eigenvalues.slice(20)).toEqual(new Array(41).fill(null));
    expect(smooth.floor).toBe(3e-13);
  });

  it.each([
    [{ dimension: 1 }, "dimension: expected an integer >= 2, got 1"],
    [{ degree: -1 }, "degree: expected an integer in [0, 2000], got -1"],
    [{ degree: 2.5 }, "got 2.5"],
    [{ floor: 1 }, "floor: expected a number in [0, 1), got 1"],
    [{ kernel: { kind: "laplace" } }, "kernel.kind: expected the kind of a kernel"],
  ])("refuses %j", (wrong, message) => {
    const options = { kernel: laplaceKernel(), dimension: 3, degree: 4, ...wrong };
    expect(() => sphereSpectrum(options as never)).toThrow(message);
  });

  it("refuses kernels that are none", () => {
    expect(() => laplaceKernel({ rate: -1 })).toThrow("rate: expected a positive finite number, got -1");
    expect(() => gammaExponentialKernel({ gamma: 1.5 })).toThrow("gamma: expected a number in (0, 1], got 1.5");
    expect(() => ntkKernel(network(2, step()))).toThrow("a tangent kernel needs the derivative");
    expect(() => nngpKernel(network(2), { variance: 0 })).toThrow("variance: expected a positive finite number");
    const broken = dotProductKernel((u) => Math.log(u));
    expect(() => sphereSpectrum({ kernel: broken, dimension: 3, degree: 2 })).toThrow(
      "value: expected a finite number",
    );
    expect(() => powerEigenvalue(3, 3, -1)).toThrow("exponent: expected a number above -1");
  });
});
