import type { DualActivation } from "./dual-activation.ts";
import type { SineActivation } from "./kernel-activation.ts";

/**
 * phi(z) = A sin(w z + p): with D = E (z1 - z2)^2 and P = E (z1 + z2)^2,
 *
 *     E phi phi = (A^2/2) (exp(-w^2 D/2) - cos(2 p) exp(-w^2 P/2)),   E phi' phi' = (A w)^2/2 (exp(-w^2 D/2) + cos(2 p) exp(-w^2 P/2)),
 *
 * in which nothing overflows. At q1 = q2 = 1 and p = 0 it is A^2 exp(-w^2) sinh(w^2 c).
 */
export function sineDual({ amplitude, frequency, phase }: SineActivation): DualActivation {
  const scale = (amplitude * amplitude) / 2;
  const square = frequency * frequency;
  // 1 - cos(2 p) and 1 + cos(2 p) without cancellation.
  const sineSquare = 2 * Math.sin(phase) ** 2;
  const twist = 1 - sineSquare;
  /** scale (1 -+ cos(2 p) exp(-2 w^2 q)); at p = 0 with all its digits down to q = 0. */
  const diagonal = (variance: number, sign: 1 | -1): number => {
    const lost = -Math.expm1(-2 * square * variance);
    return sign === 1 ? scale * (sineSquare + twist * lost) : scale * (2 - sineSquare - twist * lost);
  };
  return Object.freeze({
    secondMoment: (variance: number) => diagonal(variance, 1),
    derivativeMoment: (variance: number) => square * diagonal(variance, -1),
    pair(first: number, second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const product = Math.sqrt(first * second);
      // (sqrt q1 - sqrt q2)^2, the part of D and P that does not depend on the angle.
      const unequal = first === second ? 0 : first + second - 2 * product;
      const difference = Math.exp((-square / 2) * (unequal + 4 * product * halfSine * halfSine));
      const sum = Math.exp((-square / 2) * (unequal + 4 * product * halfCosine * halfCosine));
      const norm = Math.sqrt(diagonal(first, 1) * diagonal(second, 1));
      const correlation = (scale * (difference - twist * sum)) / norm;
      out[0] = 1 - correlation;
      out[1] = 1 + correlation;
      out[2] = square * scale * (difference + twist * sum);
    },
    // The exponents magnify an error of the covariance by w^2.
    error: 4e-15 * (1 + square),
  });
}
