import { expect, test } from "vitest";
import { chebyshevInterpolant } from "../../src/numerics/chebyshev.ts";

const polynomial = (coefficients: Float64Array, y: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * y + coefficient, 0);

test("a polynomial of a lower degree is found again", () => {
  const coefficients = chebyshevInterpolant((y) => 3 - 2 * y + 0.5 * y ** 3, 6);
  // Six values up to 5 with roundings of 1e-16 each, and coefficients of T_5 up to 20.
  [3, -2, 0, 0.5, 0, 0].forEach((expected, power) => {
    expect(Math.abs(coefficients[power] - expected)).toBeLessThan(1e-14);
  });
});

test("the error falls like the half axes' sum to the power of -size, down to rounding", () => {
  // 1/(y - 3): half axes 3 and sqrt(8).
  const rho = 3 + Math.sqrt(8);
  for (const size of [4, 8, 12, 24]) {
    const coefficients = chebyshevInterpolant((y) => 1 / (y - 3), size);
    let largest = 0;
    for (let at = -50; at <= 50; at += 1) {
      largest = Math.max(largest, Math.abs(polynomial(coefficients, at / 50) - 1 / (at / 50 - 3)));
    }
    expect(largest).toBeLessThan(2 * rho ** -size + 1e-15);
    if (size <= 12) expect(largest).toBeGreaterThan(0.05 * rho ** -size);
  }
});
