import { invalidValue } from "../errors.ts";
import { symmetricEigen } from "./decompositions.ts";
import { logGamma } from "./special-functions.ts";

/** An estimated differential entropy in nats. */
export interface EntropyEstimate {
  /** -Infinity where k + 1 points or more coincide or all lie in a hyperplane: then the law has no density. */
  readonly value: number;
  /**
   * Standard deviation of the D log epsilon_i over sqrt(n), which takes the i for independent: right within some tens of per cent. It knows
   * nothing of the bias.
   */
  readonly error: number;
}

export interface EntropyOptions {
  /** k >= 1: more neighbours scatter less and blur more. @default 4 */
  readonly neighbours?: number;
}

/** k where nothing is asked for. */
export const defaultNeighbours = 4;

/**
 * The Kozachenko-Leonenko estimate of H = -integral rho log rho from n independent points of rho in R^D, of the points whitened by their own
 * covariance S:
 *
 *     H = (1/2) log det S + psi(n) - psi(k) + log V_D + (D/n) sum_i log epsilon_i,
 *
 * psi the digamma function, V_D the volume of the unit ball, epsilon_i the distance from S^(-1/2) x_i to its k-th nearest neighbour. Whitening
 * makes the estimate exactly equivariant under affine maps (H of A x + b is H of x plus log |det A|), so that coordinates of different sizes
 * do no harm.
 * Bias: of order (k/n)^(2/D) where rho is smooth with light tails, so that it falls slowly in high dimension; docs/theory/langevin.md has a table.
 *
 * The neighbours are exact, found by a scan outwards in the widest coordinate: O(n^2 D) at worst, less in few dimensions.
 *
 * Source: Kozachenko, Leonenko, Problems Inform. Transmission 1987 (k = 1); Kraskov, Stoegbauer, Grassberger, Phys. Rev. E 2004, eq. 20 (any k);
 * bias and variance: Berrett, Samworth, Yuan, Ann. Statist. 2019.
 *
 * @param points n x dimension, row by row
 * @throws MeanfieldError `invalid-value` unless neighbours >= 1, n > neighbours and the length is a multiple of the dimension, `not-finite` on NaN
 *   and infinite points
 */
export function nearestNeighbourEntropy(
  points: Float64Array,
  dimension: number,
  options: EntropyOptions = {},
): EntropyEstimate {
  const k = options.neighbours ?? defaultNeighbours;
  if (!(Number.isInteger(dimension) && dimension >= 1)) throw invalidValue("dimension", "an integer >= 1", dimension);
  const n = points.length / dimension;
  if (!Number.isInteger(n)) throw invalidValue("points", `a multiple of ${dimension} numbers`, points.length);
  if (!(Number.isInteger(k) && k >= 1)) throw invalidValue("neighbours", "an integer >= 1", k);
  if (!(n > k)) throw invalidValue("points", `more than ${k} points for as many neighbours`, n);
  const { whitened, halfLogDeterminant } = whiten(points, dimension, n);
  if (halfLogDeterminant === -Infinity) return { value: -Infinity, error: 0 };
  const squares = neighbourDistances(whitened, dimension, n, k);
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < n; i += 1) {
    const term = 0.5 * dimension * Math.log(squares[i]);
    if (term === -Infinity) return { value: -Infinity, error: 0 };
    sum += term;
    sumOfSquares += term * term;
  }
  const mean = sum / n;
  const variance = Math.max(0, sumOfSquares / n - mean * mean);
  const logVolume = 0.5 * dimension * Math.log(Math.PI) - logGamma(0.5 * dimension + 1);
  return { value: halfLogDeterminant + harmonicBetween(k, n) + logVolume + mean, error: Math.sqrt(variance / n) };
}

/** Eigenvalues of a covariance below this part of the largest are rounding: the points lie in a hyperplane. */
const flat = 1e-13;

