import type { SphericalTail } from "./spherical-tail.ts";

/**
 * Compiled loops over neurons, which measurements and limits spend their time in: the same bits as the TypeScript of this room, faster. All numbers
 * are float64, whatever the precision of a simulation.
 */
export interface MeasuringKernels {
  /** See `reluSums`. */
  reluSums(
    rows: Float64Array,
    weights: Float64Array,
    dimension: number,
    points: Float64Array,
    count: number,
    out: Float64Array,
  ): void;
  /** See `arcCosineSumsBelow`. */
  arcCosineSumsBelow(rows: Float64Array, weights: Float64Array, dimension: number, out: Float64Array): void;
  /** The values of a two-layer network at the intervals' radii along `count` rays, written ray by ray; see `twoLayerValues`. */
  rayValues(
    neurons: { readonly w: Float64Array; readonly b: Float64Array; readonly a: Float64Array },
    negativeSlope: number,
    directions: Float64Array,
    count: number,
    intervals: Intervals,
    out: Float64Array,
  ): void;
  /** Memory and loops of sums for up to `width` neurons; `keeps` is false where nothing will be integrated. */
  sphericalLoops(tail: SphericalTail, grid: RadialGrid, width: number, keeps: boolean): SphericalLoops;
}

/** Ascending radii and their inverses, filled up to a multiple of 8 by repeating the last. */
export interface RadialGrid {
  readonly radii: Float64Array;
  readonly inverses: Float64Array;
}

/** The radii with a guide to them: equidistant cells, each with the first radius that lies in or beyond it. */
export interface Intervals {
  readonly nodes: Float64Array;
  readonly guide: Uint32Array;
  readonly cellsPerUnit: number;
}

/** What `createSphericalSums` fills and reads: neurons in arrays of `width` numbers, radii in arrays of the grid's length. */
export interface SphericalLoops {
  readonly amplitudes: Float64Array;
  readonly norms: Float64Array;
  readonly offsets: Float64Array;
  /** Adds amplitude_i phi(|norm_i| r, offset_i) of the first `count` neurons to `sums`. */
  add(count: number): void;
  readonly sums: Float64Array;
  /** Sums over the radii of scaleWeights A to byScale, of weights T to byTail, for the first `count` neurons of the last `add`. */
  integrate(count: number): void;
  readonly scaleWeights: Float64Array;
  readonly weights: Float64Array;
  readonly byScale: Float64Array;
  readonly byTail: Float64Array;
}

let active: MeasuringKernels | null = null;

/**
 * Lets this thread's sums over neurons be made by `kernels`, or by TypeScript if null. No number depends on it, only its time: that is why it may
 * be a setting of the thread, and need not be passed through networks, limits and error budget.
 */
export function measureWith(kernels: MeasuringKernels | null): void {
  active = kernels;
}

/** The kernels of this thread's sums, null where TypeScript makes them. */
export function activeMeasuringKernels(): MeasuringKernels | null {
  return active;
}
