import { invalidValue } from "../../errors.ts";
import { checkHarmonic } from "../../numerics/gegenbauer.ts";
import { logGamma } from "../../numerics/index.ts";

/**
 * The eigenvalue of (1 - x.y)^nu on the unit sphere of R^d at degree k, exactly:
 *
 *     mu_k = C(d, nu) Gamma(k - nu)/Gamma(k + nu + d - 1),   C(d, nu) = 2^(nu+d-2) Gamma(d/2) Gamma(nu + (d-1)/2)/(sqrt(pi) Gamma(-nu)),
 *
 * ~ C(d, nu) k^(1-d-2 nu) for large k; 0 beyond k = nu for whole nu. Relative error about 1e-14 to 1e-13 at k = 1000.
 *
 * @param degree k >= 0
 * @param dimension d >= 2
 * @param exponent nu > -(d-1)/2
 * @throws MeanfieldError `invalid-value`
 */
export function powerEigenvalue(degree: number, dimension: number, exponent: number): number {
  checkHarmonic(degree, dimension);
  if (!(exponent > -(dimension - 1) / 2 && exponent < 1e6)) {
    throw invalidValue("exponent", `a number above ${-(dimension - 1) / 2}`, exponent);
  }
  // Gamma(k - nu)/Gamma(-nu) = (-nu)(1 - nu)...(k - 1 - nu): the factors that may be negative one by one, the rest as gamma functions.
  const single = Math.min(degree, Math.max(0, Math.ceil(exponent) + 1));
  let factor = 1;
  for (let j = 0; j < single; j += 1) factor *= j - exponent;
  if (factor === 0) return 0;
  const rest = degree > single ? logGamma(degree - exponent) - logGamma(single - exponent) : 0;
  const log =
    (exponent + dimension - 2) * Math.LN2 +
    logGamma(dimension / 2) +
    logGamma(exponent + (dimension - 1) / 2) -
    logGamma(degree + exponent + dimension - 1) +
    rest;
  return (factor * Math.exp(log)) / Math.sqrt(Math.PI);
}
