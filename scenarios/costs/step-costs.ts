/**
 * Rough costs on one thread, for estimates before a run: measured with the reference engine on an x86-64 core of about 3 GHz and divided by the counts of
 * the inner loops. Within a factor of two or so elsewhere.
 */

/** Seconds for one neuron and one direction in d dimensions, in the radial modes: the two-layer network sorts its kinks besides. */
export const pairSeconds = {
  bottleneck: (dimension: number) => (2 + 1.2 * dimension) * 1e-9,
  "two-layer": (dimension: number) => (72 + 2.1 * dimension) * 1e-9,
} as const;

/** Seconds for one neuron and one sample of stochastic gradient descent, both networks. */
export const sampleSeconds = (dimension: number) => 1.5e-9 * dimension;

/** Seconds for one step of the limit beside a network: its second layer's atoms, or the two-layer network's particles. */
export const limitStepSeconds = {
  bottleneck: (secondLayerWidth: number) => 2e-5 * secondLayerWidth,
  "two-layer": (width: number) => 1e-5 * width,
} as const;

/** What a record costs in steps over as many directions: it measures the network, its limit and their products. */
export const passesOfRecord = 2.5;

/** Starting Node, its threads, and the compiler warming up. */
export const processSeconds = 1;
/** Memory of a process with a few threads, before any network. */
export const processBytes = 2e8;
