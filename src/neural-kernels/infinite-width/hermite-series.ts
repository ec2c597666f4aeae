import { invalidValue, MeanfieldError } from "../../errors.ts";
import { gaussianPanels } from "../../numerics/gaussian-panels.ts";
import { projections } from "../../numerics/hermite.ts";
import type { KernelActivation } from "./kernel-activation.ts";

/** phi and phi' at one variance q in normalised Hermite polynomials. */
export interface HermiteSeries {
  /** b_k = E phi(sqrt(q) z) h_k(z). */
  readonly values: Float64Array;
  /** E phi'(sqrt(q) z) h_k(z), one fewer; empty without a derivative. */
  readonly slopes: Float64Array;
  /** E phi(sqrt(q) z)^2. */
  readonly moment: number;
  /** E phi'(sqrt(q) z)^2, NaN without a derivative. */
  readonly slopeMoment: number;
  /** The root of the share of the moment that the terms leave out, 0 where rounding hides it. */
  readonly rest: number;
  readonly slopeRest: number;
}

/** Terms at most; with kinks always as many, since their series has no end: 1e-14 of it is left at |c| = .97. */
const mostTerms = 512;
const mostBentTerms = 1024;

/**
 * The series of an activation at a variance, with as many terms as there is something left for.
 *
 * @param settled panels that resolve phi and phi' at variance 1, of `settledPanels`
 * @param from terms to try first
 */
export function hermiteSeries(
  activation: KernelActivation,
  variance: number,
  settled: number,
  from: number,
): HermiteSeries {
  const { value, derivative } = activation;
  const scale = Math.sqrt(variance);
  const kinks = activation.kinks.map((place) => place / scale);
  const resolved = settled * Math.min(1, 1 / scale);
  const slopeMoment =
    derivative === null
      ? Number.NaN
      : projections((z) => derivative(scale * z), gaussianPanels(kinks, resolved), 0).moment;
  for (let terms = kinks.length > 0 ? mostBentTerms : from; ; terms *= 2) {
    // Sixteen nodes take ten radians of h_k, whose zeros lie pi/sqrt(k) apart.
    const rule = gaussianPanels(kinks, Math.min(resolved, 10 / Math.sqrt(terms)));
    const { coefficients, moment } = projections((z) => value(scale * z), rule, terms - 1);
    // By parts: sqrt(q) E phi'(sqrt(q) z) h_k = sqrt(k + 1) b_(k+1). `settledPanels` has made sure that phi' is the derivative.
    const slopes = Float64Array.from(
      { length: derivative === null ? 0 : terms - 1 },
      (_, k) => (Math.sqrt(k + 1) * coefficients[k + 1]) / scale,
    );
    const rest = restOf(coefficients, moment);
    const slopeRest = derivative === null ? 0 : restOf(slopes, slopeMoment);
    if (rest + slopeRest > 0 && terms < mostTerms) continue;
    return { values: coefficients, slopes, moment, slopeMoment, rest, slopeRest };
  }
}

function restOf(coefficients: Float64Array, moment: number): number {
  let squares = 0;
  for (let k = coefficients.length - 1; k >= 0; k -= 1) squares += coefficients[k] * coefficients[k];
  const left = 1 - squares / moment;
  return left < 1e-14 ? 0 : Math.sqrt(left);
}

/**
 * Panels for phi and phi' at variance 1 that may be halved without effect on 64 coefficients: of length 1/2 or less. Where there are none, a kink has not been named. At other
 * variances they are scaled along.
 *
 * @throws MeanfieldError `no-convergence`, `not-finite`; `invalid-value` where phi' is not phi's derivative
 */
export function settledPanels({ value, derivative, kinks }: KernelActivation): number {
  for (let length = 0.5; length > 0.02; length /= 2) {
    const coarse = projections(value, gaussianPanels(kinks, length), 63);
    const fine = projections(value, gaussianPanels(kinks, length / 2), 63);
    const tolerance = 1e-12 * Math.sqrt(fine.moment);
    const isSettled = fine.coefficients.every((entry, k) => Math.abs(entry - coarse.coefficients[k]) <= tolerance);
    if (!(isSettled && fine.moment > 0)) continue;
    if (derivative !== null) checkDerivative(fine, projections(derivative, gaussianPanels(kinks, length / 2), 63));
    return length;
  }
  throw new MeanfieldError(
    "no-convergence",
    "activation: its Hermite coefficients still move when the panels of the quadrature are halved again and again; name the places where it bends or jumps in `kinks`",
    { path: "activation.kinks" },
  );
}

/** The longest of a few lengths that leave the first coefficients and moments of phi and phi' at a variance as they are. */
export function longestPanels(activation: KernelActivation, variance: number, settled: number): number {
  const scale = Math.sqrt(variance);
  const kinks = activation.kinks.map((place) => place / scale);
  const resolved = settled * Math.min(1, 1 / scale);
  const functions = [activation.value, ...(activation.derivative === null ? [] : [activation.derivative])];
  const isRight = (f: (z: number) => number, length: number): boolean => {
    const scaled = (z: number): number => f(scale * z);
    const right = projections(scaled, gaussianPanels(kinks, resolved), 7);
    const found = projections(scaled, gaussianPanels(kinks, length), 7);
    if (Math.abs(found.moment - right.moment) > 1e-13 * right.moment) return false;
    const tolerance = 1e-13 * Math.sqrt(right.moment);
    return found.coefficients.every((entry, k) => Math.abs(entry - right.coefficients[k]) <= tolerance);
  };
  return [2, 1, 0.5].find((length) => functions.every((f) => isRight(f, length))) ?? Math.min(0.25, resolved);
}

type Projected = ReturnType<typeof projections>;

/** E phi'(z) h_k(z) = sqrt(k + 1) E phi(z) h_(k+1)(z): false where phi' is another function's derivative, or phi jumps. */
function checkDerivative(values: Projected, slopes: Projected): void {
  for (let k = 0; k < 16; k += 1) {
    const byParts = Math.sqrt(k + 1) * values.coefficients[k + 1];
    if (Math.abs(slopes.coefficients[k] - byParts) <= 1e-9 * Math.sqrt(slopes.moment + values.moment)) continue;
    throw invalidValue(
      "activation.derivative",
      `the derivative of a continuous value: E phi'(z) h_${k}(z) = ${byParts}`,
      slopes.coefficients[k],
      "leave the derivative out where the activation jumps",
    );
  }
}
