import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSphericalMean, meanReluOfCoordinate } from "../../src/networks/spherical-mean.ts";
import { gaussJacobi } from "../../src/numerics/quadrature.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";
import { regularizedIncompleteBeta } from "../../src/numerics/special-functions.ts";
import reference from "../reference/spherical-mean.json" with { type: "json" };

const dimensions = [2, 3, 4, 5, 8, 13, 40, 129, 500, 1000];

describe("meanReluOfCoordinate", () => {
  test("is 1/pi, 1/4, 2/(3 pi), 3/16 in dimensions 2 to 5 and 1/sqrt(2 pi d) in high ones", () => {
    [1 / Math.PI, 1 / 4, 2 / (3 * Math.PI), 3 / 16].forEach((value, index) => {
      expect(Math.abs(meanReluOfCoordinate(2 + index) / value - 1)).toBeLessThan(1e-15 * 4);
    });
    // Gamma(x)/Gamma(x + 1/2) = x^(-1/2) (1 + 1/(8x) + O(x^-2)) at x = d/2
    const dimension = 1_000_000;
    const leading = (1 + 1 / (4 * dimension)) / Math.sqrt(2 * Math.PI * dimension);
    expect(Math.abs(meanReluOfCoordinate(dimension) / leading - 1)).toBeLessThan(1e-12);
  });

  test("agrees with Gauss-Jacobi quadrature over half the sphere", () => {
    for (const dimension of dimensions) {
      // In s = t^2: E relu(u_1) is half the ratio of the integrals of (1-s)^((d-3)/2) and s^(-1/2) (1-s)^((d-3)/2).
      const alpha = (dimension - 3) / 2;
      const sum = (beta: number): number =>
        gaussJacobi(4, alpha, beta).weights.reduce((total, weight) => total + weight, 0) / 2 ** (alpha + beta + 1);
      expect(Math.abs(meanReluOfCoordinate(dimension) / (sum(0) / (2 * sum(-0.5))) - 1)).toBeLessThan(1e-12);
    }
  });

  test("refuses dimensions below 2", () => {
    expect(() => meanReluOfCoordinate(1)).toThrow("dimension: expected an integer >= 2, got 1");
    expect(() => createSphericalMean(2.5)).toThrow("dimension: expected an integer >= 2, got 2.5");
  });
});

