import { nextSweep, type QlState } from "./tridiagonal.ts";

/** T = W diag(eigenvalues) W^T of a symmetric tridiagonal matrix, W as the product of the plane rotations that made it. */
export interface TridiagonalBasis {
  /** In the order in which they were found. */
  readonly eigenvalues: Float64Array;
  /** Columns <- W^T columns, in place: n x count numbers, row by row. */
  toEigenvectors(columns: Float64Array, count: number): void;
  /** Columns <- W columns, in place. */
  fromEigenvectors(columns: Float64Array, count: number): void;
}

/** Rotations that are held at a time: 64 MB. Those of matrices up to about 2000 stay. */
const rotationsHeld = 1 << 22;

/** Where a stretch of sweeps begins. */
type Checkpoint = Readonly<QlState>;

/** Sweeps with all their rotations. */
interface Stretch {
  readonly lows: number[];
  readonly lasts: number[];
  /** Of each sweep's rotations in order, from its last pair down. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/**
 * The eigenvalues of a symmetric tridiagonal matrix, and its eigenvectors as rotations, about 0.85 n^2 of them. No n x n matrix is made: where all rotations do not
 * fit in 64 MB, the states between stretches of them are kept, and stretches are computed again as they are needed, which costs less than to use them.
 *
 * @param offDiagonal n entries, offDiagonal[i] couples i and i + 1, the last is ignored
 * @param held rotations in memory at a time. @default 2^22
 * @throws MeanfieldError `no-convergence` (entries that are not finite)
 */
export function tridiagonalBasis(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  held = rotationsHeld,
): TridiagonalBasis {
  const size = diagonal.length;
  const checkpoints: Checkpoint[] = [];
  // A power of two, so that what rounding leaves of zeros does not underflow on the way.
  const scale = powerOfTwoAbove(diagonal, offDiagonal.subarray(0, size - 1));
  const scaled = (values: Float64Array): Float64Array => values.map((value) => value / scale);
  const state = { diagonal: scaled(diagonal), offDiagonal: scaled(offDiagonal), first: 0, sweeps: 0 };
  let kept: Stretch | null = null;
  for (let isDone = false; !isDone; ) {
    checkpoints.push(copyOf(state));
    const stretch = record(state, held);
    isDone = stretch.isLast;
    kept = checkpoints.length === 1 && isDone ? stretch : null;
  }
  const stretchAt = (index: number): Stretch => kept ?? record(copyOf(checkpoints[index]), held);
  const turn = (columns: Float64Array, count: number, index: number, isForward: boolean): void => {
    if (columns.length !== size * count) throw new RangeError(`columns: expected ${size * count} numbers`);
    const stretch = stretchAt(index);
    if (isForward) turnForward(stretch, columns, count);
    else turnBack(stretch, columns, count);
  };
  return Object.freeze({
    eigenvalues: state.diagonal.map((value) => value * scale),
    toEigenvectors(columns: Float64Array, count: number) {
      for (let index = 0; index < checkpoints.length; index += 1) turn(columns, count, index, true);
    },
    fromEigenvectors(columns: Float64Array, count: number) {
      for (let index = checkpoints.length - 1; index >= 0; index -= 1) turn(columns, count, index, false);
    },
  });
}

/** A power of two of the size of the largest entry; 1 for zeros and for entries that are not finite. */
function powerOfTwoAbove(...entries: readonly Float64Array[]): number {
  let largest = 0;
  for (const values of entries) for (const value of values) largest = Math.max(largest, Math.abs(value));
  const exponent = Math.floor(Math.log2(largest));
  return Number.isFinite(exponent) ? 2 ** Math.max(-1022, Math.min(1022, exponent)) : 1;
}

function copyOf({ diagonal, offDiagonal, first, sweeps }: Checkpoint): QlState {
  return { diagonal: diagonal.slice(), offDiagonal: offDiagonal.slice(), first, sweeps };
}

/** Goes on with the sweeps until there is no room for another one's rotations. */
function record(state: QlState, held: number): Stretch & { readonly isLast: boolean } {
  const size = state.diagonal.length;
  const room = Math.max(size, Math.min(held, 2 * size * size));
  const [cosines, sines] = [new Float64Array(room), new Float64Array(room)];
  const [cosine, sine] = [new Float64Array(size), new Float64Array(size)];
  const [lows, lasts]: [number[], number[]] = [[], []];
  let end = 0;
  while (end + size <= room) {
    const sweep = nextSweep(state, cosine, sine);
    if (sweep === null)
      return { lows, lasts, cosines: cosines.slice(0, end), sines: sines.slice(0, end), isLast: true };
    lows.push(sweep.low);
    lasts.push(sweep.last);
    for (let at = sweep.last - 1; at >= sweep.low; at -= 1, end += 1) {
      cosines[end] = cosine[at];
      sines[end] = sine[at];
    }
  }
  return { lows, lasts, cosines, sines, isLast: false };
}

function turnForward({ lows, lasts, cosines, sines }: Stretch, columns: Float64Array, count: number): void {
  let next = 0;
  for (let sweep = 0; sweep < lows.length; sweep += 1) {
    for (let at = lasts[sweep] - 1; at >= lows[sweep]; at -= 1, next += 1) {
      turnPair(columns, at * count, count, cosines[next], sines[next]);
    }
  }
}

/** The inverse rotations, the last first. */
function turnBack({ lows, lasts, cosines, sines }: Stretch, columns: Float64Array, count: number): void {
  let next = lasts.reduce((total, last, sweep) => total + last - lows[sweep], 0);
  for (let sweep = lows.length - 1; sweep >= 0; sweep -= 1) {
    for (let at = lows[sweep]; at < lasts[sweep]; at += 1) {
      next -= 1;
      turnPair(columns, at * count, count, cosines[next], -sines[next]);
    }
  }
}

/** Of two neighbouring rows: lower <- cosine lower - sine upper, upper <- sine lower + cosine upper. */
function turnPair(columns: Float64Array, at: number, count: number, cosine: number, sine: number): void {
  for (let lower = at; lower < at + count; lower += 1) {
    const [below, above] = [columns[lower], columns[lower + count]];
    columns[lower + count] = sine * below + cosine * above;
    columns[lower] = cosine * below - sine * above;
  }
}
