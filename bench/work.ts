/** What the benchmarks compute: one step of gradient descent of a network, with samples given. */

export type WorkName = "two-layer" | "bottleneck" | "dense";
export type Precision = "f32" | "f64";

/** One step at one size: forward, residual, all gradients, update. */
export interface Work {
  readonly work: WorkName;
  readonly precision: Precision;
  readonly batch: number;
  readonly dimension: number;
  /** m, or m1. */
  readonly width: number;
  /** m2; 0 for the two-layer network. */
  readonly secondWidth: number;
}

/** Letters under which the works stand in tables and on the command line. */
export const letters = { A: "two-layer", B: "bottleneck", C: "dense" } as const;

export function letterOf(work: WorkName): keyof typeof letters {
  return work === "two-layer" ? "A" : work === "bottleneck" ? "B" : "C";
}

const size = (work: WorkName, precision: Precision, batch: number, dimension: number, width: number): Work => ({
  work,
  precision,
  batch,
  dimension,
  width,
  secondWidth: work === "two-layer" ? 0 : work === "bottleneck" ? 128 : width,
});

/** The sizes of the step table. */
export const stepWorks: readonly Work[] = [
  size("two-layer", "f32", 1024, 8, 1024),
  size("two-layer", "f32", 1024, 32, 4096),
  size("two-layer", "f32", 4096, 32, 16384),
  size("two-layer", "f32", 2048, 128, 4096),
  size("two-layer", "f64", 1024, 32, 4096),
  size("two-layer", "f64", 2048, 128, 4096),
  size("bottleneck", "f32", 1024, 32, 4096),
  size("bottleneck", "f64", 1024, 32, 4096),
  size("dense", "f32", 1024, 32, 512),
  size("dense", "f32", 1024, 32, 2048),
];

/** The sizes of the threads table. */
export const threadWorks: readonly Work[] = [
  size("two-layer", "f32", 1024, 32, 4096),
  size("two-layer", "f32", 4096, 32, 16384),
  size("bottleneck", "f64", 1024, 32, 4096),
];

/**
 * Nominal operations of a step, whatever an implementation saves: 4 B d m for one layer of m neurons on B points in R^d (a product forward, one
 * back), and 6 B m1 m2 more for the layer between two layers (one forward, two back).
 */
export function nominalFlops({ work, batch, dimension, width, secondWidth }: Work): number {
  const first = 4 * batch * dimension * width;
  return work === "dense" ? first + 6 * batch * width * secondWidth : first;
}
