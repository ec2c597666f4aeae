import { neuralKernels } from "meanfield";
import { reluKernel } from "./smallest.ts";

/** Degrees that are looked at one by one: as long as they have fewer harmonics than this, beyond which rounding of mu_k is all that is left, and N/n_k is 0. */
const lastDegree = 12;
const mostHarmonics = 1e9;

/**
 * What the smallest eigenvalue of a kernel matrix over |x|^2 must be near to, for N inputs uniform on a sphere of R^d: the degrees k of the kernel are taken for independent
 * Wishart matrices of N rows, n_k degrees of freedom (the number of harmonics) and mass m_k = n_k mu_k each, what lies beyond the degrees with at most 10^9 harmonics for a multiple of the identity. The left edge of the
 * free sum is
 *
 *     max_{t > 0} [ sum_k m_k t/(t + m_k N/n_k) - t ] + sum_{k beyond} m_k.
 *
 * With N = gamma d and d to infinity only m_1 is not a multiple of the identity, or 0, and the edge tends to a_1 (1 - sqrt gamma)_+^2 + sum_{k >= 2} a_k. Heuristic: at finite size eigenvalues
 * scatter about the edge, and degrees are not independent.
 */
export function sphereEdge(weightLayers: number, dimension: number, inputs: number): number {
  const kernel = neuralKernels.ntkKernel(reluKernel(weightLayers));
  const { raw, multiplicities, diagonal } = neuralKernels.sphereSpectrum({ kernel, dimension, degree: lastDegree });
  const counts = multiplicities.filter((count) => count <= mostHarmonics);
  const masses = counts.map((count, k) => count * raw[k]);
  const rest = masses.reduceRight((sum, mass) => sum - mass, diagonal);
  const value = (t: number): number =>
    masses.reduce((sum, mass, k) => sum + (mass > 0 ? (mass * t) / (t + (mass * inputs) / counts[k]) : 0), -t);
  return concaveMaximum(value, diagonal) + rest;
}

/**
 * The left edge of (1/n) F F^T for the rows' covariance S, N x N with these eigenvalues, and n > N independent columns:
 *
 *     max_{0 < s < lambda_min} s (1 - (1/n) sum_i lambda_i/(lambda_i - s))
 *
 * (Marchenko and Pastur's equation for general covariances; heuristic for features, whose columns are not linear in independent numbers).
 */
export function covarianceEdge(eigenvalues: ArrayLike<number>, columns: number): number {
  const values = Array.from(eigenvalues);
  const value = (s: number): number => s * (1 - values.reduce((sum, each) => sum + each / (each - s), 0) / columns);
  return concaveMaximum(value, Math.min(...values));
}

/** The limit a_1 (1 - sqrt gamma)_+^2 + sum_{k >= 2} a_k of the smallest eigenvalue over |x|^2 for N = gamma d inputs. */
export function sharpConstant(weightLayers: number, ratio: number): number {
  const { linear, tail } = coefficientsOf(weightLayers);
  return linear * Math.max(0, 1 - Math.sqrt(ratio)) ** 2 + tail;
}

/** a_1, a_2 and sum_{k >= 2} a_k of the tangent kernel's power series, whose sum is L. */
export function coefficientsOf(weightLayers: number) {
  const [constant, linear, square] = neuralKernels.kernelPowerSeries(reluKernel(weightLayers), { degree: 2 }).ntk ?? [];
  return { linear, square, tail: weightLayers - constant - linear };
}

/** The largest value of a concave function that is at most 0 at 0, on (0, upper); 0 if it is nowhere above. Golden section, to about 1e-8 of `upper` in place. */
function concaveMaximum(f: (t: number) => number, upper: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [0, upper];
  for (let step = 0; step < 60; step += 1) {
    const reach = golden * (to - from);
    if (f(to - reach) < f(from + reach)) from = to - reach;
    else to = from + reach;
  }
  return Math.max(0, f((from + to) / 2));
}
