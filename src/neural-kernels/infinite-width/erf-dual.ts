import type { DualActivation } from "./dual-activation.ts";

/**
 * erf (Williams 1997): with r = 2 S / sqrt((1 + 2 q1)(1 + 2 q2)), S the covariance,
 *
 *     E phi phi = (2/pi) arcsin r,   E phi' phi' = (4/pi) / sqrt((1 + 2 q1)(1 + 2 q2) - 4 S^2).
 */
export function erfDual(): DualActivation {
  return Object.freeze({
    secondMoment: moment,
    derivativeMoment: (variance: number) => 4 / Math.PI / Math.sqrt(1 + 4 * variance),
    pair(first: number, second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const covariance = Math.sqrt(first * second) * (halfCosine - halfSine) * (halfCosine + halfSine);
      // (1 + 2 q1)(1 + 2 q2) - 4 S^2 without its cancellation at large variances.
      const rest = 1 + 2 * (first + second) + 16 * first * second * (halfSine * halfCosine) ** 2;
      const value = (2 / Math.PI) * Math.atan2(2 * covariance, Math.sqrt(rest));
      const correlation = value / Math.sqrt(moment(first) * moment(second));
      out[0] = 1 - correlation;
      out[1] = 1 + correlation;
      out[2] = 4 / Math.PI / Math.sqrt(rest);
    },
    error: 4e-15,
  });
}

/** (2/pi) arcsin(2 q/(1 + 2 q)). */
function moment(variance: number): number {
  return (2 / Math.PI) * Math.atan2(2 * variance, Math.sqrt(1 + 4 * variance));
}
