import { arcCosineKernel } from "./arc-cosine-kernel.ts";
import { activeMeasuringKernels } from "./measuring-kernels.ts";

/**
 * out_s = sum_i weights_i relu(rows_i . points_s), neurons in their order.
 *
 * @param rows m x dimension, one a weight
 * @param points count x dimension
 * @param out receives `count` numbers
 */
export function reluSums(
  rows: Float64Array,
  weights: Float64Array,
  dimension: number,
  points: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const kernels = activeMeasuringKernels();
  if (kernels !== null) {
    kernels.reluSums(rows, weights, dimension, points, count, out);
    return;
  }
  const packed = new Float64Array(block * dimension);
  const products = new Float64Array(block);
  for (let first = 0; first < count; first += block) {
    const used = Math.min(block, count - first);
    packPoints(points, first, used, dimension, packed);
    out.fill(0, first, first + used);
    for (let i = 0; i < weights.length; i += 1) {
      multiply(rows, i * dimension, packed, products);
      // A weight that is no number comes out, whatever the product.
      for (let s = 0; s < used; s += 1) out[first + s] += weights[i] * (products[s] > 0 ? products[s] : 0);
    }
  }
}

/**
 * out_s = sum_(i < s) weights_i k(rows_i . rows_s), k the arc-cosine kernel, in the order of i.
 *
 * @param rows m x dimension, of length 1 or 0, one a weight
 * @param out receives m numbers
 */
export function arcCosineSumsBelow(
  rows: Float64Array,
  weights: Float64Array,
  dimension: number,
  out: Float64Array,
): void {
  const kernels = activeMeasuringKernels();
  if (kernels !== null) {
    kernels.arcCosineSumsBelow(rows, weights, dimension, out);
    return;
  }
  const width = weights.length;
  const packed = new Float64Array(block * dimension);
  const cosines = new Float64Array(block);
  for (let first = 0; first < width; first += block) {
    const used = Math.min(block, width - first);
    packPoints(rows, first, used, dimension, packed);
    out.fill(0, first, first + used);
    for (let i = 0; i < first + used; i += 1) {
      multiply(rows, i * dimension, packed, cosines);
      for (let s = Math.max(0, i + 1 - first); s < used; s += 1) {
        out[first + s] += weights[i] * arcCosineKernel(Math.min(1, Math.max(-1, cosines[s])));
      }
    }
  }
}

/** Points looked at together, so that a row is read once for all of them; each sum's order is that of the neurons. */
const block = 8;

/** Points first ... first + used - 1, coordinate by coordinate; those that are missing are 0. */
export function packPoints(
  points: Float64Array,
  first: number,
  used: number,
  dimension: number,
  packed: Float64Array,
): void {
  for (let k = 0; k < dimension; k += 1) {
    for (let s = 0; s < block; s += 1) packed[k * block + s] = s < used ? points[(first + s) * dimension + k] : 0;
  }
}

/** Products of the row that begins at `row` with eight packed points. */
export function multiply(rows: Float64Array, row: number, packed: Float64Array, products: Float64Array): void {
  let z0 = 0;
  let z1 = 0;
  let z2 = 0;
  let z3 = 0;
  let z4 = 0;
  let z5 = 0;
  let z6 = 0;
  let z7 = 0;
  for (let x = 0, at = row; x < packed.length; x += block, at += 1) {
    const value = rows[at];
    z0 += value * packed[x];
    z1 += value * packed[x + 1];
    z2 += value * packed[x + 2];
    z3 += value * packed[x + 3];
    z4 += value * packed[x + 4];
    z5 += value * packed[x + 5];
    z6 += value * packed[x + 6];
    z7 += value * packed[x + 7];
  }
  products[0] = z0;
  products[1] = z1;
  products[2] = z2;
  products[3] = z3;
  products[4] = z4;
  products[5] = z5;
  products[6] = z6;
  products[7] = z7;
}
