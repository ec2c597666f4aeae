import { activeMeasuringKernels, type Intervals, type MeasuringKernels } from "./measuring-kernels.ts";
import { multiply, packPoints } from "./neuron-sums.ts";
import type { Particles } from "./particles.ts";
import type { RayValues } from "./ray.ts";

/** Rays looked at together, so that a row w_i is read once for all of them. */
const block = 8;
/** Rays whose values a kernel is asked for at once: many, since it is handed all neurons each time. */
const kernelBlock = 512;

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
  const kernels = activeMeasuringKernels();
  const together = kernels === null ? block : Math.min(count, kernelBlock);
  const values = new Float64Array(together * size);
  const fill = kernels === null ? createFiller(dimension, size) : kernels.rayValues;
  let current = -1;
  return (ray, out) => {
    const first = ray - (ray % together);
    if (first !== current) {
      const rays = Math.min(together, count - first);
      const rows = directions.subarray(first * dimension, (first + rays) * dimension);
      fill({ w, b, a }, negativeSlope, rows, rays, intervals, values);
      current = first;
    }
    const row = (ray - first) * size;
    for (let node = 0; node < size; node += 1) out[node] = values[row + node];
  };
}

/** The same in TypeScript, for up to eight rays. */
function createFiller(dimension: number, size: number): MeasuringKernels["rayValues"] {
  const slopes = new Float64Array(block * size);
  const intercepts = new Float64Array(block * size);
  const atZero = new Float64Array(2 * block);
  const packed = new Float64Array(block * dimension);
  return ({ w, b, a }, negativeSlope, directions, count, intervals, out) => {
    packPoints(directions, 0, count, dimension, packed);
    slopes.fill(0);
    intercepts.fill(0);
    atZero.fill(0);
    addNeurons(w, b, a, negativeSlope, packed, intervals, slopes, intercepts, atZero);
    for (let ray = 0; ray < count; ray += 1) {
      let slope = atZero[ray];
      let intercept = atZero[block + ray];
      for (let node = 0; node < size; node += 1) {
        const at = ray * size + node;
        slope += slopes[at];
        intercept += intercepts[at];
        out[at] = (slope * intervals.nodes[node] + intercept) / b.length;
      }
    }
  };
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

/** Adds all neurons on the eight rays of `packed`: to `atZero` slopes and then intercepts at r = 0, elsewhere what switches before each radius. */
function addNeurons(
  w: Float64Array,
  b: Float64Array,
  a: Float64Array,
  negativeSlope: number,
  packed: Float64Array,
  { nodes, guide, cellsPerUnit }: Intervals,
  slopes: Float64Array,
  intercepts: Float64Array,
  atZero: Float64Array,
): void {
  const size = nodes.length;
  const last = nodes[size - 1];
  const dimension = packed.length / block;
  const products = new Float64Array(block);
  for (let i = 0; i < b.length; i += 1) {
    multiply(w, i * dimension, packed, products);
    const offset = b[i];
    const outer = a[i];
    const change = (1 - negativeSlope) * outer;
    for (let s = 0; s < block; s += 1) {
      const product = products[s];
      const isOnAtZero = offset > 0 || (offset === 0 && product > 0);
      const factor = isOnAtZero ? outer : negativeSlope * outer;
      atZero[s] += factor * product;
      atZero[block + s] += factor * offset;
      if (!(offset * product < 0)) continue;
      const kink = -offset / product;
      // Beyond the last radius it changes nothing.
      if (!(kink <= last)) continue;
      let node = guide[(kink * cellsPerUnit) | 0];
      while (nodes[node] < kink) node += 1;
      const at = s * size + node;
      const turn = isOnAtZero ? -change : change;
      slopes[at] += turn * product;
      intercepts[at] += turn * offset;
    }
  }
}
