import { MeanfieldError } from "../errors.ts";

const sweepsPerEigenvalue = 60;

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
  const size = diagonal.length;
  firstComponents.fill(0);
  firstComponents[0] = 1;
  offDiagonal[size - 1] = 0;
  for (let first = 0; first < size; first += 1) {
    for (let sweep = 0; ; sweep += 1) {
      const last = endOfBlock(diagonal, offDiagonal, first);
      if (last === first) break;
      if (sweep >= sweepsPerEigenvalue) {
        throw new MeanfieldError(
          "no-convergence",
          `tridiagonal eigenvalue ${first}: no convergence in ${sweepsPerEigenvalue} sweeps; check that the entries are finite`,
        );
      }
      sweepBlock(diagonal, offDiagonal, firstComponents, first, last);
    }
  }
  sortPairs(diagonal, firstComponents);
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

/** One implicit QL sweep: plane rotations chase the shift from `last` up to `first`. */
function sweepBlock(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  firstComponents: Float64Array,
  first: number,
  last: number,
): void {
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
      return;
    }
    sine = bulge / length;
    cosine = chased / length;
    const shifted = diagonal[at + 1] - shift;
    const turn = (diagonal[at] - shifted) * sine + 2 * cosine * coupling;
    shift = sine * turn;
    diagonal[at + 1] = shifted + shift;
    chased = cosine * turn - coupling;
    const upper = firstComponents[at + 1];
    firstComponents[at + 1] = sine * firstComponents[at] + cosine * upper;
    firstComponents[at] = cosine * firstComponents[at] - sine * upper;
  }
  diagonal[first] -= shift;
  offDiagonal[first] = chased;
  offDiagonal[last] = 0;
}

function sortPairs(values: Float64Array, companions: Float64Array): void {
  const order = Array.from(values, (_, index) => index).sort((left, right) => values[left] - values[right]);
  const sortedValues = Float64Array.from(order, (index) => values[index]);
  const sortedCompanions = Float64Array.from(order, (index) => companions[index]);
  values.set(sortedValues);
  companions.set(sortedCompanions);
}
