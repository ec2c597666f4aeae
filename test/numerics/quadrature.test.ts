import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gaussFromMeasure, gaussJacobi, gaussLegendre, onInterval } from "../../src/numerics/quadrature.ts";
import { halfStepGammaRatio, logGamma } from "../../src/numerics/special-functions.ts";
import reference from "../reference/special-functions.json" with { type: "json" };

const integrate = (
  rule: { readonly nodes: Float64Array; readonly weights: Float64Array },
  integrand: (x: number) => number,
): number => rule.nodes.reduce((sum, node, index) => sum + rule.weights[index] * integrand(node), 0);

describe("gaussLegendre", () => {
  test.each(reference.gaussLegendre)(
    "node and weight $index of $pointCount agree with 40-digit values to 1e-15 of the interval and 3e-14 of the weight",
    ({ pointCount, index, node, weight }) => {
      const rule = gaussLegendre(pointCount);
      expect(Math.abs(rule.nodes[index] - node)).toBeLessThan(1e-15);
      expect(Math.abs(rule.weights[index] / weight - 1)).toBeLessThan(3e-14);
      expect(rule.nodes[pointCount - 1 - index]).toBe(-rule.nodes[index] + 0);
    },
  );

  test("is exact for polynomials up to degree 2n - 1 and not beyond", () => {
    for (const pointCount of [1, 2, 3, 7, 12]) {
      const rule = gaussLegendre(pointCount);
      for (let degree = 0; degree < 2 * pointCount; degree += 1) {
        const exact = degree % 2 === 0 ? 2 / (degree + 1) : 0;
        expect(Math.abs(integrate(rule, (x) => x ** degree) - exact)).toBeLessThan(2e-15);
      }
      const next = 2 * pointCount;
      // The error at degree 2n is the squared norm of the monic Legendre polynomial: 2^(2n+1) n!^4 / ((2n+1) (2n)!^2).
      const logError =
        (next + 1) * Math.LN2 + 4 * logGamma(pointCount + 1) - Math.log(next + 1) - 2 * logGamma(next + 1);
      const error = 2 / (next + 1) - integrate(rule, (x) => x ** next);
      expect(Math.abs(error - Math.exp(logError))).toBeLessThan(2e-15);
    }
  });

  test("integrates exp on a moved interval to 1e-14", () => {
    const rule = onInterval(gaussLegendre(20), -1.5, 2);
    expect(Math.abs(integrate(rule, Math.exp) - (Math.exp(2) - Math.exp(-1.5)))).toBeLessThan(1e-14);
  });

  test("refuses a point count that is not a positive integer", () => {
    expect(() => gaussLegendre(0)).toThrow("pointCount: expected a positive integer, got 0");
    expect(() => gaussLegendre(2.5)).toThrow("pointCount");
  });
});

describe("gaussJacobi", () => {
  test("moments of Jacobi weights agree with the beta function", () => {
    for (const [alpha, beta] of [
      [0, 0],
      [-0.5, -0.5],
      [-0.5, 0.5],
      [-0.5, -0.7],
      [3.5, 3.5],
      [1.25, 6],
      [40, 40],
    ] as const) {
      const rule = gaussJacobi(12, alpha, beta);
      // E ((1 + x)/2)^k under Beta(beta + 1, alpha + 1) = prod (beta + 1 + i)/(alpha + beta + 2 + i)
      const mass = integrate(rule, () => 1);
      let moment = 1;
      for (let degree = 0; degree < 24; degree += 1) {
        const measured = integrate(rule, (x) => ((1 + x) / 2) ** degree) / mass;
        expect(Math.abs(measured - moment)).toBeLessThan(4e-15);
        moment *= (beta + 1 + degree) / (alpha + beta + 2 + degree);
      }
      const logMass =
        (alpha + beta + 1) * Math.LN2 + logGamma(alpha + 1) + logGamma(beta + 1) - logGamma(alpha + beta + 2);
      expect(Math.abs(mass / Math.exp(logMass) - 1)).toBeLessThan(1e-13);
    }
  });

  test("agrees with Gauss-Legendre at alpha = beta = 0 to 1e-14", () => {
    const jacobi = gaussJacobi(300, 0, 0);
    const legendre = gaussLegendre(300);
    for (let index = 0; index < 300; index += 1) {
      expect(Math.abs(jacobi.nodes[index] - legendre.nodes[index])).toBeLessThan(1e-14);
      expect(Math.abs(jacobi.weights[index] - legendre.weights[index])).toBeLessThan(1e-14);
    }
  });

  test("agrees with the closed form of Chebyshev's rule", () => {
    const rule = gaussJacobi(100, -0.5, -0.5);
    for (let index = 0; index < 100; index += 1) {
      expect(Math.abs(rule.nodes[index] + Math.cos(((2 * index + 1) * Math.PI) / 200))).toBeLessThan(1e-14);
      // 1e-15 sqrt(n) of the total weight pi
      expect(Math.abs(rule.weights[index] - Math.PI / 100)).toBeLessThan(3.2e-14);
    }
  });

  test("gives the mean ReLU of a coordinate of the sphere in dimension 1000 as a polynomial identity does", () => {
    // E u_1^2 = 1/d and E u_1^4 = 3/(d(d+2)); the mass is sqrt(pi) Gamma(d/2 - 1/2)/Gamma(d/2).
    const rule = gaussJacobi(20, 498.5, 498.5);
    const mass = Math.sqrt(Math.PI) / halfStepGammaRatio(499.5);
    expect(Math.abs(integrate(rule, (x) => x * x) / mass / (1 / 1000) - 1)).toBeLessThan(1e-13);
    expect(Math.abs(integrate(rule, (x) => x ** 4) / mass / (3 / 1002000) - 1)).toBeLessThan(1e-13);
  });

  test("refuses exponents that are not above -1", () => {
    expect(() => gaussJacobi(4, -1, 0)).toThrow("alpha: expected a number above -1, got -1");
    expect(() => gaussJacobi(4, 0, Number.NaN)).toThrow("beta: expected a number above -1, got NaN");
  });
});

