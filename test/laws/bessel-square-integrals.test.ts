import { describe, expect, it } from "vitest";
import { besselSquareIntegrals } from "../../src/laws/bessel-square-integrals.ts";
import { besselJ, besselJSequence } from "../../src/numerics/bessel.ts";
import { integrate } from "./check-samples.ts";

describe("integrals of J^2 far out", () => {
  it.each([1, 5, 20, 137, 1000])("tail equals the finite sum J_0^2 + 2 sum J_k^2 + J_nu^2 at nu = %d", (order) => {
    const integrals = besselSquareIntegrals(order);
    const values = new Float64Array(order + 1);
    for (const factor of [1, 1.37, 50]) {
      const s = factor * Math.max(20 * order, 400);
      besselJSequence(0, order + 1, s, values);
      let sum = values[0] ** 2 + values[order] ** 2;
      for (let k = 1; k < order; k += 1) sum += 2 * values[k] ** 2;
      expect(Math.abs(2 * order * integrals.tail(s) - sum)).toBeLessThanOrEqual(1e-15);
    }
  });

  it.each([1.5, 10.5, 77.5])(
    "tails of half-integer orders differ by J_nu^2 + J_{nu+1}^2 from nu = %d to nu + 1",
    (order) => {
      const s = 1.1 * Math.max(20 * (order + 1), 400);
      const difference =
        2 * (order + 1) * besselSquareIntegrals(order + 1).tail(s) - 2 * order * besselSquareIntegrals(order).tail(s);
      expect(Math.abs(difference - besselJ(order, s) ** 2 - besselJ(order + 1, s) ** 2)).toBeLessThanOrEqual(1e-15);
    },
  );

  it.each([
    [1, 400],
    [1.5, 433],
    [10, 400],
    [30.5, 617],
    [100, 2003],
  ])("differences equal integrals by quadrature at nu = %d from s = %d", (order, start) => {
    const integrals = besselSquareIntegrals(order);
    const end = start + 301.7;
    const square = integrate((t) => besselJ(order, t) ** 2, start, end, 200);
    expect(Math.abs(integrals.squareIntegral(end) - integrals.squareIntegral(start) - square)).toBeLessThanOrEqual(
      2e-14,
    );
    const tail = integrate((t) => besselJ(order, t) ** 2 / t, start, end, 200);
    expect(Math.abs(integrals.tail(start) - integrals.tail(end) - tail)).toBeLessThanOrEqual(1e-16);
    const weighted = integrate((t) => t * besselJ(order, t) ** 2, start, end, 200);
    expect(
      Math.abs(integrals.weightedIntegral(end) - integrals.weightedIntegral(start) - weighted),
    ).toBeLessThanOrEqual(1e-12 * end);
  });
});
