import { arrangedDirections } from "../numerics/directions.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import { arrangementOfStart, type FirstLayerStart } from "./network.ts";

/**
 * `count` first-layer rows with E|w|^2 = norm^2: directions arranged as the start says, at equal norms, or Gaussian rows N(0, norm^2 I / d).
 * A count that is no multiple of the arrangement's group truncates the last group (its first members, pairs kept together).
 *
 * @returns count x dimension, row by row
 */
export function firstLayerRows(
  count: number,
  dimension: number,
  start: FirstLayerStart,
  norm: number,
  key: StreamKey,
  replica: number,
): Float64Array {
  const arrangement = arrangementOfStart(start);
  let rows: Float64Array;
  let scale = norm;
  if (arrangement === null) {
    rows = new Float64Array(count * dimension);
    fillNormal(rows, 0, rows.length, 0, key, 0, 0, replica);
    scale = norm / Math.sqrt(dimension);
  } else {
    rows = arrangedDirections(count, arrangement, dimension, key, 0, replica);
  }
  for (let index = 0; index < rows.length; index += 1) rows[index] *= scale;
  return rows;
}
