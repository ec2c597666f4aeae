import { MeanfieldError } from "../errors.ts";
import type { FirstLayerStart } from "./network.ts";
import { arcCosineSumsBelow } from "./neuron-sums.ts";
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
  const { squares, units } = unitRows(w, dimension);
  // Row by row: two million equal terms added one by one would cost four digits.
  const below = new Float64Array(width);
  arcCosineSumsBelow(units, squares, dimension, below);
  let second = 0;
  let norms = 0;
  for (let i = 0; i < width; i += 1) {
    norms += squares[i];
    second += squares[i] * (squares[i] + 2 * below[i]);
  }
  const own = (meanReluOfCoordinate(dimension) * norms) / width;
  const scale = alpha ?? own;
  return (width * (second / (2 * dimension * width * width) - own * own)) / (scale * scale);
}

/** |w_i|^2, and w_i/|w_i|, 0 for a row of length 0. */
function unitRows(w: Float64Array, dimension: number) {
  const squares = new Float64Array(w.length / dimension);
  const units = new Float64Array(w.length);
  for (let i = 0; i < squares.length; i += 1) {
    const start = i * dimension;
    for (let k = start; k < start + dimension; k += 1) squares[i] += w[k] * w[k];
    const inverse = squares[i] === 0 ? 0 : 1 / Math.sqrt(squares[i]);
    for (let k = start; k < start + dimension; k += 1) units[k] = w[k] * inverse;
  }
  return { squares, units };
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
