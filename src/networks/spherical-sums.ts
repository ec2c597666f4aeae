import {
  type SphericalTable,
  sphericalTable,
  type cellLength as tableCellLength,
  type cells as tableCells,
} from "./spherical-mean.ts";

// The table's shape once more, checked by its types: a number of this file is folded into the loop, an imported one is read at every step, which
// takes a fifth longer.
const cells: typeof tableCells = 256;
const cellLength: typeof tableCellLength = 12;

/**
 * Spherical means phi(norm_i r, b_i) (`createSphericalMean`) of many neurons at fixed radii, for sums over neurons and integrals over radii.
 *
 * Up to r = |b|/norm a neuron is constant: b for b > 0, else 0. Only the radii beyond cost a look into the table, and there
 * A = E[u_1 1(u_1 > t)] and T = P(u_1 > t), t = |b|/(norm r), say all: phi = norm r A + b P with P = T for b <= 0 and 1 - T for b > 0.
 */
export interface SphericalSums {
  /** Adds amplitudes_i phi(|norms_i| r, offsets_i), summed over the neurons, to sums[...] at each radius, and keeps what `integrate` needs. */
  add(amplitudes: Float64Array, norms: Float64Array, offsets: Float64Array, sums: Float64Array): void;
  /**
   * For each neuron of the last `add`, the sums over the radii of weights r d phi/ds to byScale and of weights d phi/db to byOffset;
   * that of weights phi is |norms_i| byScale_i + offsets_i byOffset_i, since phi is homogeneous.
   */
  integrate(weights: Float64Array, byScale: Float64Array, byOffset: Float64Array): void;
}

/**
 * Sums for up to `width` neurons at ascending positive `radii`. Allocates nothing later; workspace 2 width x radii numbers.
 * About 8 ns a neuron and radius for both functions together.
 */
export function createSphericalSums(dimension: number, radii: Float64Array, width: number): SphericalSums {
  const table = sphericalTable(dimension);
  const scales = new Float64Array(2 * radii.length);
  for (let node = 0; node < radii.length; node += 1) {
    scales[2 * node] = radii[node];
    scales[2 * node + 1] = 1 / radii[node];
  }
  const kept = new Float64Array(2 * width * radii.length);
  const firsts = new Uint32Array(width);
  const weightPairs = new Float64Array(2 * radii.length);
  let added: Float64Array = kept;
  return {
    add(amplitudes, norms, offsets, sums) {
      added = offsets;
      lookUp(table, amplitudes, norms, offsets, scales, kept, firsts, sums);
    },
    integrate(weights, byScale, byOffset) {
      for (let node = 0; node < radii.length; node += 1) {
        weightPairs[2 * node] = radii[node] * weights[node];
        weightPairs[2 * node + 1] = weights[node];
      }
      integrateKept(added, weightPairs, kept, firsts, byScale, byOffset);
    },
  };
}

/** So many that the workspace of a profile stays small at every width. */
const neuronsAtOnce = 256;

/** (1/m) sum_i a_i phi(norms_i r, b_i) at ascending positive radii, for the m neurons of `amplitudes`. */
export function sphericalProfile(
  dimension: number,
  amplitudes: Float64Array,
  norms: Float64Array,
  offsets: Float64Array,
  radii: Float64Array,
): Float64Array {
  const values = new Float64Array(radii.length);
  const sums = createSphericalSums(dimension, radii, neuronsAtOnce);
  for (let first = 0; first < amplitudes.length; first += neuronsAtOnce) {
    const last = first + neuronsAtOnce;
    sums.add(amplitudes.subarray(first, last), norms.subarray(first, last), offsets.subarray(first, last), values);
  }
  return values.map((value) => value / amplitudes.length);
}

/**
 * See `SphericalSums.add`. Writes (A, T) at the radii beyond |offset|/norm to `kept` and the position of the first of them to `firsts`. A function of
 * the module with all it needs in few arguments: in a closure, or with an array for each quantity, the loop takes twice as long.
 *
 * @param scales (r, 1/r) of each radius
 */
function lookUp(
  { coefficients, lowest, cellsPerUnit }: SphericalTable,
  amplitudes: Float64Array,
  norms: Float64Array,
  offsets: Float64Array,
  scales: Float64Array,
  kept: Float64Array,
  firsts: Uint32Array,
  sums: Float64Array,
): void {
  const count = sums.length;
  let constant = 0;
  for (let i = 0; i < offsets.length; i += 1) {
    const norm = Math.abs(norms[i]);
    const offset = offsets[i];
    constant += amplitudes[i] * Math.max(0, offset);
    // At norm = 0 and b = 0 the limit norm -> 0+, as everywhere.
    const edge = norm === 0 && offset === 0 ? 0 : Math.abs(offset) / norm;
    const byMean = amplitudes[i] * norm;
    const byTail = offset > 0 ? -amplitudes[i] * offset : amplitudes[i] * offset;
    let node = count - 1;
    for (let to = 2 * (i * count + node); node >= 0; node -= 1, to -= 2) {
      const threshold = edge * scales[2 * node + 1];
      if (threshold >= 1) break;
      // The part of the table below `lowest` is cut off; a NaN goes on into the polynomials and comes out again.
      const position = (Math.sqrt(1 - threshold) - lowest) * cellsPerUnit;
      let mean = 0;
      let tail = 0;
      if (!(position < 0)) {
        const cell = position < cells ? position | 0 : cells - 1;
        const at = cell * cellLength;
        const x = position - cell - 0.5;
        const x2 = x * x;
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
      kept[to] = mean;
      kept[to + 1] = tail;
      sums[node] += byMean * scales[2 * node] * mean + byTail * tail;
    }
    firsts[i] = node + 1;
  }
  for (let node = 0; node < count; node += 1) sums[node] += constant;
}

/** See `SphericalSums.integrate`; `weights` are pairs (r weight, weight). */
function integrateKept(
  offsets: Float64Array,
  weights: Float64Array,
  kept: Float64Array,
  firsts: Uint32Array,
  byScale: Float64Array,
  byOffset: Float64Array,
): void {
  let total = 0;
  for (let at = 1; at < weights.length; at += 2) total += weights[at];
  for (let i = 0; i < offsets.length; i += 1) {
    let scaled = 0;
    let tail = 0;
    const start = i * weights.length;
    for (let at = 2 * firsts[i]; at < weights.length; at += 2) {
      scaled += weights[at] * kept[start + at];
      tail += weights[at + 1] * kept[start + at + 1];
    }
    byScale[i] = scaled;
    byOffset[i] = offsets[i] > 0 ? total - tail : tail;
  }
}
