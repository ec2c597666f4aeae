import { MeanfieldError } from "../errors.ts";

const sweepsPerEigenvalue = 60;

/** A symmetric tridiagonal matrix on its way to diagonal form. `offDiagonal[i]` couples i and i + 1, the last is ignored. */
export interface QlState {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
  /** Eigenvalues before this one are found. */
  first: number;
  /** Sweeps spent on it. */
  sweeps: number;
}

/** The plane rotations of one sweep: of the pairs (at, at + 1) with at = last - 1, ..., low, in that order. */
export interface QlSweep {
  readonly low: number;
  readonly last: number;
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix and the first components of its normalised eigenvectors, in place, by the implicit QL
 * algorithm with Wilkinson's shift (Dubrulle, Martin, Wilkinson, Numer. Math. 1968; Golub, Welsch, Math. Comp. 1969). O(n^2).
 *
 * @param diagonal n entries; on return the eigenvalues, ascending
 * @param offDiagonal n entries, offDiagonal[i] couples i and i + 1, the last is ignored; destroyed
 * @param firstComponents n entries; on return the first component of each eigenvector, up to sign
 * @throws `no-convergence` (entries that are not finite)
 */
export function tridiagonalEigen(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  firstComponents: Float64Array,
): void {
  firstComponents.fill(0);
  firstComponents[0] = 1;
  const state = { diagonal, offDiagonal, first: 0, sweeps: 0 };
  const [cosines, sines] = [new Float64Array(diagonal.length), new Float64Array(diagonal.length)];
  for (let sweep = nextSweep(state, cosines, sines); sweep !== null; sweep = nextSweep(state, cosines, sines)) {
    for (let at = sweep.last - 1; at >= sweep.low; at -= 1) {
      const upper = firstComponents[at + 1];
      firstComponents[at + 1] = sines[at] * firstComponents[at] + cosines[at] * upper;
      firstComponents[at] = cosines[at] * firstComponents[at] - sines[at] * upper;
    }
  }
  sortPairs(diagonal, firstComponents);
}

/**
 * Does the next sweep of the QL algorithm, and writes the rotation of each pair (at, at + 1) at index `at`.
 *
 * @returns the sweep; null where the matrix is diagonal
 * @throws `no-convergence` (entries that are not finite)
 */
export function nextSweep(state: QlState, cosines: Float64Array, sines: Float64Array): QlSweep | null {
  const { diagonal, offDiagonal } = state;
  const size = diagonal.length;
  offDiagonal[size - 1] = 0;
  for (; state.first < size; state.first += 1, state.sweeps = 0) {
    const last = endOfBlock(diagonal, offDiagonal, state.first);
    if (last === state.first) continue;
    if (state.sweeps >= sweepsPerEigenvalue) {
      throw new MeanfieldError(
        "no-convergence",
        `tridiagonal eigenvalue ${state.first}: no convergence in ${sweepsPerEigenvalue} sweeps; check that the entries are finite`,
      );
    }
    state.sweeps += 1;
    return { low: sweepBlock(diagonal, offDiagonal, cosines, sines, state.first, last), last };
  }
  return null;
}

/** The last index of the unreduced block that starts at `first`. */
function endOfBlock(diagonal: Float64Array, offDiagonal: Float64Array, first: number): number {
  let last = first;
  while (last < diagonal.length - 1) {
    const scale = Math.abs(diagonal[last]) + Math.abs(diagonal[last + 1]);
    if (Math.abs(offDiagonal[last]) <= Number.EPSILON * scale) break;
    last += 1;
  }
  return last;
}

/** One implicit QL sweep: plane rotations chase the shift from `last` up to `first`. Returns the index of the last rotation. */
function sweepBlock(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
  first: number,
  last: number,
): number {
  const halfGap = (diagonal[first + 1] - diagonal[first]) / (2 * offDiagonal[first]);
  const root = Math.hypot(halfGap, 1);
  let chased = diagonal[last] - diagonal[first] + offDiagonal[first] / (halfGap + (halfGap < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let at = last - 1; at >= first; at -= 1) {
    const bulge = sine * offDiagonal[at];
    const coupling = cosine * offDiagonal[at];
    const length = Math.hypot(bulge, chased);
    offDiagonal[at + 1] = length;
    if (length === 0) {
      // The block has split by itself: undo the shift here and let the next sweep see the parts.
      diagonal[at + 1] -= shift;
      offDiagonal[last] = 0;
      return at + 1;
    }
    sine = bulge / length;
    cosine = chased / length;
    const shifted = diagonal[at + 1] - shift;
    const turn = (diagonal[at] - shifted) * sine + 2 * cosine * coupling;
    shift = sine * turn;
    diagonal[at + 1] = shifted + shift;
    chased = cosine * turn - coupling;
    cosines[at] = cosine;
    sines[at] = sine;
  }
  diagonal[first] -= shift;
  offDiagonal[first] = chased;
  offDiagonal[last] = 0;
  return first;
}

function sortPairs(values: Float64Array, companions: Float64Array): void {
  const order = Array.from(values, (_, index) => index).sort((left, right) => values[left] - values[right]);
  const sortedValues = Float64Array.from(order, (index) => values[index]);
  const sortedCompanions = Float64Array.from(order, (index) => companions[index]);
  values.set(sortedValues);
  companions.set(sortedCompanions);
}
