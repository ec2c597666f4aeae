import { kernelsOf, type MatrixMemory } from "./matrix-memory.ts";
import { productRoundings, roundings } from "./rounding.ts";

/** v^T A v / v^T v with bounds, and how far v is from an eigenvector. */
export interface RayleighQuotient {
  readonly value: number;
  /** The quotient without rounding is at most this, where A is positive semidefinite; so is then the smallest eigenvalue. */
  readonly high: number;
  /** |A v - value v| / |v|, as computed. */
  readonly residual: number;
}

/**
 * From the upper triangle and the diagonal of a matrix in memory, whatever stands in its lower triangle. Rounding errors of the entries of A v are at most
 * gamma |A| |v|, and |a_ij| <= sqrt(a_ii a_jj); the error is therefore at most gamma (sum_i sqrt(a_ii) |v_i|)^2 / |v|^2.
 *
 * @param vector not changed; may be the memory's first vector
 */
export function rayleighQuotient(memory: MatrixMemory, vector: Float64Array): RayleighQuotient {
  const { matrix, diagonal, vectors } = memory;
  const size = memory.shape.rows;
  const [own, out, scratch] = vectors;
  if (own !== vector) own.set(vector.subarray(0, size));
  kernelsOf(memory, 0).symmetricProduct({ size, matrix, stride: size, diagonal, vector: own, out, scratch });
  let [product, magnitude, squares, weights] = [0, 0, 0, 0];
  for (let i = 0; i < size; i += 1) {
    product += own[i] * out[i];
    magnitude += Math.abs(own[i] * out[i]);
    squares += own[i] * own[i];
    weights += Math.sqrt(Math.max(0, diagonal[i])) * Math.abs(own[i]);
  }
  const value = product / squares;
  let rest = 0;
  for (let i = 0; i < size; i += 1) rest += (out[i] - value * own[i]) ** 2;
  // The entries' errors, and those of the sums above, which are made one after the other, but of small terms where v is an eigenvector of a small value.
  const entries = roundings(productRoundings(size)) * weights * weights;
  const sums = roundings(2 * size + 4) * magnitude;
  return { value, high: value + ((entries + sums) / squares) * (1 + 1e-6), residual: Math.sqrt(rest / squares) };
}
