import { besselPair } from "../numerics/bessel.ts";

/**
 * Integrals of J_nu(t)^2 for arguments far beyond nu.
 *
 * Y(t) = t J_nu(t)^2 obeys Y''' + 4 q Y' + 2 q' Y = 0 with q = 1 - (nu^2 - 1/4)/t^2. If C''' + 4 q C' + 2 q' C = g, then
 * (A Y + B Y' + C Y'')' = g Y with B = -C', A = 4 q C + C''. For g = 1/t^2 (that is J^2/t) C is a series in odd powers of 1/t; for g = 1/t
 * (that is J^2) it is ln t times a solution of the homogeneous equation plus a series in even powers. The series are asymptotic with ratio
 * about (nu/t)^2: with t >= max(20 nu, 400) ten terms leave an error below 1e-17.
 * With U = sqrt(t) J, Y = U^2, Y' = 2 U U' and Y'' = 2 U'^2 - 2 q Y: no cancellation. Derived for this project.
 */
export interface BesselSquareIntegrals {
  /** integral_s^infinity J_nu(t)^2 / t dt for s >= the smallest argument allowed. */
  tail(s: number): number;
  /** integral J_nu(t)^2 dt up to s, up to a constant: only differences mean something. */
  squareIntegral(s: number): number;
  /** integral_0^s t J_nu(t)^2 dt, exact for any s. */
  weightedIntegral(s: number): number;
}

const termCount = 14;
const pair = new Float64Array(2);

/** The integrals for one order nu >= 1/2; from max(20 nu, 400) on. */
export function besselSquareIntegrals(order: number): BesselSquareIntegrals {
  const shift = order * order - 0.25;
  const { odd, even, logarithmic } = seriesCoefficients(order);
  // J^2 and s J'^2 as U, U' at the last argument asked for
  let u = 0;
  let uSlope = 0;

  function evaluateBessel(s: number): void {
    besselPair(order, s, pair);
    const root = Math.sqrt(s);
    const slope = (order / s) * pair[0] - pair[1];
    u = root * pair[0];
    uSlope = pair[0] / (2 * root) + root * slope;
  }

  /** (2 q C + C'') Y - C' Y' + 2 C U'^2 for C = sum_k coefficients[k] s^(-2k - shiftPower). */
  function bilinear(coefficients: Float64Array, s: number, firstPower: number): number {
    const inverseSquare = 1 / (s * s);
    let value = 0;
    let slope = 0;
    let curve = 0;
    for (let k = coefficients.length - 1; k >= 0; k -= 1) {
      const power = 2 * k + firstPower;
      value = value * inverseSquare + coefficients[k];
      slope = slope * inverseSquare - power * coefficients[k];
      curve = curve * inverseSquare + power * (power + 1) * coefficients[k];
    }
    const leading = firstPower === 0 ? 1 : 1 / s;
    value *= leading;
    slope *= leading / s;
    curve *= leading * inverseSquare;
    const q = 1 - shift * inverseSquare;
    return (2 * q * value + curve) * u * u - 2 * slope * u * uSlope + 2 * value * uSlope * uSlope;
  }

  function logarithmicPart(s: number): number {
    const inverseSquare = 1 / (s * s);
    let value = 0;
    let slope = 0;
    for (let k = logarithmic.length - 1; k >= 0; k -= 1) {
      value = value * inverseSquare + logarithmic[k];
      slope = slope * inverseSquare - 2 * k * logarithmic[k];
    }
    return Math.log(s) / Math.PI - ((2 * value) / s) * u * uSlope + (2 * slope - value) * inverseSquare * u * u;
  }

  return {
    tail(s: number): number {
      evaluateBessel(s);
      return -bilinear(odd, s, 1);
    },
    squareIntegral(s: number): number {
      evaluateBessel(s);
      return logarithmicPart(s) + bilinear(even, s, 0);
    },
    weightedIntegral(s: number): number {
      if (s === 0) return 0;
      besselPair(order, s, pair);
      // (s^2/2) (J_nu^2 - J_(nu-1) J_(nu+1))
      const below = ((2 * order) / s) * pair[0] - pair[1];
      return 0.5 * s * (s * (pair[0] * pair[0] - below * pair[1]));
    },
  };
}

/** Coefficients of C for g = 1/t^2 (`odd`), and of the two parts of C for g = 1/t: a ln t + b (`logarithmic`, `even`). */
function seriesCoefficients(order: number): { odd: Float64Array; even: Float64Array; logarithmic: Float64Array } {
  const square = 4 * order * order;
  const odd = new Float64Array(termCount);
  const even = new Float64Array(termCount);
  const logarithmic = new Float64Array(termCount);
  odd[0] = -0.25;
  logarithmic[0] = 0.25;
  for (let k = 0; k + 1 < termCount; k += 1) {
    const oddPower = 2 * k + 1;
    odd[k + 1] = (-odd[k] * (oddPower + 1) * ((oddPower + 1) ** 2 - square)) / (4 * (oddPower + 2));
    const evenPower = 2 * k;
    const factor = (evenPower + 1) * ((evenPower + 1) ** 2 - square);
    const divisor = 4 * (evenPower + 2);
    logarithmic[k + 1] = (-logarithmic[k] * factor) / divisor;
    even[k + 1] =
      ((3 * (evenPower + 1) ** 2 - square) * logarithmic[k] + 4 * logarithmic[k + 1] - factor * even[k]) / divisor;
  }
  return { odd, even, logarithmic };
}
