import { orthonormalizeRows } from "./orthonormal-frames.ts";
import { fillNormal } from "./random/distributions.ts";
import type { StreamKey } from "./random/key.ts";

/**
 * How a set of unit vectors is arranged. All are uniform on the sphere one by one; they differ in how members of a group depend on each other,
 * and so in how fast averages of smooth even or odd functions converge:
 * - `independent`: groups of 1;
 * - `antithetic-pairs`: {u, -u}, integrates every odd function exactly;
 * - `frames`: the d rows of a Haar orthogonal matrix, integrates quadratic functions exactly;
 * - `antithetic-frames`: {q_1, -q_1, ..., q_d, -q_d}, does both, so polynomials of degree 3.
 */
export const directionArrangements = ["independent", "antithetic-pairs", "frames", "antithetic-frames"] as const;
export type DirectionArrangement = (typeof directionArrangements)[number];

/** Dimension up to which making a frame, about 2 d^3 operations, costs little beside the step that uses it. */
const largestFrameDimension = 128;

/** The arrangement to take where none is asked for: antithetic frames up to d = 128, antithetic pairs beyond. */
export function defaultArrangement(dimension: number): DirectionArrangement {
  return dimension <= largestFrameDimension ? "antithetic-frames" : "antithetic-pairs";
}

/** Number of directions in one group of an arrangement in R^dimension. */
export function groupSize(arrangement: DirectionArrangement, dimension: number): number {
  if (arrangement === "independent") return 1;
  if (arrangement === "antithetic-pairs") return 2;
  return arrangement === "frames" ? dimension : 2 * dimension;
}

/** Scratch that `fillDirectionGroup` needs: d^2 numbers. */
export function createDirectionScratch(dimension: number): Float64Array {
  return new Float64Array(dimension * dimension);
}

/**
 * Writes the first `count` directions of group number `group` as rows of `dimension` numbers to out[offset...], row stride `dimension`.
 * A count below the group's size (the last group of a set whose size is no multiple) takes the group's first members, so that pairs stay together.
 * Group g depends on (key, g, step, replica) alone. Allocates nothing.
 *
 * @param scratch from `createDirectionScratch`
 */
export function fillDirectionGroup(
  out: Float64Array,
  offset: number,
  count: number,
  group: number,
  arrangement: DirectionArrangement,
  dimension: number,
  key: StreamKey,
  step: number,
  replica: number,
  scratch: Float64Array,
): void {
  const isFrame = arrangement === "frames" || arrangement === "antithetic-frames";
  const isPaired = arrangement === "antithetic-pairs" || arrangement === "antithetic-frames";
  const rows = isFrame ? dimension : 1;
  const needed = isPaired ? Math.ceil(count / 2) : count;
  fillNormal(scratch, 0, rows * dimension, group * rows * dimension, key, 0, step, replica);
  orthonormalizeRows(scratch, 0, needed, dimension);
  for (let index = 0; index < count; index += 1) {
    const row = (isPaired ? index >> 1 : index) * dimension;
    const sign = isPaired && (index & 1) === 1 ? -1 : 1;
    const target = offset + index * dimension;
    for (let k = 0; k < dimension; k += 1) out[target + k] = sign * scratch[row + k];
  }
}

/**
 * `count` directions in groups of the arrangement: rows of a count x dimension matrix.
 *
 * @returns the matrix, row by row
 */
export function arrangedDirections(
  count: number,
  arrangement: DirectionArrangement,
  dimension: number,
  key: StreamKey,
  step = 0,
  replica = 0,
): Float64Array {
  const out = new Float64Array(count * dimension);
  const scratch = createDirectionScratch(dimension);
  const size = groupSize(arrangement, dimension);
  for (let group = 0; group * size < count; group += 1) {
    const first = group * size;
    const members = Math.min(size, count - first);
    fillDirectionGroup(out, first * dimension, members, group, arrangement, dimension, key, step, replica, scratch);
  }
  return out;
}
