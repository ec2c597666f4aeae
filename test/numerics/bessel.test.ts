import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { besselJ, besselJSequence, besselPair } from "../../src/numerics/bessel.ts";
import { gaussLegendre } from "../../src/numerics/quadrature.ts";
import reference from "../reference/bessel.json" with { type: "json" };

describe("besselJ", () => {
  it.each(reference.rows)("J_%d(%d) agrees with 50-digit arithmetic", (order, x, value, envelope) => {
    const error = Math.abs(besselJ(order, x) - value);
    if (x > order) expect(error).toBeLessThanOrEqual(1e-12 * envelope);
    else expect(error).toBeLessThanOrEqual(1e-10 * Math.abs(value));
  });

  it("is 1 for order 0 and 0 for every other order at x = 0", () => {
    expect(besselJ(0, 0)).toBe(1);
    for (const order of [0.5, 1, 2, 2.5, 6000]) expect(besselJ(order, 0)).toBe(0);
  });

  it("underflows to 0 instead of NaN far below the turning point", () => {
    expect(besselJ(6000, 10)).toBe(0);
    expect(besselJ(1000, 1.5)).toBe(0);
    expect(besselJ(250.5, 1e-300)).toBe(0);
  });

  it("equals its integral (1/pi) int_0^pi cos(n t - x sin t) dt at integer orders", () => {
    // The integrand is periodic and analytic: the trapezoidal rule with more points than n + x is exact to rounding.
    for (const [order, x] of [
      [0, 7.3],
      [3, 1.2],
      [17, 16.9],
      [40, 111.1],
      [123, 130],
      [400, 391.5],
    ] as const) {
      const points = 4 * Math.ceil(order + x + 40);
      let sum = 0;
      for (let k = 0; k < points; k += 1) {
        const t = (2 * Math.PI * k) / points;
        sum += Math.cos(order * t - x * Math.sin(t));
      }
      // Rounding of the phases, each of size at most order + x, dominates.
      expect(Math.abs(besselJ(order, x) - sum / points)).toBeLessThanOrEqual(4e-16 * (order * 2 * Math.PI + x));
    }
  });

  it("equals Poisson's integral at half-integer orders", () => {
    // J_{n+1/2}(x) = (x/2)^(n+1/2) / (sqrt(pi) n!) int_-1^1 cos(x t) (1-t^2)^n dt
    for (const [n, x] of [
      [0, 0.7],
      [1, 2.5],
      [3, 9],
      [6, 11],
    ] as const) {
      const rule = gaussLegendre(60);
      let integral = 0;
      let sizes = 0;
      for (let k = 0; k < 60; k += 1) {
        const term = rule.weights[k] * Math.cos(x * rule.nodes[k]) * (1 - rule.nodes[k] ** 2) ** n;
        integral += term;
        sizes += Math.abs(term);
      }
      let factor = Math.sqrt(x / 2 / Math.PI);
      for (let k = 1; k <= n; k += 1) factor *= x / 2 / k;
      expect(Math.abs(besselJ(n + 0.5, x) - factor * integral)).toBeLessThanOrEqual(1e-14 * factor * sizes);
    }
  });

  it("satisfies the recurrence J_{n-1} + J_{n+1} = (2n/x) J_n across the choice of method", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 600 }), fc.double({ min: 1e-2, max: 1500, noNaN: true }), (twice, x) => {
        const order = twice / 2;
        const [below, here, above] = [besselJ(order - 1, x), besselJ(order, x), besselJ(order + 1, x)];
        const size = Math.abs(below) + Math.abs(above) + Math.abs((2 * order * here) / x);
        const envelope = x > order ? Math.sqrt(2 / (Math.PI * x)) : size;
        expect(Math.abs(below + above - ((2 * order) / x) * here)).toBeLessThanOrEqual(
          1e-12 * Math.max(size, envelope) + 1e-300,
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("names the order, the argument and the count that it refuses", () => {
    expect(() => besselJ(0.25, 1)).toThrow("order: expected an integer or half-integer in [0, 6000], got 0.25");
    expect(() => besselJ(-1, 1)).toThrow("order: expected");
    expect(() => besselJ(Number.NaN, 1)).toThrow("order: expected");
    expect(() => besselJ(1, -1)).toThrow("x: expected a number in [0, 1e15], got -1");
    expect(() => besselJ(1, Number.NaN)).toThrow("x: expected");
    expect(() => besselJSequence(5999, 4, 1, new Float64Array(4))).toThrow(
      "count: expected an integer in [1, 3], got 4",
    );
    expect(() => besselJSequence(0, 4, 1, new Float64Array(3))).toThrow(
      "out: expected an array of at least 4 numbers, got 3",
    );
  });
});

describe("besselJSequence", () => {
  it("agrees with single orders", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (twice, count, x) => {
          const first = twice / 2;
          const out = new Float64Array(count);
          besselJSequence(first, count, x, out);
          for (let k = 0; k < count; k += 1) {
            const single = besselJ(first + k, x);
            const size = x > first + k ? Math.min(1, Math.sqrt(2 / (Math.PI * x))) : Math.abs(single);
            expect(Math.abs(out[k] - single)).toBeLessThanOrEqual(1e-12 * size + 1e-300);
          }
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it("gives squares that add up to 1 (Neumann) where the forward recurrence, which does not use the sum, made the low orders", () => {
    const x = 333.3;
    const low = new Float64Array(301);
    const high = new Float64Array(201);
    besselJSequence(0, 301, x, low);
    besselJSequence(301, 201, x, high);
    let sum = low[0] ** 2;
    for (let k = 1; k <= 300; k += 1) sum += 2 * low[k] ** 2;
    for (const value of high) sum += 2 * value ** 2;
    expect(Math.abs(sum - 1)).toBeLessThanOrEqual(1e-13);
  });
});

describe("besselPair", () => {
  it("writes the two neighbours that besselJ gives, and overwrites what stood there", () => {
    const out = new Float64Array([7, 7]);
    for (const [order, x] of [
      [0, 0],
      [2.5, 0.4],
      [10, 30],
      [10, 9],
      [999.5, 1000],
    ] as const) {
      besselPair(order, x, out);
      expect(out[0]).toBe(besselJ(order, x));
      expect(Math.abs(out[1] - besselJ(order + 1, x))).toBeLessThanOrEqual(1e-13);
    }
  });
});
