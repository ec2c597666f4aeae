import { invalidValue } from "../errors.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { halfStepGammaRatio } from "../numerics/special-functions.ts";

/**
 * C_d = E relu(u_1) = Gamma(d/2) / (2 sqrt(pi) Gamma((d+1)/2)) for u uniform on the unit sphere of R^d; ~ 1/sqrt(2 pi d). Relative error 1e-15.
 *
 * @throws `invalid-value` unless `dimension` is an integer >= 2
 */
export function meanReluOfCoordinate(dimension: number): number {
  checkDimension(dimension);
  return 1 / (2 * Math.sqrt(Math.PI) * halfStepGammaRatio(dimension / 2));
}

/** phi(s, b) = E_u relu(s u_1 + b), u uniform on the unit sphere: what a neuron's output is on average over rotations of its weights. */
export interface SphericalMean {
  readonly dimension: number;
  /** phi(scale, offset), scale >= 0. */
  value(scale: number, offset: number): number;
  /** Writes phi, d phi/ds = E[u_1 1(s u_1 + b > 0)] and d phi/db = P(s u_1 + b > 0) to out[0..2]; allocates nothing, scale >= 0 unchecked. */
  evaluate(scale: number, offset: number, out: Float64Array): void;
  /**
   * The same for one neuron at all radii: writes phi(norm r, b), its derivative by s at s = norm r, and its derivative by b for each r of `radii` to
   * values, byScale and byOffset, from index `start` on. Half the time per point of single calls, whose arguments the engine boxes.
   */
  evaluateAlong(
    norm: number,
    offset: number,
    radii: Float64Array,
    values: Float64Array,
    byScale: Float64Array,
    byOffset: Float64Array,
    start: number,
  ): void;
}

const cells = 256;
/** Per cell: six coefficients of P(u_1 > t), then six of E[u_1 1(u_1 > t)]. */
const cellLength = 12;
const degree = 5;

/**
 * The spherical mean in dimension d. With t = -b/s clamped to [-1, 1], P = P(u_1 > t) and A = E[u_1 1(u_1 > t)] = C_d (1-t^2)^((d-1)/2):
 * phi = s A + b P, d phi/ds = A, d phi/db = P. At s = 0 the limits s -> 0+ are returned.
 *
 * A and P are tabulated in y = sqrt(1 - |t|), in which they are analytic on the whole range for every d (in t they have a root at |t| = 1),
 * as polynomials of degree 5 on 256 cells that cover the part of [0, 1] where A > 1e-18. Absolute error of A and P below 1e-14 for d <= 1000.
 *
 * @throws `invalid-value` unless `dimension` is an integer >= 2
 */
export function createSphericalMean(dimension: number): SphericalMean {
  const { table, lowest, cellsPerUnit } = tabulate(dimension);
  const evaluate = (scale: number, offset: number, out: Float64Array): void => {
    const threshold = scale > 0 ? -offset / scale : atScaleZero(scale, offset);
    if (threshold >= 1) {
      out[0] = 0;
      out[1] = 0;
      out[2] = 0;
      return;
    }
    if (threshold <= -1) {
      out[0] = offset;
      out[1] = 0;
      out[2] = 1;
      return;
    }
    const position = (Math.sqrt(1 - Math.abs(threshold)) - lowest) * cellsPerUnit;
    let tail = 0;
    let mean = 0;
    // A NaN goes on into the polynomials, so that it comes out again.
    if (!(position < 0)) {
      const cell = position < cells ? position | 0 : cells - 1;
      const at = cell * cellLength;
      const x = position - cell - 0.5;
      const x2 = x * x;
      // Estrin's scheme: short chains of dependent operations.
      tail =
        table[at] +
        table[at + 1] * x +
        (table[at + 2] + table[at + 3] * x + (table[at + 4] + table[at + 5] * x) * x2) * x2;
      mean =
        table[at + 6] +
        table[at + 7] * x +
        (table[at + 8] + table[at + 9] * x + (table[at + 10] + table[at + 11] * x) * x2) * x2;
    }
    const probability = threshold < 0 ? 1 - tail : tail;
    out[0] = scale * mean + offset * probability;
    out[1] = mean;
    out[2] = probability;
  };
  const result = new Float64Array(3);
  return Object.freeze({
    dimension,
    evaluate,
    evaluateAlong(
      norm: number,
      offset: number,
      radii: Float64Array,
      values: Float64Array,
      byScale: Float64Array,
      byOffset: Float64Array,
      start: number,
    ): void {
      for (let index = 0; index < radii.length; index += 1) {
        evaluate(norm * radii[index], offset, result);
        values[start + index] = result[0];
        byScale[start + index] = result[1];
        byOffset[start + index] = result[2];
      }
    },
    value(scale: number, offset: number): number {
      if (!(scale >= 0)) throw invalidValue("scale", "a number >= 0", scale);
      evaluate(scale, offset, result);
      return result[0];
    },
  });
}

