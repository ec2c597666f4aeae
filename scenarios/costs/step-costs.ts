/**
 * Rough costs on one thread, for estimates before a run: measured with the native engine in float64 on an x86-64 core with AVX-512 and divided by the
 * counts of the inner loops. Within a factor of two or so on other such machines and with WebAssembly; the reference engine's steps take about ten
 * times as long (the two-layer network's in the radial modes five times).
 */

/** Seconds for one neuron and one direction in d dimensions, in the radial modes: the two-layer network sorts its kinks besides. */
export const pairSeconds = {
  bottleneck: (dimension: number) => (0.6 + 0.06 * dimension) * 1e-9,
  "two-layer": (dimension: number) => (11 + 0.1 * dimension) * 1e-9,
} as const;

/** Seconds for one neuron and one sample of stochastic gradient descent, both networks. */
export const sampleSeconds = (dimension: number) => (0.3 + 0.05 * dimension) * 1e-9;

/** Seconds for one step of the limit beside a network: its second layer's atoms, or the two-layer network's particles. */
export const limitStepSeconds = {
  bottleneck: (secondLayerWidth: number) => 3e-7 * secondLayerWidth,
  "two-layer": (width: number) => 1e-6 * width,
} as const;

/** Seconds of a record for one neuron and one evaluation direction: it measures the network, its limit and their products, in TypeScript. */
export const recordPairSeconds = {
  bottleneck: (dimension: number) => (0.5 + 0.3 * dimension) * 1e-9,
  "two-layer": (dimension: number) => (40 + 1.5 * dimension) * 1e-9,
} as const;

/** Starting Node, its threads, and the compiler warming up. */
export const processSeconds = 1;
/** Memory of a process with a few threads, before any network. */
export const processBytes = 2e8;
