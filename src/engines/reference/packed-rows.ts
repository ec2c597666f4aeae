/**
 * Products of one row of numbers with a group of 8 packed points (see `packPoints`): coordinate k of point s of the group lies at
 * packed[base + 8 k + s]. The points of a group never meet, so each result has one order of additions, whoever computes it.
 */

/** out[s] = sum_k rows[start + k] packed_ks over `length` coordinates. */
export function multiplyRow(
  rows: Float64Array,
  start: number,
  length: number,
  packed: Float64Array,
  base: number,
  out: Float64Array,
): void {
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  let z4 = 0;
  let z5 = 0;
  let z6 = 0;
  let z7 = 0;
  const end = start + length;
  for (let k = start, x = base; k < end; k += 1, x += 8) {
    const value = rows[k];
    z0 += value * packed[x];
    z1 += value * packed[x + 1];
    z2 += value * packed[x + 2];
    z3 += value * packed[x + 3];
    z4 += value * packed[x + 4];
    z5 += value * packed[x + 5];
    z6 += value * packed[x + 6];
    z7 += value * packed[x + 7];
  }
  out[0] = z0;
  out[1] = z1;
  out[2] = z2;
  out[3] = z3;
  out[4] = z4;
  out[5] = z5;
  out[6] = z6;
  out[7] = z7;
}

/** packed_ks += rows[start + k] factors[s] for `length` coordinates and the 8 points: the product with the transpose, row by row. */
export function spreadRow(
  rows: Float64Array,
  start: number,
  length: number,
  factors: Float64Array,
  packed: Float64Array,
  base: number,
): void {
  const f0 = factors[0];
  const f1 = factors[1];
  const f2 = factors[2];
  const f3 = factors[3];
  const f4 = factors[4];
  const f5 = factors[5];
  const f6 = factors[6];
  const f7 = factors[7];
  const end = start + length;
  for (let k = start, x = base; k < end; k += 1, x += 8) {
    const value = rows[k];
    packed[x] += value * f0;
    packed[x + 1] += value * f1;
    packed[x + 2] += value * f2;
    packed[x + 3] += value * f3;
    packed[x + 4] += value * f4;
    packed[x + 5] += value * f5;
    packed[x + 6] += value * f6;
    packed[x + 7] += value * f7;
  }
}

/** rows[start + k] += sum_s factors[at + s] packed_ks for `length` coordinates: a group's part of a gradient row. */
export function gatherRow(
  rows: Float64Array,
  start: number,
  length: number,
  factors: Float64Array,
  at: number,
  packed: Float64Array,
  base: number,
): void {
  const f0 = factors[at];
  const f1 = factors[at + 1];
  const f2 = factors[at + 2];
  const f3 = factors[at + 3];
  const f4 = factors[at + 4];
  const f5 = factors[at + 5];
  const f6 = factors[at + 6];
  const f7 = factors[at + 7];
  const end = start + length;
  for (let k = start, x = base; k < end; k += 1, x += 8) {
    rows[k] +=
      f0 * packed[x] +
      f1 * packed[x + 1] +
      f2 * packed[x + 2] +
      f3 * packed[x + 3] +
      f4 * packed[x + 4] +
      f5 * packed[x + 5] +
      f6 * packed[x + 6] +
      f7 * packed[x + 7];
  }
}
