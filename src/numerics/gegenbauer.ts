import { invalidValue } from "../errors.ts";

/**
 * The Gegenbauer polynomial P_l of the sphere in R^d, normalised to P_l(1) = 1: orthogonal under the weight (1 - t^2)^((d-3)/2), so that
 * P_l(u.v) is, but for a factor, the reproducing kernel of the spherical harmonics of degree l. Legendre's polynomials at d = 3, Chebyshev's at d = 2.
 * (l + d - 2) P_(l+1) = (2 l + d - 2) t P_l - l P_(l-1); |P_l| <= 1 on [-1, 1].
 *
 * @param degree l, an integer >= 0
 * @param dimension d, an integer >= 2
 * @throws `invalid-value`
 */
export function gegenbauer(degree: number, dimension: number, t: number): number {
  checkHarmonic(degree, dimension);
  if (degree === 0) return 1;
  let before = 1;
  let value = t;
  for (let l = 1; l < degree; l += 1) {
    const next = ((2 * l + dimension - 2) * t * value - l * before) / (l + dimension - 2);
    before = value;
    value = next;
  }
  return value;
}

/**
 * The number of linearly independent spherical harmonics of degree l in R^d: 1, d, (d + 2)(d - 1)/2, ...;
 * (2 l + d - 2)/l times the binomial coefficient of l + d - 3 over l - 1.
 *
 * @throws `invalid-value`
 */
export function harmonicCount(degree: number, dimension: number): number {
  checkHarmonic(degree, dimension);
  if (degree === 0) return 1;
  let binomial = 1;
  for (let k = 1; k < degree; k += 1) binomial = (binomial * (dimension - 2 + k)) / k;
  return Math.round((binomial * (2 * degree + dimension - 2)) / degree);
}

/** Refuses what is no degree of a harmonic, or no dimension of a sphere. */
export function checkHarmonic(degree: number, dimension: number): void {
  if (!(Number.isInteger(degree) && degree >= 0)) throw invalidValue("degree", "an integer >= 0", degree);
  if (!(Number.isInteger(dimension) && dimension >= 2)) throw invalidValue("dimension", "an integer >= 2", dimension);
}
