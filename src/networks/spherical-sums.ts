import { activeMeasuringKernels, type RadialGrid, type SphericalLoops } from "./measuring-kernels.ts";
import { createLoops } from "./spherical-loops.ts";
import { sphericalTail } from "./spherical-tail.ts";

/**
 * Spherical means phi(norm_i r, b_i) (`createSphericalMean`) of many neurons at fixed radii, for sums over neurons and integrals over radii.
 *
 * Up to r = |b|/norm a neuron is constant: b for b > 0, else 0. Only the radii beyond cost anything, and there
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
 */
export function createSphericalSums(dimension: number, radii: Float64Array, width: number): SphericalSums {
  const grid = createGrid(radii);
  const loops = loopsFor(dimension, grid, width, true);
  let count = 0;
  return {
    add(amplitudes, norms, offsets, sums) {
      count = offsets.length;
      addOnGrid(loops, amplitudes, norms, offsets, sums);
    },
    integrate(weights, byScale, byOffset) {
      let total = 0;
      for (let node = 0; node < radii.length; node += 1) {
        loops.scaleWeights[node] = radii[node] * weights[node];
        loops.weights[node] = weights[node];
        total += weights[node];
      }
      loops.integrate(count);
      const { offsets } = loops;
      for (let i = 0; i < count; i += 1) {
        byScale[i] = loops.byScale[i];
        byOffset[i] = offsets[i] > 0 ? total - loops.byTail[i] : loops.byTail[i];
      }
    },
  };
}

/** So many that the workspace of a profile stays small at every width. */
const neuronsAtOnce = 4096;

/** (1/m) sum_i a_i phi(norms_i r, b_i) at ascending positive radii, for the m neurons of `amplitudes`. */
export function sphericalProfile(
  dimension: number,
  amplitudes: Float64Array,
  norms: Float64Array,
  offsets: Float64Array,
  radii: Float64Array,
): Float64Array {
  const values = new Float64Array(radii.length);
  const width = amplitudes.length;
  const loops = loopsFor(dimension, createGrid(radii), Math.min(neuronsAtOnce, width), false);
  for (let first = 0; first < width; first += neuronsAtOnce) {
    const last = first + neuronsAtOnce;
    addOnGrid(
      loops,
      amplitudes.subarray(first, last),
      norms.subarray(first, last),
      offsets.subarray(first, last),
      values,
    );
  }
  return values.map((value) => value / width);
}

function loopsFor(dimension: number, grid: RadialGrid, width: number, keeps: boolean): SphericalLoops {
  const tail = sphericalTail(dimension);
  return activeMeasuringKernels()?.sphericalLoops(tail, grid, width, keeps) ?? createLoops(tail, grid, width, keeps);
}

function createGrid(radii: Float64Array): RadialGrid {
  const size = 8 * Math.ceil(radii.length / 8);
  const padded = Float64Array.from({ length: size }, (_, node) => radii[Math.min(node, radii.length - 1)]);
  return { radii: padded, inverses: padded.map((radius) => 1 / radius) };
}

function addOnGrid(
  loops: SphericalLoops,
  amplitudes: Float64Array,
  norms: Float64Array,
  offsets: Float64Array,
  sums: Float64Array,
): void {
  loops.amplitudes.set(amplitudes);
  loops.norms.set(norms);
  loops.offsets.set(offsets);
  loops.sums.set(sums);
  loops.add(offsets.length);
  for (let node = 0; node < sums.length; node += 1) sums[node] = loops.sums[node];
}
