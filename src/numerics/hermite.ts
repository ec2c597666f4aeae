import { invalidValue, MeanfieldError } from "../errors.ts";
import { gaussianPanels } from "./gaussian-panels.ts";
import type { QuadratureRule } from "./quadrature.ts";

export interface HermiteOptions {
  /** Where the function or one of its derivatives jumps. @default none */
  readonly kinks?: readonly number[];
  /** b_0 ... b_degree, 0 <= degree <= 2000. @default 32 */
  readonly degree?: number;
}

/**
 * Coefficients b_k = E f(z) h_k(z), z standard Gaussian, in normalised probabilists' Hermite polynomials: h_0 = 1, h_1 = z,
 * sqrt(k + 1) h_(k+1) = z h_k - sqrt(k) h_(k-1), E h_j h_k = 1(j = k).
 *
 * Panels of 16 Gauss-Legendre nodes on [-13, 13], cut at the kinks and halved until no coefficient moves by more than 1e-12 of the root of E f^2: right for bent and
 * for fast functions such as cos(12 z), for which Gauss-Hermite rules of moderate size are not.
 *
 * @throws MeanfieldError `no-convergence` where 2000 panels do not suffice (a kink that was not named); `not-finite` on values of f that are not;
 * `invalid-value` on a degree that is none
 */
export function hermiteCoefficients(f: (z: number) => number, options: HermiteOptions = {}): Float64Array {
  const { kinks = [], degree = 32 } = options;
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 2000)) {
    throw invalidValue("degree", "an integer in [0, 2000]", degree);
  }
  // Between neighbouring zeros of h_k lies about pi/sqrt(k); a panel of 16 nodes takes several.
  let panelLength = Math.min(0.5, 6 / Math.sqrt(degree + 1));
  let coarse = projections(f, gaussianPanels(kinks, panelLength), degree);
  for (let round = 0; round < 6; round += 1) {
    panelLength /= 2;
    const fine = projections(f, gaussianPanels(kinks, panelLength), degree);
    const scale = Math.sqrt(fine.moment);
    const moved = fine.coefficients.some((entry, k) => Math.abs(entry - coarse.coefficients[k]) > 1e-12 * scale);
    if (!moved) return fine.coefficients;
    coarse = fine;
  }
  throw new MeanfieldError(
    "no-convergence",
    "hermiteCoefficients: the coefficients still move after six refinements; name the places where the function bends or jumps in `kinks`",
    { path: "kinks" },
  );
}

/** b_0 ... b_degree and E f^2 by a rule. */
export function projections(
  f: (z: number) => number,
  { nodes, weights }: QuadratureRule,
  degree: number,
): { readonly coefficients: Float64Array; readonly moment: number } {
  const coefficients = new Float64Array(degree + 1);
  // h_(k+1) = rise_k z h_k - fall_k h_(k-1).
  const rise = Float64Array.from({ length: degree + 1 }, (_, k) => 1 / Math.sqrt(k + 1));
  const fall = Float64Array.from({ length: degree + 1 }, (_, k) => Math.sqrt(k / (k + 1)));
  let moment = 0;
  for (let node = 0; node < nodes.length; node += 1) {
    const z = nodes[node];
    const value = f(z);
    if (!Number.isFinite(value)) {
      throw new MeanfieldError("not-finite", `activation: expected a finite number at z = ${z}, got ${value}`, {
        path: "activation",
      });
    }
    const weighted = weights[node] * value;
    moment += weighted * value;
    if (weighted === 0) continue;
    let before = 0;
    let here = weighted;
    for (let k = 0; k <= degree; k += 1) {
      coefficients[k] += here;
      const next = rise[k] * z * here - fall[k] * before;
      before = here;
      here = next;
    }
  }
  return { coefficients, moment };
}

/** sum_k coefficients[k] h_k(z), by the three-term recurrence. */
export function hermiteSum(coefficients: ArrayLike<number>, z: number): number {
  let before = 0;
  let here = 1;
  let sum = 0;
  for (let k = 0; k < coefficients.length; k += 1) {
    sum += coefficients[k] * here;
    const next = (z * here - Math.sqrt(k) * before) / Math.sqrt(k + 1);
    before = here;
    here = next;
  }
  return sum;
}

/**
 * Coefficients of powers of z of sum_k coefficients[k] h_k: the entry of h_n on z^m is (-1)^((n-m)/2) sqrt(n!) / ((n-m)!! m!) for n - m even and >= 0.
 *
 * @param coefficients b_0 ... b_n; from n = 30 on, powers lose digits to cancellation
 */
export function hermiteToMonomial(coefficients: ArrayLike<number>): Float64Array {
  const out = new Float64Array(coefficients.length);
  for (let n = 0; n < coefficients.length; n += 1) {
    // m = n: 1/sqrt(n!); each step down by 2 multiplies by -m (m-1)/(n-m+2).
    let entry = 1;
    for (let k = 2; k <= n; k += 1) entry /= Math.sqrt(k);
    for (let m = n; m >= 0; m -= 2) {
      out[m] += coefficients[n] * entry;
      entry *= -(m * (m - 1)) / (n - m + 2);
    }
  }
  return out;
}

/** The inverse of `hermiteToMonomial`: z^n = sum_m n!/((n-m)!! sqrt(m!)) h_m over m <= n of the same parity. */
export function monomialToHermite(powers: ArrayLike<number>): Float64Array {
  const out = new Float64Array(powers.length);
  for (let n = 0; n < powers.length; n += 1) {
    let entry = 1;
    for (let k = 2; k <= n; k += 1) entry *= Math.sqrt(k);
    for (let m = n; m >= 0; m -= 2) {
      out[m] += powers[n] * entry;
      entry *= Math.sqrt(m * (m - 1)) / (n - m + 2);
    }
  }
  return out;
}