/** The points as V^T (x - mean) / sqrt(eigenvalue), of covariance 1, and (1/2) log det of what their covariance was. */
function whiten(points: Float64Array, dimension: number, n: number) {
  const means = new Float64Array(dimension);
  for (let at = 0; at < points.length; at += 1) means[at % dimension] += points[at] / n;
  const covariance = new Float64Array(dimension * dimension);
  for (let i = 0; i < n; i += 1) {
    for (let row = 0; row < dimension; row += 1) {
      const left = points[i * dimension + row] - means[row];
      for (let column = 0; column <= row; column += 1) {
        covariance[row * dimension + column] += (left * (points[i * dimension + column] - means[column])) / n;
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance, dimension);
  const whitened = new Float64Array(points.length);
  if (!(values[0] > flat * values[dimension - 1])) return { whitened, halfLogDeterminant: -Infinity };
  const halfLogDeterminant = values.reduce((sum, value) => sum + 0.5 * Math.log(value), 0);
  for (let i = 0; i < n; i += 1) {
    for (let row = 0; row < dimension; row += 1) {
      let sum = 0;
      for (let k = 0; k < dimension; k += 1) {
        sum += vectors[row * dimension + k] * (points[i * dimension + k] - means[k]);
      }
      whitened[i * dimension + row] = sum / Math.sqrt(values[row]);
    }
  }
  return { whitened, halfLogDeterminant };
}

/** psi(n) - psi(k) = 1/k + ... + 1/(n - 1). */
function harmonicBetween(k: number, n: number): number {
  let sum = 0;
  for (let i = n - 1; i >= k; i -= 1) sum += 1 / i;
  return sum;
}

/** The squared distance from each point, in the order of the widest coordinate, to its k-th nearest neighbour. */
function neighbourDistances(points: Float64Array, dimension: number, n: number, k: number): Float64Array {
  const sorted = sortedByWidest(points, dimension, n);
  const result = new Float64Array(n);
  const nearest = new Float64Array(k);
  for (let i = 0; i < n; i += 1) {
    nearest.fill(Infinity);
    const own = i * dimension;
    let below = i - 1;
    let above = i + 1;
    while (below >= 0 || above < n) {
      const gapBelow = below >= 0 ? sorted[own] - sorted[below * dimension] : Infinity;
      const gapAbove = above < n ? sorted[above * dimension] - sorted[own] : Infinity;
      const gap = Math.min(gapBelow, gapAbove);
      // Whoever comes later is at least as far in this one coordinate.
      if (gap * gap >= nearest[k - 1]) break;
      const other = (gapBelow < gapAbove ? below : above) * dimension;
      if (gapBelow < gapAbove) below -= 1;
      else above += 1;
      let square = gap * gap;
      for (let at = 1; at < dimension && square < nearest[k - 1]; at += 1) {
        const difference = sorted[own + at] - sorted[other + at];
        square += difference * difference;
      }
      if (square >= nearest[k - 1]) continue;
      let place = k - 1;
      for (; place > 0 && nearest[place - 1] > square; place -= 1) nearest[place] = nearest[place - 1];
      nearest[place] = square;
    }
    result[i] = nearest[k - 1];
  }
  return result;
}

/** The points with their coordinate of largest variance first, ascending in it. */
function sortedByWidest(points: Float64Array, dimension: number, n: number): Float64Array {
  let widest = 0;
  let largest = -1;
  for (let at = 0; at < dimension; at += 1) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i += 1) {
      const value = points[i * dimension + at];
      sum += value;
      squares += value * value;
    }
    const variance = squares / n - (sum / n) ** 2;
    if (!(variance > largest)) continue;
    largest = variance;
    widest = at;
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (left, right) => points[left * dimension + widest] - points[right * dimension + widest],
  );
  const sorted = new Float64Array(n * dimension);
  for (let i = 0; i < n; i += 1) {
    const from = order[i] * dimension;
    for (let at = 0; at < dimension; at += 1) sorted[i * dimension + at] = points[from + at];
    sorted[i * dimension] = points[from + widest];
    sorted[i * dimension + widest] = points[from];
  }
  return sorted;
}