describe("createSphericalMean", () => {
  test("derivatives agree with 40-digit values to 2e-14 in dimensions 2 to 100000", () => {
    const out = new Float64Array(3);
    const means = new Map<number, ReturnType<typeof createSphericalMean>>();
    for (const [dimension, threshold, byScale, byOffset] of reference.values) {
      const phi = means.get(dimension) ?? createSphericalMean(dimension);
      means.set(dimension, phi);
      phi.evaluate(1, -threshold, out);
      expect(Math.abs(out[1] - byScale)).toBeLessThan(2e-14);
      expect(Math.abs(out[2] - byOffset)).toBeLessThan(2e-14);
      expect(Math.abs(out[0] - (byScale - threshold * byOffset))).toBeLessThan(2e-14);
    }
  });

  test.each(dimensions)("P(u_1 > t) and E[u_1 1(u_1 > t)] agree with closed forms everywhere, d = %i", (dimension) => {
    const phi = createSphericalMean(dimension);
    const out = new Float64Array(3);
    const half = (dimension - 1) / 2;
    const meanRelu = meanReluOfCoordinate(dimension);
    // cephes' own error grows to 4e-13 at d = 1000, measured against 40 digits.
    const tolerance = 1e-14 + 4e-16 * dimension;
    for (let index = -400; index <= 400; index += 1) {
      // Dense where the distribution lives and at the ends.
      const threshold = Math.tanh((index / 100) * Math.min(2, 6 / Math.sqrt(dimension)));
      phi.evaluate(2.5, -2.5 * threshold, out);
      const rounded = (2.5 * threshold) / 2.5;
      // The tail on the side of t: the other one would lose the digits of 1 - |t|.
      const tail = regularizedIncompleteBeta(half, half, (1 - Math.abs(rounded)) / 2);
      expect(Math.abs(out[2] - (rounded < 0 ? 1 - tail : tail))).toBeLessThan(tolerance);
      expect(Math.abs(out[1] - meanRelu * ((1 - rounded) * (1 + rounded)) ** half)).toBeLessThan(1e-14);
    }
  });

  test.each([2, 3, 10, 200])("agrees with Monte Carlo over the sphere, d = %i", (dimension) => {
    const draws = 20_000;
    const normals = new Float64Array(draws * dimension);
    fillNormal(normals, 0, normals.length, 0, deriveKey(8, "spherical mean", dimension), 0, 0, 0);
    const phi = createSphericalMean(dimension);
    for (const [scale, offset] of [
      [1.3, 0.2 / Math.sqrt(dimension)],
      [0.7, -0.5 / Math.sqrt(dimension)],
      [4, 1 / Math.sqrt(dimension)],
    ]) {
      let sum = 0;
      let squares = 0;
      for (let draw = 0; draw < draws; draw += 1) {
        let square = 0;
        for (let at = draw * dimension; at < (draw + 1) * dimension; at += 1) square += normals[at] ** 2;
        const value = Math.max(0, (scale * normals[draw * dimension]) / Math.sqrt(square) + offset);
        sum += value;
        squares += value * value;
      }
      const average = sum / draws;
      const error = Math.sqrt((squares / draws - average * average) / draws);
      expect(Math.abs(average - phi.value(scale, offset)) / error).toBeLessThan(4);
    }
  });

  test("its derivatives are those of its value", () => {
    const out = new Float64Array(3);
    fc.assert(
      fc.property(
        fc.constantFrom(...dimensions),
        fc.double({ min: 0.2, max: 4, noNaN: true }),
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        (dimension, scale, threshold) => {
          const phi = createSphericalMean(dimension);
          const offset = -scale * threshold;
          phi.evaluate(scale, offset, out);
          const step = 1e-5;
          const byScale = (phi.value(scale + step, offset) - phi.value(scale - step, offset)) / (2 * step);
          const byOffset = (phi.value(scale, offset + step) - phi.value(scale, offset - step)) / (2 * step);
          // Rounding 2e-16 x 5 / step and truncation: P' is at most 1/2 the density, which varies by step; at |t| = 1, d = 2, like its square root.
          const tolerance = dimension < 5 ? 5e-3 : 2e-8 * dimension;
          expect(Math.abs(byScale - out[1])).toBeLessThan(tolerance);
          expect(Math.abs(byOffset - out[2])).toBeLessThan(tolerance);
        },
      ),
      { seed: 4, numRuns: 150 },
    );
  });

  test("phi(s, b) - phi(s, -b) = b, phi is homogeneous and lies between relu(b) and relu(b) + s C_d", () => {
    const phis = dimensions.map(createSphericalMean);
    fc.assert(
      fc.property(
        fc.constantFrom(...phis),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (phi, scale, offset) => {
          const value = phi.value(scale, offset);
          expect(Math.abs(value - phi.value(scale, -offset) - offset)).toBeLessThan(1e-14 * 10);
          expect(Math.abs(phi.value(2 * scale, 2 * offset) - 2 * value)).toBeLessThan(1e-14 * 10);
          const floor = Math.max(0, offset);
          expect(value).toBeGreaterThanOrEqual(floor - 1e-14 * 10);
          expect(value).toBeLessThanOrEqual(floor + scale * meanReluOfCoordinate(phi.dimension) + 1e-14 * 10);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  test("at s = 0 the values are relu(b) and the limits s -> 0+ of the derivatives", () => {
    const phi = createSphericalMean(7);
    const out = new Float64Array(3);
    phi.evaluate(0, 2, out);
    expect([...out]).toEqual([2, 0, 1]);
    phi.evaluate(0, -2, out);
    expect([...out]).toEqual([0, 0, 0]);
    phi.evaluate(0, 0, out);
    expect(out[0]).toBe(0);
    expect(out[1]).toBeCloseTo(meanReluOfCoordinate(7), 14);
    expect(out[2]).toBeCloseTo(0.5, 14);
  });

  test("NaN comes out where NaN goes in, and a negative scale is refused", () => {
    const phi = createSphericalMean(3);
    const out = new Float64Array(3);
    for (const [scale, offset] of [
      [Number.NaN, 1],
      [1, Number.NaN],
      [0, Number.NaN],
    ]) {
      phi.evaluate(scale, offset, out);
      expect(out[0]).toBeNaN();
    }
    expect(() => phi.value(-1, 0)).toThrow("scale: expected a number >= 0, got -1");
  });

  test("evaluateAlong gives the bits of single calls", () => {
    const phi = createSphericalMean(6);
    const radii = Float64Array.of(0, 0.1, 0.5, 1, 3);
    const arrays = [new Float64Array(7), new Float64Array(7), new Float64Array(7)] as const;
    phi.evaluateAlong(1.5, -0.4, radii, ...arrays, 2);
    const out = new Float64Array(3);
    radii.forEach((radius, index) => {
      phi.evaluate(1.5 * radius, -0.4, out);
      expect(arrays.map((array) => array[2 + index])).toEqual([...out]);
    });
    expect(arrays[0][0]).toBe(0);
  });
});
