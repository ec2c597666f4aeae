import type { Particles } from "./particles.ts";
import type { RayValues } from "./ray.ts";

/** Rays looked at together, so that a row w_i is read once for all of them. */
const block = 8;

/**
 * The two-layer network's values at fixed ascending radii along rays, without sorting the neurons' switches: each belongs to the interval between two
 * radii in which it lies, and adds its change of slope and intercept there. Sums run over the neurons of an interval, then over the intervals, so
 * that values differ from those of sorted pieces by rounding.
 */
export function twoLayerValues(
  particles: Particles,
  dimension: number,
  negativeSlope: number,
  directions: Float64Array,
  count: number,
  nodes: Float64Array,
): RayValues {
  const { w, b, a } = particles.arrays;
  const intervals = createIntervals(nodes);
  const size = nodes.length;
  const slopes = new Float64Array(block * size);
  const intercepts = new Float64Array(block * size);
  const packed = new Float64Array(block * dimension);
  let current = -1;
  return (ray, out) => {
    const first = ray - (ray % block);
    if (first !== current) {
      const rays = Math.min(block, count - first);
      for (let k = 0; k < dimension; k += 1) {
        for (let s = 0; s < block; s += 1) {
          packed[k * block + s] = s < rays ? directions[(first + s) * dimension + k] : 0;
        }
      }
      slopes.fill(0);
      intercepts.fill(0);
      addNeurons(w, b, a, negativeSlope, packed, intervals, slopes, intercepts);
      current = first;
    }
    const row = (ray - first) * size;
    let slope = 0;
    let intercept = 0;
    for (let node = 0; node < size; node += 1) {
      slope += slopes[row + node];
      intercept += intercepts[row + node];
      out[node] = (slope * nodes[node] + intercept) / b.length;
    }
  };
}

/** The radii with a guide to them: equidistant cells, each with the first radius that lies in or beyond it. */
interface Intervals {
  readonly nodes: Float64Array;
  readonly guide: Uint32Array;
  readonly cellsPerUnit: number;
}

const cellsPerNode = 4;

function createIntervals(nodes: Float64Array): Intervals {
  const cells = cellsPerNode * nodes.length;
  const last = nodes[nodes.length - 1];
  const guide = new Uint32Array(cells + 1);
  let node = 0;
  for (let cell = 0; cell <= cells; cell += 1) {
    // A little before the cell, so that rounding of a switch's cell never leads beyond a radius.
    while (nodes[node] < (cell / cells) * last * (1 - 1e-12)) node += 1;
    guide[cell] = node;
  }
  return { nodes, guide, cellsPerUnit: cells / last };
}

/** Adds all neurons on the eight rays of `packed`: at the first radius what they are at r = 0, later what switches before each radius. */
function addNeurons(
  w: Float64Array,
  b: Float64Array,
  a: Float64Array,
  negativeSlope: number,
  packed: Float64Array,
  { nodes, guide, cellsPerUnit }: Intervals,
  slopes: Float64Array,
  intercepts: Float64Array,
): void {
  const size = nodes.length;
  const last = nodes[size - 1];
  const products = new Float64Array(block);
  let row = 0;
  for (let i = 0; i < b.length; i += 1) {
    let z0 = 0;
    let z1 = 0;
    let z2 = 0;
    let z3 = 0;
    let z4 = 0;
    let z5 = 0;
    let z6 = 0;
    let z7 = 0;
    for (let x = 0; x < packed.length; x += block, row += 1) {
      const value = w[row];
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
    const offset = b[i];
    const outer = a[i];
    const change = (1 - negativeSlope) * outer;
    for (let s = 0; s < block; s += 1) {
      const product = products[s];
      const start = s * size;
      const isOnAtZero = offset > 0 || (offset === 0 && product > 0);
      const atZero = isOnAtZero ? outer : negativeSlope * outer;
      slopes[start] += atZero * product;
      intercepts[start] += atZero * offset;
      if (!(offset * product < 0)) continue;
      const kink = -offset / product;
      // Beyond the last radius it changes nothing.
      if (!(kink <= last)) continue;
      let node = guide[(kink * cellsPerUnit) | 0];
      while (nodes[node] < kink) node += 1;
      const turn = isOnAtZero ? -change : change;
      slopes[start + node] += turn * product;
      intercepts[start + node] += turn * offset;
    }
  }
}