function atScaleZero(scale: number, offset: number): number {
  if (scale !== 0) return Number.NaN;
  if (offset > 0) return -1;
  return offset < 0 ? 1 : 0 * offset;
}

interface Table {
  readonly table: Float64Array;
  /** The y below which A and P count as 0. */
  readonly lowest: number;
  readonly cellsPerUnit: number;
}

/**
 * dP/dy = 2 K_d y^(d-2) (2-y^2)^((d-3)/2), integrated by Gauss-Legendre from `lowest` upwards, and A = C_d (y^2 (2-y^2))^((d-1)/2),
 * both interpolated in the Chebyshev points of each cell.
 */
function tabulate(dimension: number): Table {
  const meanRelu = meanReluOfCoordinate(dimension);
  const twiceDensity = 2 * meanRelu * (dimension - 1);
  const slope = (y: number): number => twiceDensity * y ** (dimension - 2) * (2 - y * y) ** ((dimension - 3) / 2);
  // 1 - t^2 at the end of the table; t and then 1 - t = y^2 without cancellation
  const endSine = 1e-18 ** (2 / (dimension - 1));
  const lowest = Math.sqrt(endSine / (1 + Math.sqrt(1 - endSine)));
  const width = (1 - lowest) / cells;
  const panel = gaussLegendre(12);
  const table = new Float64Array(cells * cellLength);
  const points = Float64Array.from(
    { length: degree + 1 },
    (_, index) => -Math.cos(((index + 0.5) * Math.PI) / (degree + 1)) / 2,
  );
  const tails = new Float64Array(degree + 1);
  const means = new Float64Array(degree + 1);
  let reached = lowest;
  let tail = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    for (let index = 0; index <= degree; index += 1) {
      const y = lowest + (cell + 0.5 + points[index]) * width;
      const half = (y - reached) / 2;
      let piece = 0;
      for (let node = 0; node < panel.nodes.length; node += 1) {
        piece += panel.weights[node] * slope(reached + half * (1 + panel.nodes[node]));
      }
      tail += half * piece;
      reached = y;
      tails[index] = tail;
      means[index] = meanRelu * (y * y * (2 - y * y)) ** ((dimension - 1) / 2);
    }
    interpolate(points, tails, table, cell * cellLength);
    interpolate(points, means, table, cell * cellLength + degree + 1);
  }
  return { table, lowest, cellsPerUnit: 1 / width };
}

/** Writes the coefficients, lowest first, of the polynomial through (points, values): Newton's divided differences, then expanded. */
function interpolate(points: Float64Array, values: Float64Array, out: Float64Array, offset: number): void {
  const count = points.length;
  const differences = values.slice();
  for (let order = 1; order < count; order += 1) {
    for (let index = count - 1; index >= order; index -= 1) {
      differences[index] = (differences[index] - differences[index - 1]) / (points[index] - points[index - order]);
    }
  }
  const coefficients = out.subarray(offset, offset + count);
  coefficients.fill(0);
  for (let index = count - 1; index >= 0; index -= 1) {
    for (let power = count - 1; power > 0; power -= 1) {
      coefficients[power] = coefficients[power - 1] - points[index] * coefficients[power];
    }
    coefficients[0] = differences[index] - points[index] * coefficients[0];
  }
}

function checkDimension(dimension: number): void {
  if (!(Number.isInteger(dimension) && dimension >= 2)) {
    throw invalidValue("dimension", "an integer >= 2", dimension);
  }
}
