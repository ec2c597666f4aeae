import type { Law } from "../laws/law.ts";
import type { ActivationSpec } from "../networks/activation.ts";
import type { MeasuringKernels } from "../networks/measuring-kernels.ts";
import type { NetworkSpec } from "../networks/network.ts";
import type { DrawKernels } from "../numerics/random/index.ts";
import type { LinearPieces } from "../targets/target.ts";
import type { DeepKernels, DeepMemory } from "./deep.ts";
import type { MatrixKernels } from "./matrices.ts";
import type { MemoryBlock } from "./memory-block.ts";
import type { Precision, Reals } from "./reals.ts";

/** The engines, the fastest first. */
export const engineNames = ["native", "wasm", "reference"] as const;
export type EngineName = (typeof engineNames)[number];

/** Whether a multiply-add rounds once (`fused`) or twice (`plain`): part of what makes bits equal. */
export const arithmetics = ["fused", "plain"] as const;
export type Arithmetic = (typeof arithmetics)[number];

/**
 * An engine computes velocities: the mean-field gradient of the loss at the particles, for one batch of points.
 *
 * The work of one velocity is cut into chunks of points, and each chunk into three phases with a barrier after the first two:
 * `forward` (over particles), `residual` (over points), `backward` (over particles). A phase is called once by each of `parts` threads; it
 * cuts its work at fixed units whose results do not depend on `parts`, so any number of threads gives the same bits.
 */
export interface Engine {
  readonly name: EngineName;
  readonly arithmetic: Arithmetic;
  /** The instruction set in words, such as "AVX-512". */
  readonly instructions: string;
  readonly precisions: readonly Precision[];
  /** Draws of random numbers, bit by bit those of numerics/random; null where TypeScript makes them. */
  readonly draws: DrawKernels | null;
  /** Sums over neurons for measurements and limits, bit by bit those of networks/; null where TypeScript makes them. */
  readonly measuring: MeasuringKernels | null;
  /**
   * Kernels of dense matrices that lie in a block of memory, for thread `part` of those that the block was allocated for.
   *
   * @param record `matrixRecordLength` numbers in that block, which this thread alone uses
   */
  matrices(block: MemoryBlock, record: Float64Array, part: number): MatrixKernels;
  /** Training and values of a deep network; its memory comes from this engine's `allocate`. */
  deep(memory: DeepMemory): DeepKernels;
  /** Most bytes of one simulation's memory that the engine can address; absent: as many as the machine has. */
  readonly largestMemory?: number;
  /** Null, or why the engine cannot compute this problem, as a clause; absent: it can compute all. `auto` then takes the next engine. */
  supports?(problem: VelocityProblem): string | null;
  /** Zeroed memory for one simulation of `bytes` bytes after `start`; other threads can attach to it if `parts` > 1. */
  allocate(bytes: number, parts: number): MemoryBlock;
  /** The block whose `handle` another thread sent. */
  attach(handle: unknown): MemoryBlock;
  /** Scratch that the `parts` threads of one simulation need together. */
  scratchBytes(problem: VelocityProblem, parts: number): number;
  /** Writes what kernels only read to the scratch: called once, before any kernel is created. */
  initialize(problem: VelocityProblem, memory: VelocityMemory): void;
  /** A thread's kernel on the simulation's memory. */
  createKernel(problem: VelocityProblem, memory: VelocityMemory): VelocityKernel;
}

/** An engine that works here, or why it does not: a clause such as "no addon was built for this Node.js". */
export type EngineOffer = { readonly engine: Engine } | { readonly reason: string };

/** What a velocity is taken of. */
export interface VelocityProblem {
  readonly network: NetworkSpec;
  readonly precision: Precision;
  /** sigma of two-layer and dense networks. The bottleneck network and the radial expectation need ReLU. */
  readonly activation: ActivationSpec;
  /** Points of a batch: samples x_s, or unit directions u_k whose radius is integrated exactly. */
  readonly batch: number;
  readonly expectation: SampledExpectation | RadialExpectation;
  /** Factor on the velocity of each particle array; 0 freezes it. */
  readonly speeds: Readonly<Record<string, number>>;
}

/** Points are samples with targets y_s; each counts 1/batch, or what the batch's weights say. */
export interface SampledExpectation {
  readonly kind: "sampled";
  /** Largest mean-field norm of one sample's gradient; longer ones are scaled down to it. Null: no clipping. */
  readonly clip: number | null;
}

/** Points are directions; the radius is integrated through the law's partial moments and the target's linear pieces. */
export interface RadialExpectation {
  readonly kind: "radial";
  readonly law: Law;
  readonly target: LinearPieces;
}

/** Where a kernel works: everything lies in `block.buffer`, at multiples of 64 bytes. */
export interface VelocityMemory {
  readonly block: MemoryBlock;
  /** Number of threads that the scratch was made for. */
  readonly parts: number;
  /** Output, in the particles' layout. */
  readonly velocity: Reals;
  /** First byte of the scratch, `scratchBytes` long. */
  readonly scratch: number;
}

/** The points of one velocity. */
export interface Batch {
  /** batch x dimension, row by row. */
  readonly points: Reals;
  /** f* at the points; unused where the radius is integrated. */
  readonly targets: Reals;
  /**
   * What each sample counts in the expectation, batch numbers >= 0 that need not sum to 1; null: 1/batch each. The loss is
   * 1/2 sum_s weight_s (f(x_s) - y_s)^2. Samples only: directions always count 1/batch.
   */
  readonly weights: Reals | null;
}

/** A start (inclusive) and end (exclusive) in the flat particle buffer. */
export type OwnedRange = readonly [start: number, end: number];

export interface VelocityKernel {
  readonly chunks: number;
  /** Binds the particles and the batch that the next phases read. */
  bind(particles: Reals, batch: Batch): void;
  forward(chunk: number, part: number, parts: number): void;
  residual(chunk: number, part: number, parts: number): void;
  /** After the last chunk the part's own entries of `velocity` are complete: -width * dLoss/dparticle, times the speed. */
  backward(chunk: number, part: number, parts: number): void;
  /** Adds stepSize * velocity to the bound particles on the part's own entries. */
  move(stepSize: number, part: number, parts: number): void;
  /** The entries of particle buffer and velocity that this part writes and, in `forward`, alone reads. */
  owned(part: number, parts: number): readonly OwnedRange[];
}
