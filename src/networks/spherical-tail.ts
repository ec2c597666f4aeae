import { chebyshevInterpolant } from "../numerics/chebyshev.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * A(t) = E[u_1 1(u_1 > t)] and T(t) = P(u_1 > t), 0 <= t <= 1, u uniform on the unit sphere of R^d, for loops over many t without a table:
 * A = C_d (1 - t^2)^((d-1)/2) by multiplications and at most one root, and T = A q with q analytic on [0, 1], hence a short polynomial.
 *
 * With K_d/C_d = d - 1 and s = t + (1-t)(1 - z^2) in T = K_d int_t^1 (1-s^2)^((d-3)/2) ds:
 * q(t) = 2 (d-1)/(1+t) int_0^1 z^(d-2) (1 + (1-t)/(1+t) (1 - z^2))^((d-3)/2) dz.
 *
 * Where A < 1e-18 C_d the polynomial is not asked any more. Absolute error of A below 2e-15; that of T, which inherits the d/2 roundings of the power,
 * below 1e-15 + 1e-17 d.
 */
export interface SphericalTail {
  /** C_d */
  readonly meanRelu: number;
  /** (d-1)/2 = wholePower + hasRoot/2 */
  readonly wholePower: number;
  readonly hasRoot: boolean;
  /** q is a polynomial in y = t placePerThreshold - 1, y up to 1. */
  readonly placePerThreshold: number;
  /** Its coefficients, the lowest first; a multiple of 4 of them. */
  readonly coefficients: Float64Array;
}

/** Of the last coefficient, times the largest A: from one to the next they fall to a third or less. */
const negligible = 2e-15;
const mostCoefficients = 48;

const mostKept = 8;
const kept = new Map<number, SphericalTail>();

/** The tail in a dimension >= 2, made once: a scenario builds several networks and limits in the same one. */
export function sphericalTail(dimension: number): SphericalTail {
  const known = kept.get(dimension);
  if (known !== undefined) return known;
  const tail = makeTail(dimension);
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(dimension, tail);
  return tail;
}

function makeTail(dimension: number): SphericalTail {
  const meanRelu = meanReluOfCoordinate(dimension);
  // A is C_d 1e-18 at the end of the polynomial's range.
  const end = Math.sqrt(-Math.expm1((2 / (dimension - 1)) * Math.log(1e-18)));
  const ratio = ratioOf(dimension);
  let coefficients: Float64Array = new Float64Array(0);
  for (let size = 16; size <= mostCoefficients; size += 4) {
    coefficients = chebyshevInterpolant((y) => ratio(((1 + y) / 2) * end), size);
    // T_n begins with 2^(n-1) y^n.
    const last = coefficients[size - 1] / 2 ** (size - 2);
    if (Math.abs(last) * meanRelu < negligible) break;
  }
  return Object.freeze({
    meanRelu,
    wholePower: (dimension - 1) >> 1,
    hasRoot: dimension % 2 === 0,
    placePerThreshold: 2 / end,
    coefficients,
  });
}

/** q(t) to a few units of 1e-16: the integrand is positive, and lies within 1/sqrt(d) to 1/d of z = 1, towards which the panels halve. */
function ratioOf(dimension: number): (threshold: number) => number {
  const panels = 4 + Math.ceil(Math.log2(dimension));
  const { nodes, weights } = gaussLegendre(32);
  const exponent = (dimension - 3) / 2;
  return (threshold) => {
    const slope = (1 - threshold) / (1 + threshold);
    const rest = (2 * threshold) / (1 + threshold);
    let sum = 0;
    for (let panel = panels - 1; panel >= 0; panel -= 1) {
      // x = 1 - z, w = 1 - z^2
      const near = panel + 1 === panels ? 0 : 2 ** -(panel + 1);
      const half = (2 ** -panel - near) / 2;
      for (let node = 0; node < nodes.length; node += 1) {
        const x = near + half * (1 + nodes[node]);
        const w = x * (2 - x);
        // z^2 (1 + slope (1 - z^2)) = 1 - w (1 - slope + slope w): near z = 1 the digits of its logarithm are needed for large d, near 0 for small d.
        const logarithm =
          panel === 0 ? 2 * Math.log1p(-x) + Math.log1p(slope * w) : Math.log1p(-w * (rest + slope * w));
        sum += half * weights[node] * (1 - x) * Math.exp(exponent * logarithm);
      }
    }
    return (2 * (dimension - 1) * sum) / (1 + threshold);
  };
}
