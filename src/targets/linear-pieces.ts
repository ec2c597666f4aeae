import type { LinearPieces } from "./target.ts";

/** The pieces through (knots[i], values[i]), knots ascending from 0, going on with `finalSlope`. */
export function piecesThrough(knots: readonly number[], values: readonly number[], finalSlope: number): LinearPieces {
  const count = knots.length;
  const slopes = new Float64Array(count);
  const intercepts = new Float64Array(count);
  for (let piece = 0; piece < count; piece += 1) {
    const isLast = piece === count - 1;
    slopes[piece] = isLast ? finalSlope : (values[piece + 1] - values[piece]) / (knots[piece + 1] - knots[piece]);
    intercepts[piece] = values[piece] - slopes[piece] * knots[piece];
  }
  return { starts: Float64Array.from(knots), slopes, intercepts };
}

/** Index of the piece that holds a radius >= 0. */
export function pieceAt(pieces: LinearPieces, radius: number): number {
  let low = 0;
  let high = pieces.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (pieces.starts[middle] <= radius) low = middle;
    else high = middle;
  }
  return low;
}
