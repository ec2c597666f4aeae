import { MeanfieldError } from "../errors.ts";
import { arcCosineKernel } from "./arc-cosine-kernel.ts";
import type { FirstLayerStart } from "./network.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * m1 Var_u F(u) / alpha^2 of the bottleneck's first layer, exactly: with k(t) = (sqrt(1 - t^2) + (pi - arccos t) t)/pi,
 * E_u F(u)^2 = (1/m1^2) sum_ij |w_i|^2 |w_j|^2 k(cos(w_i, w_j)) / (2 d), and alpha = C_d mean |w|^2 is the mean of F.
 *
 * Costs m1^2 d operations. docs/theory/discretisation-error.md
 *
 * @param w rows of a first layer, m1 x dimension; rows of length 0 count as neurons that are off
 * @param alpha the normalisation; default the rows' own alpha
 */
export function relativeVariance(w: Float64Array, dimension: number, alpha?: number): number {
  const width = w.length / dimension;
  const { squares, units, packed } = unitRows(w, dimension);
  const cosines = new Float64Array(block);
  let second = 0;
  let norms = 0;
  for (let i = 0; i < width; i += 1) {
    norms += squares[i];
    if (squares[i] === 0) continue;
    // Row by row: two million equal terms added one by one would cost four digits.
    const row = kernelRow(i, dimension, squares, units, packed, cosines);
    second += squares[i] * (squares[i] + 2 * row);
  }
  const own = (meanReluOfCoordinate(dimension) * norms) / width;
  const scale = alpha ?? own;
  return (width * (second / (2 * dimension * width * width) - own * own)) / (scale * scale);
}

/** Rows that are met with another row together. */
const block = 8;

/** |w_i|^2, w_i/|w_i| (0 for a row of length 0), and the latter once more in groups of 8 rows, coordinate by coordinate. */
function unitRows(w: Float64Array, dimension: number) {
  const width = w.length / dimension;
  const squares = new Float64Array(width);
  const units = new Float64Array(w.length);
  const packed = new Float64Array(Math.ceil(width / block) * block * dimension);
  for (let i = 0; i < width; i += 1) {
    const start = i * dimension;
    for (let k = 0; k < dimension; k += 1) squares[i] += w[start + k] * w[start + k];
    const inverse = squares[i] === 0 ? 0 : 1 / Math.sqrt(squares[i]);
    const base = (i - (i % block)) * dimension + (i % block);
    for (let k = 0; k < dimension; k += 1) {
      units[start + k] = w[start + k] * inverse;
      packed[base + k * block] = units[start + k];
    }
  }
  return { squares, units, packed };
}

/** sum_(j < i) |w_j|^2 k(cos(w_i, w_j)), in the order of j; `cosines` is scratch of 8 numbers. */
function kernelRow(
  i: number,
  dimension: number,
  squares: Float64Array,
  units: Float64Array,
  packed: Float64Array,
  cosines: Float64Array,
): number {
  let sum = 0;
  for (let first = 0; first < i; first += block) {
    let c0 = 0;
    let c1 = 0;
    let c2 = 0;
    let c3 = 0;
    let c4 = 0;
    let c5 = 0;
    let c6 = 0;
    let c7 = 0;
    for (let k = 0, x = first * dimension; k < dimension; k += 1, x += block) {
      const value = units[i * dimension + k];
      c0 += value * packed[x];
      c1 += value * packed[x + 1];
      c2 += value * packed[x + 2];
      c3 += value * packed[x + 3];
      c4 += value * packed[x + 4];
      c5 += value * packed[x + 5];
      c6 += value * packed[x + 6];
      c7 += value * packed[x + 7];
    }
    cosines[0] = c0;
    cosines[1] = c1;
    cosines[2] = c2;
    cosines[3] = c3;
    cosines[4] = c4;
    cosines[5] = c5;
    cosines[6] = c6;
    cosines[7] = c7;
    const used = Math.min(block, i - first);
    for (let s = 0; s < used; s += 1) {
      sum += squares[first + s] * arcCosineKernel(Math.min(1, Math.max(-1, cosines[s])));
    }
  }
  return sum;
}

/**
 * The mean of `relativeVariance` over starts whose width is a multiple of the arrangement's group, D = 1/(2 d C_d^2)
 * (docs/theory/discretisation-error.md): sphere D - 1; gaussian (1 + 2/d)(D - 1), normalised by the planned alpha; antithetic pairs D - 2;
 * frames D (1 + (d-1)/pi) - d; antithetic frames D (1 + 2(d-1)/pi) - 2 d.
 */
export function expectedRelativeVariance(start: FirstLayerStart, dimension: number): number {
  const meanRelu = meanReluOfCoordinate(dimension);
  const ratio = 1 / (2 * dimension * meanRelu * meanRelu);
  switch (start) {
    case "sphere":
      return ratio - 1;
    case "gaussian":
      return (1 + 2 / dimension) * (ratio - 1);
    case "antithetic-pairs":
      return ratio - 2;
    case "frames":
      return ratio * (1 + (dimension - 1) / Math.PI) - dimension;
    case "antithetic-frames":
      return ratio * (1 + (2 * (dimension - 1)) / Math.PI) - 2 * dimension;
    default:
      throw new MeanfieldError("unknown-kind", `start: expected the name of a first-layer start, got ${String(start)}`);
  }
}
