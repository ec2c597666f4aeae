import { bentPair } from "./bent-pair.ts";
import type { DualActivation } from "./dual-activation.ts";
import { remembered } from "./hermite-dual.ts";
import { hermiteSeries, longestPanels, settledPanels } from "./hermite-series.ts";
import type { KernelActivation } from "./kernel-activation.ts";

const seriesTolerance = 1e-14;

/**
 * The dual of any activation. phi(sqrt(q) z) = sum_k b_k(q) h_k(z) gives E phi phi = sum_k b_k(q1) b_k(q2) c^k, and phi' its own series; what K terms leave out is
 * at most |c|^K sqrt(r1 r2), r_i = E phi^2 - sum b_k^2 (Cauchy, Schwarz). Where that is above 1e-14 of the diagonal, which with kinks it is near |c| = 1,
 * a two-dimensional rule that knows the kinks takes over (bent-pair.ts).
 *
 * @throws MeanfieldError `no-convergence` on kinks that were not named, `invalid-value` where phi' is not phi's derivative
 */
export function quadratureDual(activation: KernelActivation): DualActivation {
  const settled = settledPanels(activation);
  const seriesAt = remembered((variance) => hermiteSeries(activation, variance, settled, termsFor(variance)));
  const panelsAt = remembered((variance) => longestPanels(activation, variance, settled));
  const hasDerivative = activation.derivative !== null;
  return Object.freeze({
    secondMoment: (variance: number) => seriesAt(variance).moment,
    derivativeMoment: hasDerivative ? (variance: number) => seriesAt(variance).slopeMoment : null,
    pair(first: number, second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const left = seriesAt(first);
      const right = first === second ? left : seriesAt(second);
      if (first === second && halfSine === 0) {
        out[0] = 0;
        out[1] = 2;
        out[2] = left.slopeMoment;
        return;
      }
      const c = (halfCosine - halfSine) * (halfCosine + halfSine);
      const terms = Math.min(left.values.length, right.values.length);
      const leftOut = Math.abs(c) ** (terms - 1) * Math.max(left.rest * right.rest, left.slopeRest * right.slopeRest);
      if (leftOut > seriesTolerance) {
        const moments = [left.moment, right.moment] as const;
        const panelLengths = [panelsAt(first), panelsAt(second)] as const;
        bentPair(activation, { first, second, halfSine, halfCosine, moments, panelLengths }, out);
        return;
      }
      const correlation = product(left.values, right.values, terms, c) / Math.sqrt(left.moment * right.moment);
      out[0] = 1 - correlation;
      out[1] = 1 + correlation;
      out[2] = hasDerivative ? product(left.slopes, right.slopes, terms - 1, c) : Number.NaN;
    },
    error: 1e-13,
  });
}

/**
 * Terms to begin with, a power of 2 that grows with the variance: a pole of phi at distance p leaves exp(-2 p sqrt(2 k/q)), which at p = pi/2 is gone at k = 70 q. The same
 * variance has the same terms whatever was asked before.
 */
function termsFor(variance: number): number {
  return Math.min(512, 2 ** Math.ceil(Math.log2(Math.max(64, 70 * variance))));
}

/** sum_k left_k right_k c^k over the first `terms`. */
function product(left: Float64Array, right: Float64Array, terms: number, c: number): number {
  let sum = 0;
  for (let k = terms - 1; k >= 0; k -= 1) sum = sum * c + left[k] * right[k];
  return sum;
}
