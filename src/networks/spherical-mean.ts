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
   * values, byScale and byOffset, from index `start` on. About 15 to 20 ns a point, half of what single calls take.
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
 * as polynomials of degree 5 on 256 cells that cover the part of [0, 1] where A > 1e-18. Absolute error of A and P below 1e-14 for d <= 1000, 2e-14 at 100000.
 *
 * @throws `invalid-value` unless `dimension` is an integer >= 2
 */
export function createSphericalMean(dimension: number): SphericalMean {
  const table = sphericalTable(dimension);
  const unitRadius = Float64Array.of(1);
  const value = new Float64Array(1);
  const byScale = new Float64Array(1);
  const byOffset = new Float64Array(1);
  return Object.freeze({
    dimension,
    evaluateAlong(
      norm: number,
      offset: number,
      radii: Float64Array,
      values: Float64Array,
      byScales: Float64Array,
      byOffsets: Float64Array,
      start: number,
    ): void {
      lookUp(table, norm, offset, radii, values, byScales, byOffsets, start);
    },
    evaluate(scale: number, offset: number, out: Float64Array): void {
      lookUp(table, scale, offset, unitRadius, value, byScale, byOffset, 0);
      out[0] = value[0];
      out[1] = byScale[0];
      out[2] = byOffset[0];
    },
    value(scale: number, offset: number): number {
      if (!(scale >= 0)) throw invalidValue("scale", "a number >= 0", scale);
      lookUp(table, scale, offset, unitRadius, value, byScale, byOffset, 0);
      return value[0];
    },
  });
}

/** See `SphericalMean.evaluateAlong`. A function of the module with all it needs in arguments: in a closure the loop takes twice as long. */
function lookUp(
  { coefficients, lowest, cellsPerUnit }: SphericalTable,
  norm: number,
  offset: number,
  radii: Float64Array,
  values: Float64Array,
  byScale: Float64Array,
  byOffset: Float64Array,
  start: number,
): void {
  for (let index = 0; index < radii.length; index += 1) {
    const scale = norm * radii[index];
    const threshold = scale > 0 ? -offset / scale : atScaleZero(scale, offset);
    let mean = 0;
    let probability = 0;
    if (threshold <= -1) probability = 1;
    else if (!(threshold >= 1)) {
      // Only the part of the table below `lowest` is cut off; a NaN goes on into the polynomials and comes out again.
      const position = (Math.sqrt(1 - Math.abs(threshold)) - lowest) * cellsPerUnit;
      let tail = 0;
      if (!(position < 0)) {
        const cell = position < cells ? position | 0 : cells - 1;
        const at = cell * cellLength;
        const x = position - cell - 0.5;
        const x2 = x * x;
        // Estrin's scheme: short chains of dependent operations.
        tail =
          coefficients[at] +
          coefficients[at + 1] * x +
          (coefficients[at + 2] + coefficients[at + 3] * x + (coefficients[at + 4] + coefficients[at + 5] * x) * x2) *
            x2;
        mean =
          coefficients[at + 6] +
          coefficients[at + 7] * x +
          (coefficients[at + 8] + coefficients[at + 9] * x + (coefficients[at + 10] + coefficients[at + 11] * x) * x2) *
            x2;
      }
      probability = threshold < 0 ? 1 - tail : tail;
    }
    values[start + index] = scale * mean + offset * probability;
    byScale[start + index] = mean;
    byOffset[start + index] = probability;
  }
}

function atScaleZero(scale: number, offset: number): number {
  if (scale !== 0) return Number.NaN;
  if (offset > 0) return -1;
  return offset < 0 ? 1 : 0 * offset;
}

interface SphericalTable {
  readonly coefficients: Float64Array;
  /** The y below which A and P count as 0. */
  readonly lowest: number;
  readonly cellsPerUnit: number;
}

/** A program rarely has more dimensions at hand; a table takes 25 kB and a few milliseconds. */
const mostTables = 8;
const tables = new Map<number, SphericalTable>();

/** The table of A and P in a dimension, made once: a scenario builds several networks and limits in the same one. */
function sphericalTable(dimension: number): SphericalTable {
  const known = tables.get(dimension);
  if (known !== undefined) return known;
  const table = tabulate(dimension);
  const [oldest] = tables.keys();
  if (tables.size >= mostTables && oldest !== undefined) tables.delete(oldest);
  tables.set(dimension, table);
  return table;
}

/**
 * With 1 - t^2 = y^2 (2-y^2): dP/dy = 2 K_d y (1-t^2)^((d-3)/2), integrated by Gauss-Legendre from `lowest` upwards, and A = C_d (1-t^2)^((d-1)/2),
 * both interpolated in the Chebyshev points of each cell.
 */
function tabulate(dimension: number): SphericalTable {
  const meanRelu = meanReluOfCoordinate(dimension);
  const twiceDensity = 2 * meanRelu * (dimension - 1);
  const slope = (y: number): number => twiceDensity * y * powerOfSine(y, (dimension - 3) / 2);
  // 1 - t^2 at the end of the table; t and then 1 - t = y^2 without cancellation
  const endSine = 1e-18 ** (2 / (dimension - 1));
  const lowest = Math.sqrt(endSine / (1 + Math.sqrt(1 - endSine)));
  const width = (1 - lowest) / cells;
  const panel = gaussLegendre(12);
  const coefficients = new Float64Array(cells * cellLength);
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
      means[index] = meanRelu * powerOfSine(y, (dimension - 1) / 2);
    }
    interpolate(points, tails, coefficients, cell * cellLength);
    interpolate(points, means, coefficients, cell * cellLength + degree + 1);
  }
  return { coefficients, lowest, cellsPerUnit: 1 / width };
}

/** (1 - t^2)^exponent at t = 1 - y^2, without losing digits at either end: high powers near t = 0, small bases near t = 1. */
function powerOfSine(y: number, exponent: number): number {
  const square = y * y;
  const t = 1 - square;
  return t < 0.5 ? Math.exp(exponent * Math.log1p(-t * t)) : (square * (2 - square)) ** exponent;
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
