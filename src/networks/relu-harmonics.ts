import { checkHarmonic } from "../numerics/gegenbauer.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * The Funk-Hecke number of ReLU at degree l: lambda_l = E_t[relu(t) P_l(t)], t one coordinate of a uniform point on the unit sphere of R^d. So the
 * degree-l part of u -> relu(p.u) is lambda_l times the number of harmonics times P_l(p.u).
 *
 * lambda_0 = C_d, lambda_1 = 1/(2 d), 0 at odd l >= 3, and at even l = 2 n + 2 (C_(d+2)/d) (-1)^n (1/2)_n / ((d+3)/2)_n with Pochhammer's symbol
 * (docs/theory/harmonic-decay.md).
 *
 * @throws `invalid-value`
 */
export function reluHarmonic(degree: number, dimension: number): number {
  checkHarmonic(degree, dimension);
  if (degree === 0) return meanReluOfCoordinate(dimension);
  if (degree === 1) return 1 / (2 * dimension);
  return stepHarmonic(degree - 1, dimension + 2) / dimension;
}

/**
 * The Funk-Hecke number of the unit step at degree l: tau_l = E_t[1(t > 0) P_l(t)]. tau_0 = 1/2, 0 at even l >= 2, and at odd l = 2 n + 1
 * C_d (-1)^n (1/2)_n / ((d+1)/2)_n.
 *
 * @throws `invalid-value`
 */
export function stepHarmonic(degree: number, dimension: number): number {
  checkHarmonic(degree, dimension);
  if (degree === 0) return 0.5;
  if (degree % 2 === 0) return 0;
  let value = meanReluOfCoordinate(dimension);
  for (let n = 0; n < (degree - 1) / 2; n += 1) value *= -(n + 0.5) / (n + (dimension + 1) / 2);
  return value;
}
