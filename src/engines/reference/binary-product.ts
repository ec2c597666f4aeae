/**
 * The two products of a ReLU layer with rows W (m x n) and points X (B x n), where only signs of the pre-activations are kept:
 *
 *   forward:   S_s = sum_i amplitude_i relu(w_i.x_s), and one bit 1(w_i.x_s > 0) for each pair;
 *   backward:  G_i = sum_s 1(w_i.x_s > 0) r_s x_s.
 *
 * The backward product is a binary matrix times (r_s x_s). For each group of 8 points the 256 subset sums of its rows are built once; then a
 * particle adds one table row per 8 points (the method of the Four Russians): an eighth of the additions and no multiplication.
 * See docs/theory/velocity-kernels.md.
 */

/** Particles whose partial sums are added before they meet those of other particles: a constant, so that bits do not depend on threads. */
export const particleBlock = 64;
/** Points per mask byte. */
export const group = 8;

/** Writes `count` rows of length n as groups of 8 points, coordinate by coordinate; a short last group is filled with zeros. */
export function packPoints(
  points: Float64Array,
  offset: number,
  count: number,
  stride: number,
  hasBias: boolean,
  packed: Float64Array,
): void {
  const n = hasBias ? stride + 1 : stride;
  const groups = Math.ceil(count / group);
  for (let g = 0; g < groups; g += 1) {
    for (let s = 0; s < group; s += 1) {
      const sample = g * group + s;
      const isPadding = sample >= count;
      for (let k = 0; k < stride; k += 1) {
        packed[(g * n + k) * group + s] = isPadding ? 0 : points[offset + sample * stride + k];
      }
      if (hasBias) packed[(g * n + stride) * group + s] = isPadding ? 0 : 1;
    }
  }
}

/**
 * Forward product of the particles [from, to), which lie in one block: writes the mask bytes mask[g * maskStride + i] and the block's partial sums
 * partial[partialOffset + s].
 */
export function forwardBlock(
  rows: Float64Array,
  amplitudes: Float64Array,
  n: number,
  from: number,
  to: number,
  packed: Float64Array,
  groups: number,
  mask: Uint8Array,
  maskStride: number,
  partial: Float64Array,
  partialOffset: number,
): void {
  for (let g = 0; g < groups; g += 1) {
    const base = g * n * group;
    let f0 = 0;
    let f1 = 0;
    let f2 = 0;
    let f3 = 0;
    let f4 = 0;
    let f5 = 0;
    let f6 = 0;
    let f7 = 0;
    for (let i = from; i < to; i += 1) {
      let z0 = 0;
      let z1 = 0;
      let z2 = 0;
      let z3 = 0;
      let z4 = 0;
      let z5 = 0;
      let z6 = 0;
      let z7 = 0;
      const end = i * n + n;
      for (let k = i * n, x = base; k < end; k += 1, x += group) {
        const w = rows[k];
        z0 += w * packed[x];
        z1 += w * packed[x + 1];
        z2 += w * packed[x + 2];
        z3 += w * packed[x + 3];
        z4 += w * packed[x + 4];
        z5 += w * packed[x + 5];
        z6 += w * packed[x + 6];
        z7 += w * packed[x + 7];
      }
      const amplitude = amplitudes[i];
      let bits = 0;
      if (z0 > 0) {
        bits = 1;
        f0 += amplitude * z0;
      }
      if (z1 > 0) {
        bits |= 2;
        f1 += amplitude * z1;
      }
      if (z2 > 0) {
        bits |= 4;
        f2 += amplitude * z2;
      }
      if (z3 > 0) {
        bits |= 8;
        f3 += amplitude * z3;
      }
      if (z4 > 0) {
        bits |= 16;
        f4 += amplitude * z4;
      }
      if (z5 > 0) {
        bits |= 32;
        f5 += amplitude * z5;
      }
      if (z6 > 0) {
        bits |= 64;
        f6 += amplitude * z6;
      }
      if (z7 > 0) {
        bits |= 128;
        f7 += amplitude * z7;
      }
      mask[g * maskStride + i] = bits;
    }
    const out = partialOffset + g * group;
    partial[out] = f0;
    partial[out + 1] = f1;
    partial[out + 2] = f2;
    partial[out + 3] = f3;
    partial[out + 4] = f4;
    partial[out + 5] = f5;
    partial[out + 6] = f6;
    partial[out + 7] = f7;
  }
}

/**
 * Adds the backward product of one chunk to the rows [from, to) of `gradient` (m x n), group after group.
 *
 * @param packed from `packPoints`
 * @param weights r_s, `groups * 8` numbers, 0 for padding
 * @param table scratch of 256 n numbers
 */
export function backwardRows(
  gradient: Float64Array,
  n: number,
  from: number,
  to: number,
  packed: Float64Array,
  weights: Float64Array,
  groups: number,
  mask: Uint8Array,
  maskStride: number,
  table: Float64Array,
): void {
  for (let g = 0; g < groups; g += 1) {
    buildSubsetSums(packed, g * n * group, weights, g * group, n, table);
    const maskRow = g * maskStride;
    let out = from * n;
    for (let i = from; i < to; i += 1) {
      let entry = mask[maskRow + i] * n;
      for (const end = out + n; out < end; out += 1, entry += 1) gradient[out] += table[entry];
    }
  }
}

/** table[bits] = sum over the set bits s of r_s x_s: each entry is a smaller one plus one row. */
function buildSubsetSums(
  packed: Float64Array,
  base: number,
  weights: Float64Array,
  first: number,
  n: number,
  table: Float64Array,
): void {
  for (let k = 0; k < n; k += 1) table[k] = 0;
  for (let s = 0; s < group; s += 1) {
    const half = n << s;
    const weight = weights[first + s];
    for (let entry = 0; entry < half; entry += n) {
      for (let k = 0; k < n; k += 1) {
        table[half + entry + k] = table[entry + k] + weight * packed[base + k * group + s];
      }
    }
  }
}

/**
 * Adds to norms[offset + s] the particles' part of one sample's squared gradient norm:
 * sum_{i in [from, to)} sigma'(z_is)^2 (activationFactor z_is^2 + rowFactors_i |x_s|^2), with z_is = w_i.x_s, |x_s| the length of the packed point,
 * and sigma' = 1 above 0, negativeSlope elsewhere.
 */
export function squaredNormBlock(
  rows: Float64Array,
  rowFactors: Float64Array,
  activationFactor: number,
  negativeSlope: number,
  n: number,
  from: number,
  to: number,
  packed: Float64Array,
  groups: number,
  norms: Float64Array,
  offset: number,
): void {
  for (let sample = 0; sample < groups * group; sample += 1) {
    const base = Math.floor(sample / group) * n * group + (sample % group);
    let square = 0;
    for (let k = 0; k < n; k += 1) square += packed[base + k * group] ** 2;
    let sum = 0;
    for (let i = from; i < to; i += 1) {
      let z = 0;
      for (let k = 0; k < n; k += 1) z += rows[i * n + k] * packed[base + k * group];
      if (z > 0) sum += activationFactor * z * z + rowFactors[i] * square;
      else if (negativeSlope > 0) sum += negativeSlope ** 2 * (activationFactor * z * z + rowFactors[i] * square);
    }
    norms[offset + sample] = sum;
  }
}
