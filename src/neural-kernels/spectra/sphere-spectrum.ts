import { invalidValue } from "../../errors.ts";
import { gaussLegendre, halfStepGammaRatio, harmonicCount } from "../../numerics/index.ts";
import { buildDotProductKernel, type DotProductKernel } from "./dot-product-kernel.ts";

export interface SpectrumOptions {
  readonly kernel: DotProductKernel;
  /** d of the sphere S^(d-1) in R^d, >= 2. */
  readonly dimension: number;
  /** The last degree k, in [0, 2000]. */
  readonly degree: number;
  /** Eigenvalues below this times kappa(1) are null: rounding has taken their digits. @default 3e-13 */
  readonly floor?: number;
}

/** Eigenvalues of a dot-product kernel on the unit sphere. */
export interface SphereSpectrum {
  readonly dimension: number;
  /** mu_0 ... mu_degree, null where |mu_k| is below the floor. */
  readonly eigenvalues: readonly (number | null)[];
  /** The same without the floor, noise and all. */
  readonly raw: Float64Array;
  /** N(d, k), the number of harmonics that share mu_k. */
  readonly multiplicities: Float64Array;
  /** The floor, absolute. */
  readonly floor: number;
  /** Largest difference between two rules of different size: what quadrature and rounding leave, absolute. */
  readonly error: number;
  /** kappa(1), which sum_k N(d, k) mu_k over all k is equal to. */
  readonly diagonal: number;
  /** sum over the degrees found of N(d, k) mu_k: how much of the diagonal they hold. */
  readonly trace: number;
}

/**
 * Mercer's eigenvalues of kappa(x.y) under the uniform law of the unit sphere, by Funk and Hecke:
 *
 *     kappa(x.y) = sum_k mu_k sum_j Y_kj(x) Y_kj(y),   mu_k = Gamma(d/2)/(sqrt(pi) Gamma((d-1)/2)) integral_0^pi kappa(cos a) P_k(cos a) sin(a)^(d-2) da,
 *
 * P_k the Gegenbauer polynomial with P_k(1) = 1. In the angle the kernels are analytic, or singular as a power of it at the ends: Gauss-Legendre panels that halve
 * towards both ends integrate either to rounding. Both halves are folded into one, so that what is even or odd is so exactly.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`, `unsupported-combination`, `not-finite`
 */
export function sphereSpectrum(options: SpectrumOptions): SphereSpectrum {
  const { kernel, dimension, degree, floor = 3e-13 } = options;
  if (!(Number.isInteger(dimension) && dimension >= 2)) throw invalidValue("dimension", "an integer >= 2", dimension);
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 2000)) {
    throw invalidValue("degree", "an integer in [0, 2000]", degree);
  }
  if (!(floor >= 0 && floor < 1)) throw invalidValue("floor", "a number in [0, 1)", floor);
  const kappa = buildDotProductKernel(kernel);
  const raw = funkHecke(kappa, dimension, degree, 24);
  const check = funkHecke(kappa, dimension, degree, 33);
  const diagonal = kappa(0, 1);
  const smallest = floor * Math.abs(diagonal);
  const multiplicities = Float64Array.from(raw, (_, k) => harmonicCount(k, dimension));
  return Object.freeze({
    dimension,
    eigenvalues: Object.freeze(Array.from(raw, (value) => (Math.abs(value) >= smallest ? value : null))),
    raw,
    multiplicities,
    floor: smallest,
    error: raw.reduce((largest, value, k) => Math.max(largest, Math.abs(value - check[k])), 0),
    diagonal,
    trace: raw.reduceRight((sum, value, k) => sum + value * multiplicities[k], 0),
  });
}

/** Angles below pi/2 times this hold less than rounding of the sphere's measure, at d = 2 too. */
const innermost = 2 ** -60;

/** mu_0 ... mu_degree; `spare` nodes a panel beyond those that the polynomials' oscillation asks for. */
function funkHecke(
  kappa: (halfSine: number, halfCosine: number) => number,
  dimension: number,
  degree: number,
  spare: number,
): Float64Array {
  const out = new Float64Array(degree + 1);
  const norm = halfStepGammaRatio((dimension - 1) / 2) / Math.sqrt(Math.PI);
  for (let upper = 1; upper > innermost; upper /= 2) {
    const length = (Math.PI / 2) * (upper / 2);
    const { nodes, weights } = gaussLegendre(spare + Math.ceil(0.5 * degree * length));
    for (let node = 0; node < nodes.length; node += 1) {
      const angle = length * (1.5 + nodes[node] / 2);
      const halfSine = Math.sin(angle / 2);
      const halfCosine = Math.cos(angle / 2);
      const weight = norm * (length / 2) * weights[node] * Math.sin(angle) ** (dimension - 2);
      const near = kappa(halfSine, halfCosine);
      const far = kappa(halfCosine, halfSine);
      addPolynomials(out, dimension, 2 * halfSine * halfSine, weight * (near + far), weight * (near - far));
    }
  }
  return out;
}

/** Adds even times P_k for even k, odd times P_k for odd k, at t = 1 - gap; by differences, which near t = 1 keep their digits. */
function addPolynomials(out: Float64Array, dimension: number, gap: number, even: number, odd: number): void {
  let value = 1;
  let difference = 0;
  for (let k = 0; k < out.length; k += 1) {
    out[k] += (k % 2 === 0 ? even : odd) * value;
    // (k + d - 2)(P_(k+1) - P_k) = (2 k + d - 2)(t - 1) P_k + k (P_k - P_(k-1)); at d = 2, k = 0 both sides are 0/0 and P_1 = t.
    difference = k === 0 ? -gap : (k * difference - (2 * k + dimension - 2) * gap * value) / (k + dimension - 2);
    value += difference;
  }
}
