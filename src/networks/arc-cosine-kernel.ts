import { chebyshevInterpolant } from "../numerics/chebyshev.ts";

/**
 * The arc-cosine kernel of degree 1 (Cho, Saul 2009), k(t) = (sqrt(1 - t^2) + (pi - arccos t) t)/pi: for a standard Gaussian x and unit vectors with
 * u.v = t, E relu(u.x) relu(v.x) = k(t)/2.
 *
 * k(t) = h(|t|) + max(t, 0) with h(x) = (sqrt(1 - x^2) - x arccos x)/pi, and h(1 - q) = q^(3/2) R(q) with R analytic up to q = 2: a square root
 * and a polynomial in place of an arc cosine.
 */

const degree = 16;

/** Coefficients of R, lowest first, in y = 2 q - 1, which runs through [-1, 1]; the singularity at y = 3 leaves an error of 5.8^-degree and less. */
export const arcCosineCoefficients = chebyshevInterpolant((y) => seriesOfR((1 + y) / 2), degree + 1);

/** Coefficients of (3/2) R + q R' in the same variable: its product with sqrt(q) is h'(q) = arccos(1 - q)/pi. */
const slopeCoefficients = chebyshevInterpolant((y) => slopeSeries((1 + y) / 2), degree + 1);

/** Both, one behind the other, for kernels that need the two. */
export const arcCosineLayerCoefficients = Float64Array.of(...arcCosineCoefficients, ...slopeCoefficients);

/** k(t) for t in [-1, 1]; absolute error below 1e-15. */
export function arcCosineKernel(t: number): number {
  const h = arcCosineTail(1 - Math.abs(t));
  return t > 0 ? h + t : h;
}

/** h(1 - q) = k(q - 1) for q in [0, 1], the kernel at a distance q from its end at -1; relative error below 4e-15 down to q = 0. */
export function arcCosineTail(q: number): number {
  return q * Math.sqrt(q) * polynomial(arcCosineCoefficients, q);
}

/** arccos(1 - q)/pi for q in [0, 1], which is also the arc-cosine kernel of degree 0 at q - 1; relative error below 4e-15. */
export function angleShare(q: number): number {
  return Math.sqrt(q) * polynomial(slopeCoefficients, q);
}

function polynomial(c: Float64Array, q: number): number {
  const y = 2 * q - 1;
  const y2 = y * y;
  const y4 = y2 * y2;
  // Four short chains of operations in place of one long one.
  const first = c[0] + y4 * (c[4] + y4 * (c[8] + y4 * (c[12] + y4 * c[16])));
  const second = c[1] + y4 * (c[5] + y4 * (c[9] + y4 * c[13]));
  const third = c[2] + y4 * (c[6] + y4 * (c[10] + y4 * c[14]));
  const fourth = c[3] + y4 * (c[7] + y4 * (c[11] + y4 * c[15]));
  return first + second * y + y2 * (third + fourth * y);
}

/** arccos(1 - q)/(pi sqrt(q)) = (sqrt(2)/pi) sum_n c_n (q/2)^n. */
function slopeSeries(q: number): number {
  return powerSeries(q, () => 1);
}

/**
 * R(q) = (sqrt(2)/pi) sum_n c_n (q/2)^n / (n + 3/2), c_n = (2n)!/(4^n n!^2 (2n + 1)), from dh/dq = arccos(1 - q)/pi and the arc sine's series; its
 * 60 terms reach 1e-21 at q = 1.
 */
function seriesOfR(q: number): number {
  return powerSeries(q, (n) => n + 1.5);
}

/** (sqrt(2)/pi) sum_n c_n (q/2)^n / divisor(n). */
function powerSeries(q: number, divisor: (n: number) => number): number {
  const terms: number[] = [];
  let central = 1;
  let power = 1;
  for (let n = 0; n < 60; n += 1) {
    terms.push((central * power) / ((2 * n + 1) * divisor(n)));
    central *= (2 * n + 1) / (2 * n + 2);
    power *= q / 2;
  }
  // From the smallest on.
  return (Math.SQRT2 / Math.PI) * terms.reduceRight((sum, term) => sum + term, 0);
}
