import { gaussLegendre } from "../../src/numerics/quadrature.ts";

/**
 * sqrt(n) sup |empirical cdf - cdf|. For a continuous cdf it exceeds x with probability below 2 exp(-2 x^2): above `kolmogorovLimit`, as
 * rarely as a normal is beyond 4 standard deviations.
 */
export function kolmogorovDistance(samples: Float64Array, cdf: (value: number) => number): number {
  const sorted = samples.toSorted();
  const count = sorted.length;
  let worst = 0;
  for (let rank = 0; rank < count; rank += 1) {
    const expected = cdf(sorted[rank]);
    worst = Math.max(worst, Math.abs(expected - rank / count), Math.abs(expected - (rank + 1) / count));
  }
  return Math.sqrt(count) * worst;
}

export const kolmogorovLimit = Math.sqrt(Math.log(2 / 6.3e-5) / 2);

/** (mean - expected) / (standard error of the mean). */
export function zScore(samples: Float64Array, expected: number): number {
  const count = samples.length;
  let mean = 0;
  for (const value of samples) mean += value / count;
  let square = 0;
  for (const value of samples) square += (value - mean) ** 2 / (count - 1);
  return (mean - expected) / Math.sqrt(square / count);
}

const rule = gaussLegendre(24);

/** integral of f over [from, to] by 24-point Gauss-Legendre on `pieces` equal pieces. */
export function integrate(f: (x: number) => number, from: number, to: number, pieces: number): number {
  const half = (to - from) / (2 * pieces);
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    const middle = from + (2 * piece + 1) * half;
    for (let k = 0; k < 24; k += 1) sum += half * rule.weights[k] * f(middle + half * rule.nodes[k]);
  }
  return sum;
}
