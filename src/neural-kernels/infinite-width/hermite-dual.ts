import type { DualActivation } from "./dual-activation.ts";

/** b_k(q) = E phi(sqrt(q) z) h_k(z) up to the degree after which nothing is left. */
export type HermiteCoefficients = (variance: number) => Float64Array;

/**
 * phi with a finite Hermite series: E phi(z1) phi(z2) = sum_k b_k(q1) b_k(q2) c^k, E phi' phi' = sum_k k b_k(q1) b_k(q2) c^(k-1) / sqrt(q1 q2).
 * The coefficients at other variances follow from He_n(g z) = sum_i g^(n-2i) (g^2 - 1)^i n!/((n-2i)! i! 2^i) He_(n-2i)(z).
 */
export function hermiteDual(coefficients: readonly number[]): DualActivation {
  const at = remembered((variance) => rescaled(coefficients, Math.sqrt(variance)));
  return Object.freeze({
    secondMoment: (variance: number) => squares(at(variance)),
    derivativeMoment: (variance: number) => slopeSquares(at(variance), variance),
    pair(first: number, second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      const left = at(first);
      const right = at(second);
      const c = (halfCosine - halfSine) * (halfCosine + halfSine);
      let value = 0;
      let slope = 0;
      for (let k = left.length - 1; k >= 0; k -= 1) {
        const product = left[k] * right[k];
        value = value * c + product;
        if (k > 0) slope = slope * c + k * product;
      }
      const correlation = value / Math.sqrt(squares(left) * squares(right));
      out[0] = 1 - correlation;
      out[1] = 1 + correlation;
      out[2] = slope / Math.sqrt(first * second);
    },
    error: 1e-14,
  });
}

/** A function of the variance that keeps what it found last: kernels ask for the same variances again and again. */
export function remembered<T>(compute: (variance: number) => T): (variance: number) => T {
  const known = new Map<number, T>();
  return (variance) => {
    const found = known.get(variance);
    if (found !== undefined) return found;
    // Enough for every variance of a large data set in several layers, and an end to what is kept.
    if (known.size >= 1 << 16) known.clear();
    const made = compute(variance);
    known.set(variance, made);
    return made;
  };
}

/** Coefficients of z -> phi(scale z). */
function rescaled(coefficients: readonly number[], scale: number): Float64Array {
  const out = new Float64Array(coefficients.length);
  for (let n = 0; n < coefficients.length; n += 1) {
    // The weight of h_(n-2i): scale^(n-2i) (scale^2 - 1)^i sqrt(n!/(n-2i)!)/(i! 2^i), each from the one before.
    let weight = coefficients[n];
    const shrink = scale * scale - 1;
    for (let i = 0; 2 * i <= n; i += 1) {
      const degree = n - 2 * i;
      out[degree] += weight * scale ** degree;
      weight *= (shrink * Math.sqrt(degree * (degree - 1))) / (2 * (i + 1));
    }
  }
  return out;
}

function squares(coefficients: Float64Array): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k -= 1) sum += coefficients[k] * coefficients[k];
  return sum;
}

function slopeSquares(coefficients: Float64Array, variance: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 1; k -= 1) sum += k * coefficients[k] * coefficients[k];
  return sum / variance;
}
