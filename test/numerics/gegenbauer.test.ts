import { describe, expect, it } from "vitest";
import { gaussJacobi, gegenbauer, harmonicCount } from "../../src/numerics/index.ts";

describe("gegenbauer", () => {
  it("is Chebyshev's polynomial in the plane and Legendre's in space", () => {
    for (const t of [-1, -0.7, 0, 0.31, 1]) {
      for (const degree of [0, 1, 2, 5, 9]) {
        expect(Math.abs(gegenbauer(degree, 2, t) - Math.cos(degree * Math.acos(t)))).toBeLessThan(1e-13);
      }
      expect(Math.abs(gegenbauer(4, 3, t) - (35 * t ** 4 - 30 * t ** 2 + 3) / 8)).toBeLessThan(1e-14);
    }
  });

  it("is 1 at 1, and orthogonal with norm 1/harmonicCount under the law of one coordinate of a uniform direction", () => {
    for (const dimension of [2, 3, 5, 10, 31]) {
      const exponent = (dimension - 3) / 2;
      const { nodes, weights } = gaussJacobi(24, exponent, exponent);
      const mass = weights.reduce((sum, weight) => sum + weight, 0);
      for (let first = 0; first <= 8; first += 1) {
        expect(Math.abs(gegenbauer(first, dimension, 1) - 1)).toBeLessThan(1e-12);
        for (let second = 0; second <= first; second += 1) {
          const product = nodes.reduce(
            (sum, t, q) => sum + weights[q] * gegenbauer(first, dimension, t) * gegenbauer(second, dimension, t),
            0,
          );
          const expected = first === second ? 1 / harmonicCount(first, dimension) : 0;
          expect(Math.abs(product / mass - expected)).toBeLessThan(1e-13);
        }
      }
    }
  });

  it("refuses degrees and dimensions that do not exist", () => {
    expect(() => gegenbauer(-1, 3, 0)).toThrow(/^degree: expected an integer >= 0, got -1/);
    expect(() => gegenbauer(1.5, 3, 0)).toThrow(/^degree: /);
    expect(() => harmonicCount(2, 1)).toThrow(/^dimension: expected an integer >= 2, got 1/);
  });
});

describe("harmonicCount", () => {
  it("is the difference of two binomial coefficients: homogeneous polynomials less those with a factor |x|^2", () => {
    const binomial = (n: number, k: number) => {
      let value = 1;
      for (let i = 1; i <= k; i += 1) value = (value * (n - k + i)) / i;
      return n < 0 || k < 0 ? 0 : Math.round(value);
    };
    for (const d of [2, 3, 4, 10, 30]) {
      for (const l of [0, 1, 2, 3, 4, 7]) {
        const harmonics = binomial(l + d - 1, d - 1) - (l < 2 ? 0 : binomial(l + d - 3, d - 1));
        expect(harmonicCount(l, d)).toBe(harmonics);
      }
    }
  });
});
