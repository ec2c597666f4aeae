import type { DrawKernels } from "../../numerics/random/index.ts";
import type { MemoryBlock } from "../memory-block.ts";

/**
 * The entry points of kernels/kernels.h, bound to one simulation's memory. Addresses are bytes from the start of the block's buffer;
 * `weights` is 0 where there are none.
 */
export interface BlockKernels {
  chunkCount(problem: number): number;
  forward: Phase;
  residual: Phase;
  backward: Phase;
  move(problem: number, particles: number, part: number, parts: number, stepSize: number): void;
  /** Runs the sum of kernels/measuring.h whose record stands at `job`. */
  measure(job: number): void;
  /** Runs the work of kernels/matrices.h whose record stands at `job`, on the stack of thread `part`. */
  matrix(job: number, part: number): void;
  /** Runs the work of kernels/deep.h whose record stands at `job`. */
  deep(job: number): void;
}

export type Phase = (
  problem: number,
  particles: number,
  points: number,
  targets: number,
  weights: number,
  chunk: number,
  part: number,
  parts: number,
) => void;

/** Compiled kernels of one instruction set and arithmetic. */
export interface KernelLibrary {
  /** Scratch bytes of the problem whose record is given. */
  scratchBytes(record: Float64Array): number;
  allocate(bytes: number, parts: number): MemoryBlock;
  attach(handle: unknown): MemoryBlock;
  bind(block: MemoryBlock): BlockKernels;
  readonly draws: DrawKernels;
}
