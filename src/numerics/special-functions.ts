/// <reference path="./cephes.d.ts" />
import { createRequire } from "node:module";
import { invalidValue } from "../errors.ts";

type Cephes = typeof import("cephes");
let loaded: Cephes | undefined;

/** cephes is WebAssembly, and as a CommonJS module it compiles at once where it is first asked for: many runs never do. */
function cephes(): Cephes {
  loaded ??= createRequire(import.meta.url)("cephes") as Cephes;
  return loaded;
}

/**
 * ln Gamma(x) for x > 0 (cephes). Relative error about 1e-15 away from its zeros at 1 and 2, absolute error 1e-15 near them.
 *
 * @throws `invalid-value` unless 0 < x < 1e300
 */
export function logGamma(x: number): number {
  if (!(x > 0 && x < 1e300)) throw invalidValue("x", "a number in (0, 1e300)", x);
  return cephes().lgam(x);
}

/**
 * Gamma(x + 1/2) / Gamma(x) for x > 0, relative error about 1e-15: no difference of large logarithms.
 * For x >= 40 the asymptotic series sqrt(x) (1 - 1/(8x) + 1/(128x^2) + 5/(1024x^3) - ...), cut where it is below 4e-17; for smaller x the
 * recurrence ratio(x) = ratio(x + 1) x / (x + 1/2).
 *
 * @throws `invalid-value` unless x > 0 is finite
 */
export function halfStepGammaRatio(x: number): number {
  if (!(x > 0 && x < Infinity)) throw invalidValue("x", "a positive finite number", x);
  let factor = 1;
  let shifted = x;
  while (shifted < 40) {
    factor *= shifted / (shifted + 0.5);
    shifted += 1;
  }
  const y = 1 / shifted;
  const series =
    1 +
    y *
      (-1 / 8 +
        y *
          (1 / 128 +
            y * (5 / 1024 + y * (-21 / 32768 + y * (-399 / 262144 + y * (869 / 4194304 + (y * 39325) / 33554432))))));
  return factor * Math.sqrt(shifted) * series;
}

/**
 * The error function (2 / sqrt(pi)) integral_0^x exp(-t^2) dt (cephes), error below 4e-16.
 *
 * @throws `invalid-value` on NaN
 */
export function erf(x: number): number {
  if (!(Math.abs(x) <= Infinity)) throw invalidValue("x", "a number", x);
  // Beyond 6 the value is 1 to the last bit, and cephes reports an underflow further out.
  if (Math.abs(x) > 6) return Math.sign(x);
  return cephes().erf(x);
}

/**
 * I_x(a, b), the regularised incomplete beta function = P(B <= x) for a Beta(a, b) variable B (cephes).
 * Absolute error 1e-15 for a, b of order 1, growing to about 1e-13 at 500.
 *
 * @throws `invalid-value` unless a, b > 0 are finite and 0 <= x <= 1
 */
export function regularizedIncompleteBeta(a: number, b: number, x: number): number {
  checkShape("a", a);
  checkShape("b", b);
  if (!(x >= 0 && x <= 1)) throw invalidValue("x", "a number in [0, 1]", x);
  return cephes().incbet(a, b, x);
}

/**
 * The x with I_x(a, b) = probability (cephes).
 *
 * @throws `invalid-value` unless a, b > 0 are finite and 0 <= probability <= 1
 */
export function inverseIncompleteBeta(a: number, b: number, probability: number): number {
  checkShape("a", a);
  checkShape("b", b);
  if (!(probability >= 0 && probability <= 1)) throw invalidValue("probability", "a number in [0, 1]", probability);
  return cephes().incbi(a, b, probability);
}

/**
 * The t with P(T <= t) = probability for Student's t distribution with an integer number of degrees of freedom (cephes).
 *
 * @throws `invalid-value` unless degreesOfFreedom is an integer in [1, 2^31) and 0 < probability < 1
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(Number.isInteger(degreesOfFreedom) && degreesOfFreedom >= 1 && degreesOfFreedom < 2 ** 31)) {
    throw invalidValue("degreesOfFreedom", "an integer in [1, 2^31)", degreesOfFreedom);
  }
  if (!(probability > 0 && probability < 1)) throw invalidValue("probability", "a number in (0, 1)", probability);
  return cephes().stdtri(degreesOfFreedom, probability);
}

function checkShape(path: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw invalidValue(path, "a positive finite number", value);
}
