/** Half the distance from 1 to the next double. */
const unit = 2 ** -53;

/** gamma_k = k u/(1 - k u): the relative error of k roundings one after the other (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). */
export function roundings(count: number): number {
  return (count * unit) / (1 - count * unit);
}

/** Roundings on the way of an entry of a factorisation: sums of 64 products, n/64 differences, a division or root. */
export function factorRoundings(size: number): number {
  return 68 + Math.ceil(size / 64);
}

/** On the way of a term of an entry of A v: a product, sums of 64, and n/512 or n/64 sums of these. */
export function productRoundings(size: number): number {
  return 75 + Math.ceil(size / 64) + Math.ceil(size / 512);
}

/**
 * Norm of the matrix by which a Cholesky factor that went through is off: ||A - L L^T|| <= gamma_k ||L||_F^2 <= gamma_k/(1 - gamma_k) trace(A) (Higham, Theorem 10.3,
 * with the number of roundings of our sums in place of n + 1).
 */
export function factorError(size: number, trace: number): number {
  const gamma = roundings(factorRoundings(size));
  return (gamma / (1 - gamma)) * trace;
}
