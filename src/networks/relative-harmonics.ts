import { invalidValue } from "../errors.ts";
import { checkHarmonic, harmonicCount } from "../numerics/gegenbauer.ts";
import { reluHarmonic } from "./relu-harmonics.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * m1 E_u h_l(u)^2 / alpha^2 for every degree l asked for, h_l the degree-l part of F(u) - alpha of the bottleneck's first layer, exactly from the rows:
 * by Funk and Hecke h_l(u) = N_l lambda_l (1/m1) sum_i |w_i|^2 P_l(w_i.u/|w_i|), so
 *
 *   E_u h_l^2 = N_l lambda_l^2 (1/m1^2) sum_ij |w_i|^2 |w_j|^2 P_l(cos(w_i, w_j)),
 *
 * N_l the number of harmonics, lambda_l ReLU's number (`reluHarmonic`), P_l Gegenbauer's polynomial. Over all l >= 1 they add up to `relativeVariance`;
 * odd degrees from 3 on are 0. Costs m1^2 (d + largest degree) operations. docs/theory/harmonic-decay.md
 *
 * @param w rows of a first layer, m1 x dimension; rows of length 0 count as neurons that are off
 * @param degrees l >= 1, ascending
 * @returns one number for each degree
 * @throws `invalid-value`
 */
export function relativeHarmonics(w: Float64Array, dimension: number, degrees: readonly number[]): Float64Array {
  for (const [index, degree] of degrees.entries()) {
    checkHarmonic(degree, dimension);
    if (degree < 1) throw invalidValue("degrees", "integers >= 1", degree);
    if (index > 0 && degree <= degrees[index - 1]) throw invalidValue("degrees", "ascending numbers", degrees);
  }
  const width = w.length / dimension;
  const { squares, units } = unitRows(w, dimension);
  const largest = degrees.length === 0 ? 0 : degrees[degrees.length - 1];
  const sums = new Float64Array(largest + 1);
  const row = new Float64Array(largest + 1);
  const cosines = new Float64Array(block);
  let total = 0;
  for (let i = 0; i < width; i += 1) {
    total += squares[i];
    row.fill(0);
    for (let first = 0; first < i; first += block) {
      const used = Math.min(block, i - first);
      blockOfCosines(units, dimension, i, first, used, cosines);
      addPolynomials(cosines, squares, first, used, dimension, row);
    }
    // Row by row, from small sums to large ones; a pair counts twice, a row with itself once.
    for (let degree = 1; degree <= largest; degree += 1) sums[degree] += squares[i] * (squares[i] + 2 * row[degree]);
  }
  const alpha = (meanReluOfCoordinate(dimension) * total) / width;
  return Float64Array.from(degrees, (degree) => {
    const factor = harmonicCount(degree, dimension) * reluHarmonic(degree, dimension) ** 2;
    return (factor * sums[degree]) / (width * alpha * alpha);
  });
}

/** Rows that are met with another row together. */
const block = 64;

function unitRows(w: Float64Array, dimension: number) {
  const squares = new Float64Array(w.length / dimension);
  const units = new Float64Array(w.length);
  for (let i = 0; i < squares.length; i += 1) {
    for (let k = i * dimension; k < (i + 1) * dimension; k += 1) squares[i] += w[k] * w[k];
    const inverse = squares[i] === 0 ? 0 : 1 / Math.sqrt(squares[i]);
    for (let k = i * dimension; k < (i + 1) * dimension; k += 1) units[k] = w[k] * inverse;
  }
  return { squares, units };
}

/** out[s] = cos(w_i, w_(first+s)), s < used. */
function blockOfCosines(
  units: Float64Array,
  dimension: number,
  i: number,
  first: number,
  used: number,
  out: Float64Array,
): void {
  const own = i * dimension;
  for (let s = 0; s < used; s += 1) {
    const other = (first + s) * dimension;
    let sum = 0;
    for (let k = 0; k < dimension; k += 1) sum += units[own + k] * units[other + k];
    out[s] = sum;
  }
}

/** row[l] += sum_s squares[first+s] P_l(cosines[s]), l = 1...row.length - 1: the recursion of `gegenbauer`, all degrees on the way. */
function addPolynomials(
  cosines: Float64Array,
  squares: Float64Array,
  first: number,
  used: number,
  dimension: number,
  row: Float64Array,
): void {
  for (let s = 0; s < used; s += 1) {
    const t = cosines[s];
    const weight = squares[first + s];
    let before = 1;
    let value = t;
    row[1] += weight * value;
    for (let l = 1; l + 1 < row.length; l += 1) {
      const next = ((2 * l + dimension - 2) * t * value - l * before) / (l + dimension - 2);
      before = value;
      value = next;
      row[l + 1] += weight * value;
    }
  }
}