describe("gaussFromMeasure", () => {
  test("turns a fine Legendre rule into the small one", () => {
    const fine = gaussLegendre(500);
    const small = gaussFromMeasure(fine.nodes, fine.weights, 40);
    const expected = gaussLegendre(40);
    for (let index = 0; index < 40; index += 1) {
      expect(Math.abs(small.nodes[index] - expected.nodes[index])).toBeLessThan(2e-14);
      expect(Math.abs(small.weights[index] - expected.weights[index])).toBeLessThan(2e-14);
    }
  });

  test("turns Chebyshev points with the weight of Jacobi into the Gauss-Jacobi rule", () => {
    // (1 - x^2)^(7/2) dx = (1 - x^2)^4 times Chebyshev's weight: a polynomial, so the fine rule's moments are exact.
    const fine = gaussJacobi(200, -0.5, -0.5);
    const weights = fine.weights.map((weight, index) => weight * (1 - fine.nodes[index] ** 2) ** 4);
    const small = gaussFromMeasure(fine.nodes, weights, 24);
    const expected = gaussJacobi(24, 3.5, 3.5);
    for (let index = 0; index < 24; index += 1) {
      expect(Math.abs(small.nodes[index] - expected.nodes[index])).toBeLessThan(1e-14);
      expect(Math.abs(small.weights[index] - expected.weights[index])).toBeLessThan(1e-14);
    }
  });

  test("gives the measure itself back when it asks for as many points as there are distinct nodes", () => {
    const nodes = Float64Array.of(3, -1, 0.5, 2, 7, 0.5);
    const weights = Float64Array.of(0.5, 2, 0.25, 0, 1, 0.25);
    const rule = gaussFromMeasure(nodes, weights, 4);
    [-1, 0.5, 3, 7].forEach((node, index) => {
      expect(Math.abs(rule.nodes[index] - node)).toBeLessThan(1e-13);
      expect(Math.abs(rule.weights[index] - [2, 0.5, 0.5, 1][index])).toBeLessThan(1e-13);
    });
  });

  test("keeps mass and all moments up to degree 2n - 1 of any measure, with nodes inside its support", () => {
    const measure = fc.array(
      fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(measure, fc.integer({ min: 1, max: 6 }), (pairs, pointCount) => {
        const distinct = new Set(pairs.filter(([, weight]) => weight > 1e-3).map(([node]) => Math.round(node * 1e3)));
        fc.pre(distinct.size >= pointCount);
        const nodes = Float64Array.from(pairs, ([node]) => node);
        const weights = Float64Array.from(pairs, ([, weight]) => weight);
        const rule = gaussFromMeasure(nodes, weights, pointCount);
        for (let degree = 0; degree < 2 * pointCount; degree += 1) {
          const before = integrate({ nodes, weights }, (x) => (x / 2) ** degree);
          expect(Math.abs(integrate(rule, (x) => (x / 2) ** degree) - before)).toBeLessThan(1e-13 * pairs.length);
        }
        expect(rule.nodes[0]).toBeGreaterThanOrEqual(Math.min(...nodes) - 1e-12);
        expect(rule.nodes[pointCount - 1]).toBeLessThanOrEqual(Math.max(...nodes) + 1e-12);
        expect(rule.weights.every((weight) => weight >= 0)).toBe(true);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test("is not disturbed by nodes whose weights underflow", () => {
    const nodes = Float64Array.from({ length: 300 }, (_, index) => index / 10);
    const weights = nodes.map((node) => Math.exp(-3 * node * node));
    const rule = gaussFromMeasure(nodes, weights, 10);
    const mean = integrate({ nodes, weights }, (x) => x);
    expect(Math.abs(integrate(rule, (x) => x) / mean - 1)).toBeLessThan(1e-14);
  });

  test("refuses more points than distinct nodes, negative weights and numbers that are not finite", () => {
    const nodes = Float64Array.of(0, 1, 1);
    expect(() => gaussFromMeasure(nodes, Float64Array.of(1, 1, 1), 3)).toThrow("at most the number of distinct nodes");
    expect(() => gaussFromMeasure(nodes, Float64Array.of(1, -1, 1), 1)).toThrow(
      "weights[1]: expected a weight >= 0, got -1",
    );
    expect(() => gaussFromMeasure(nodes, Float64Array.of(1, Number.NaN, 1), 1)).toThrow("expected finite nodes");
    expect(() => gaussFromMeasure(nodes, Float64Array.of(1, 1), 1)).toThrow("weights: expected 3 numbers");
    expect(() => gaussFromMeasure(nodes, new Float64Array(3), 1)).toThrow("positive weight");
  });
});
