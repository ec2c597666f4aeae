import { invalidValue, MeanfieldError } from "../../errors.ts";
import { gaussianPanels } from "../../numerics/gaussian-panels.ts";
import { projections } from "../../numerics/hermite.ts";
import { bentPair } from "./bent-pair.ts";
import type { DualActivation } from "./dual-activation.ts";
import { remembered } from "./hermite-dual.ts";
import type { KernelActivation } from "./kernel-activation.ts";

/** Terms of the series at most: (16/17)^512 = 3e-14. */
const mostTerms = 512;
const seriesTolerance = 1e-14;

/** The series of one function at one variance. */
interface Series {
  readonly coefficients: Float64Array;
  /** E f(sqrt(q) z)^2. */
  readonly moment: number;
  /** sqrt(1 - sum of squared coefficients / moment), from which what is left out is bounded. */
  readonly rest: number;
  /** The longest panels of 16 nodes that resolve it. */
  readonly panelLength: number;
}

/**
 * The dual of any activation. phi(sqrt(q) z) = sum_k b_k(q) h_k(z) gives E phi phi = sum_k b_k(q1) b_k(q2) c^k, and phi' its own series; what K terms leave out is
 * at most |c|^K sqrt(r1 r2), r_i = E phi^2 - sum b_k^2 (Cauchy, Schwarz). Where that is above 1e-14 of the diagonal, which with kinks it is near |c| = 1,
 * a two-dimensional rule that knows the kinks takes over (bent-pair.ts).
 *
 * @throws MeanfieldError `no-convergence` on kinks that were not named, `invalid-value` where phi' is not phi's derivative
 */
export function quadratureDual(activation: KernelActivation): DualActivation {
  const { derivative } = activation;
  const valuesAt = remembered((variance) => seriesOf(activation, activation.value, variance));
  const slopesAt = derivative === null ? null : remembered((variance) => seriesOf(activation, derivative, variance));
  if (slopesAt !== null) checkDerivative(valuesAt(1), slopesAt(1));
  else valuesAt(1);
  return Object.freeze({
    secondMoment: (variance: number) => valuesAt(variance).moment,
    derivativeMoment: slopesAt === null ? null : (variance: number) => slopesAt(variance).moment,
    pair(first: number, second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const left = valuesAt(first);
      const right = valuesAt(second);
      const c = (halfCosine - halfSine) * (halfCosine + halfSine);
      if (first === second && halfSine === 0) {
        out[0] = 0;
        out[1] = 2;
        out[2] = slopesAt === null ? Number.NaN : slopesAt(first).moment;
        return;
      }
      const needsRule = bound(left, right, c) > seriesTolerance;
      const slopeLeft = slopesAt?.(first);
      const slopeRight = slopesAt?.(second);
      const slopeNeedsRule =
        slopeLeft !== undefined && slopeRight !== undefined && bound(slopeLeft, slopeRight, c) > seriesTolerance;
      if (needsRule || slopeNeedsRule) {
        const moments = [left.moment, right.moment] as const;
        const panelLengths = [lengthOf(left, slopeLeft), lengthOf(right, slopeRight)] as const;
        bentPair(activation, { first, second, halfSine, halfCosine, moments, panelLengths }, out);
        return;
      }
      const correlation = product(left, right, c) / Math.sqrt(left.moment * right.moment);
      out[0] = 1 - correlation;
      out[1] = 1 + correlation;
      out[2] = slopeLeft === undefined || slopeRight === undefined ? Number.NaN : product(slopeLeft, slopeRight, c);
    },
    error: 1e-13,
  });
}

function bound(left: Series, right: Series, c: number): number {
  const terms = Math.min(left.coefficients.length, right.coefficients.length);
  return Math.abs(c) ** terms * left.rest * right.rest;
}

function product({ coefficients: left }: Series, { coefficients: right }: Series, c: number): number {
  let sum = 0;
  for (let k = Math.min(left.length, right.length) - 1; k >= 0; k -= 1) sum = sum * c + left[k] * right[k];
  return sum;
}

/** Terms are doubled until nothing is left, panels halved until nothing moves. */
function seriesOf(activation: KernelActivation, f: (z: number) => number, variance: number): Series {
  const scale = Math.sqrt(variance);
  const scaled = (z: number): number => f(scale * z);
  const kinks = activation.kinks.map((place) => place / scale);
  // The series of a bent function has no end.
  for (let terms = kinks.length > 0 ? mostTerms : 64; ; terms *= 2) {
    const { coefficients, moment } = settled(scaled, kinks, terms - 1);
    let squares = 0;
    for (let k = terms - 1; k >= 0; k -= 1) squares += coefficients[k] * coefficients[k];
    const left = Math.max(0, 1 - squares / moment);
    if (left < 4e-15 || terms >= mostTerms) {
      const panelLength = longestPanels(scaled, kinks, coefficients, moment);
      return { coefficients, moment, rest: left < 4e-15 ? 0 : Math.sqrt(left), panelLength };
    }
  }
}

/** The longest of a few lengths by which the first coefficients and the moment come out as they are. */
function longestPanels(
  f: (z: number) => number,
  kinks: readonly number[],
  coefficients: Float64Array,
  moment: number,
): number {
  const tolerance = 1e-13 * Math.sqrt(moment);
  for (const length of [2, 1, 0.5]) {
    const found = projections(f, gaussianPanels(kinks, length), 7);
    const isRight = found.coefficients.every((entry, k) => Math.abs(entry - coefficients[k]) < tolerance);
    if (isRight && Math.abs(found.moment - moment) < 1e-13 * moment) return length;
  }
  return 0.25;
}

function lengthOf(values: Series, slopes: Series | undefined): number {
  return Math.min(values.panelLength, slopes?.panelLength ?? values.panelLength);
}

/** Projections by panels that have been halved without effect. */
function settled(f: (z: number) => number, kinks: readonly number[], degree: number) {
  let panelLength = Math.min(0.5, 5 / Math.sqrt(degree + 1));
  let coarse = projections(f, gaussianPanels(kinks, panelLength), degree);
  for (let round = 0; round < 4; round += 1) {
    panelLength /= 2;
    const fine = projections(f, gaussianPanels(kinks, panelLength), degree);
    const tolerance = 1e-12 * Math.sqrt(fine.moment);
    const moved = fine.coefficients.some((entry, k) => !(Math.abs(entry - coarse.coefficients[k]) <= tolerance));
    if (!moved && fine.moment > 0) return fine;
    coarse = fine;
  }
  throw new MeanfieldError(
    "no-convergence",
    "activation: its Hermite coefficients still move after four refinements; name the places where it bends or jumps in `kinks`",
    { path: "activation.kinks" },
  );
}

/** E phi'(z) h_k(z) = sqrt(k + 1) E phi(z) h_(k+1)(z), by parts: false where phi' is another function's derivative, or phi jumps. */
function checkDerivative(values: Series, slopes: Series): void {
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
