import type { RadialGrid, SphericalLoops } from "./measuring-kernels.ts";
import type { SphericalTail } from "./spherical-tail.ts";

/** Radii whose sums run side by side in an integral. */
const lanes = 8;

/** The loops in TypeScript, operation by operation those of kernels/spherical-sums.h. */
export function createLoops(tail: SphericalTail, grid: RadialGrid, width: number, keeps: boolean): SphericalLoops {
  const size = grid.radii.length;
  const loops = {
    amplitudes: new Float64Array(width),
    norms: new Float64Array(width),
    offsets: new Float64Array(width),
    sums: new Float64Array(size),
    scaleWeights: new Float64Array(size),
    weights: new Float64Array(size),
    byScale: new Float64Array(width),
    byTail: new Float64Array(width),
    kept: new Float64Array(keeps ? 2 * width * size : 0),
  };
  return {
    ...loops,
    add: (count) => addNeurons(tail, grid, loops.amplitudes, loops.norms, loops.offsets, loops.kept, count, loops.sums),
    integrate(count) {
      for (let i = 0; i < count; i += 1) {
        loops.byScale[i] = productInLanes(loops.scaleWeights, loops.kept, 2 * i * size);
        loops.byTail[i] = productInLanes(loops.weights, loops.kept, (2 * i + 1) * size);
      }
    },
  };
}

/** See `SphericalLoops.add`; A and T of a neuron go to `kept` one after the other. A function of the module: in a closure the loop takes twice as long. */
function addNeurons(
  { meanRelu, wholePower, hasRoot, placePerThreshold, coefficients }: SphericalTail,
  { radii, inverses }: RadialGrid,
  amplitudes: Float64Array,
  norms: Float64Array,
  offsets: Float64Array,
  kept: Float64Array,
  count: number,
  sums: Float64Array,
): void {
  const size = radii.length;
  const highest = coefficients.length - 4;
  let constant = 0;
  for (let i = 0; i < count; i += 1) {
    const norm = Math.abs(norms[i]);
    const offset = offsets[i];
    constant += amplitudes[i] * Math.max(0, offset);
    // At norm = 0 and b = 0 the limit norm -> 0+, as everywhere.
    const edge = norm === 0 && offset === 0 ? 0 : Math.abs(offset) / norm;
    const byMean = amplitudes[i] * norm;
    const byTail = offset > 0 ? -amplitudes[i] * offset : amplitudes[i] * offset;
    for (let node = 0; node < size; node += 1) {
      const threshold = edge * inverses[node];
      let mean = 0;
      let tail = 0;
      if (!(threshold >= 1)) {
        const base = 1 - threshold * threshold;
        let y = threshold * placePerThreshold - 1;
        if (y > 1) y = 1;
        const y2 = y * y;
        const y4 = y2 * y2;
        // Four short chains of operations in place of one long one.
        let first = coefficients[highest];
        let second = coefficients[highest + 1];
        let third = coefficients[highest + 2];
        let fourth = coefficients[highest + 3];
        for (let at = highest - 4; at >= 0; at -= 4) {
          first = coefficients[at] + first * y4;
          second = coefficients[at + 1] + second * y4;
          third = coefficients[at + 2] + third * y4;
          fourth = coefficients[at + 3] + fourth * y4;
        }
        mean = hasRoot ? meanRelu * Math.sqrt(base) : meanRelu;
        let square = base;
        for (let power = wholePower; power > 0; power >>= 1) {
          if ((power & 1) === 1) mean *= square;
          square *= square;
        }
        tail = mean * (first + second * y + (third + fourth * y) * y2);
      }
      if (kept.length > 0) {
        kept[2 * i * size + node] = mean;
        kept[(2 * i + 1) * size + node] = tail;
      }
      sums[node] += byMean * radii[node] * mean + byTail * tail;
    }
  }
  for (let node = 0; node < size; node += 1) sums[node] += constant;
}

/** sum_r weights_r values[start + r]: eight sums side by side, added in one tree. */
function productInLanes(weights: Float64Array, values: Float64Array, start: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let s5 = 0;
  let s6 = 0;
  let s7 = 0;
  for (let node = 0, at = start; node < weights.length; node += lanes, at += lanes) {
    s0 += weights[node] * values[at];
    s1 += weights[node + 1] * values[at + 1];
    s2 += weights[node + 2] * values[at + 2];
    s3 += weights[node + 3] * values[at + 3];
    s4 += weights[node + 4] * values[at + 4];
    s5 += weights[node + 5] * values[at + 5];
    s6 += weights[node + 6] * values[at + 6];
    s7 += weights[node + 7] * values[at + 7];
  }
  return s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
}
