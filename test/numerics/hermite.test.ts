import { describe, expect, it } from "vitest";
import { gaussianPanels } from "../../src/numerics/gaussian-panels.ts";
import { hermiteCoefficients, hermiteSum, hermiteToMonomial, monomialToHermite } from "../../src/numerics/index.ts";

describe("Hermite coefficients", () => {
  it("of ReLU are 1/sqrt(2 pi), 1/2, 0.282095, 0, -0.081434 and (r-3)!!/sqrt(2 pi r!)", () => {
    const found = hermiteCoefficients((z) => Math.max(0, z), { kinks: [0], degree: 40 });
    expect(found[0]).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 14);
    expect(found[1]).toBeCloseTo(0.5, 14);
    expect([found[2], found[4]].map((entry) => entry.toFixed(6))).toEqual(["0.282095", "-0.081434"]);
    let exact = 1 / Math.sqrt(4 * Math.PI);
    for (let r = 2; r <= 40; r += 2) {
      expect(Math.abs(found[r] - exact)).toBeLessThan(1e-14);
      if (r < 40) expect(Math.abs(found[r + 1])).toBeLessThan(1e-14);
      exact *= -(r - 1) / Math.sqrt((r + 1) * (r + 2));
    }
  });

  it("of a bent function off 0 are the density times h_(k-2) at the kink", () => {
    const b = 1.06;
    const found = hermiteCoefficients((z) => Math.max(0, z - b), { kinks: [b], degree: 300 });
    const density = Math.exp((-b * b) / 2) / Math.sqrt(2 * Math.PI);
    for (const k of [2, 3, 10, 77, 300]) {
      const one = new Float64Array(k - 1);
      one[k - 2] = 1;
      const exact = (density * hermiteSum(one, b)) / Math.sqrt(k * (k - 1));
      expect(Math.abs(found[k] - exact)).toBeLessThan(1e-13);
    }
  });

  it("of a fast cosine are f^k exp(-f^2/2)/sqrt(k!) cos(g + k pi/2)", () => {
    const [f, g] = [11.81, 0.93];
    const found = hermiteCoefficients((z) => Math.cos(f * z + g), { degree: 250 });
    let log = (-f * f) / 2;
    for (let k = 0; k <= 250; k += 1) {
      expect(Math.abs(found[k] - Math.exp(log) * Math.cos(g + ((k % 4) * Math.PI) / 2))).toBeLessThan(1e-13);
      log += Math.log(f) - Math.log(k + 1) / 2;
    }
  });

  it("say so where a kink was not named, or a value is none", () => {
    expect(() => hermiteCoefficients((z) => Math.max(0, z - 0.3))).toThrow("name the places");
    expect(() => hermiteCoefficients(Math.log)).toThrow("expected a finite number");
    expect(() => hermiteCoefficients(Math.sin, { degree: 2.5 })).toThrow(
      "degree: expected an integer in [0, 2000], got 2.5",
    );
  });
});

describe("powers and Hermite polynomials", () => {
  it("are the same function either way, and turn into each other", () => {
    const coefficients = [0.3, -1.2, 0.5, 0.7, 0, -0.25, 0.1];
    const powers = hermiteToMonomial(coefficients);
    for (const z of [-2.2, -0.3, 0.9, 3]) {
      const value = powers.reduceRight((sum, entry) => sum * z + entry, 0);
      expect(value).toBeCloseTo(hermiteSum(coefficients, z), 12);
    }
    monomialToHermite(powers).forEach((entry, k) => {
      expect(entry).toBeCloseTo(coefficients[k], 13);
    });
    // h_4 = (z^4 - 6 z^2 + 3)/sqrt(24).
    const fourth = hermiteToMonomial([0, 0, 0, 0, 1]);
    [3, 0, -6, 0, 1].forEach((entry, power) => {
      expect(fourth[power]).toBeCloseTo(entry / Math.sqrt(24), 15);
    });
  });

  it("panels integrate the moments of a Gaussian, and jumps at their breaks", () => {
    const { nodes, weights } = gaussianPanels([0.7], 0.5);
    const mean = (f: (z: number) => number) => nodes.reduce((sum, z, at) => sum + weights[at] * f(z), 0);
    expect(mean(() => 1)).toBeCloseTo(1, 14);
    expect(mean((z) => z ** 6)).toBeCloseTo(15, 12);
    expect(mean((z) => (z > 0.7 ? 1 : 0))).toBeCloseTo(0.24196365222307303, 14);
  });
});
