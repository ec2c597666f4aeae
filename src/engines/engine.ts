import type { Law } from "../laws/law.ts";
import type { NetworkSpec } from "../networks/network.ts";
import type { LinearPieces } from "../targets/target.ts";

/**
 * An engine computes velocities: the mean-field gradient of the loss at the particles, for one batch of points.
 *
 * The work of one velocity is cut into chunks of points, and each chunk into three phases with a barrier after the first two:
 * `forward` (over particles), `residual` (over points), `backward` (over particles). A phase is called once by each of `parts` threads; it
 * cuts its work at fixed units whose results do not depend on `parts`, so any number of threads gives the same bits.
 */
export interface Engine {
  readonly name: "reference";
  /** Whether multiply-add rounds once (fused) or twice (plain): part of what makes bits equal. */
  readonly arithmetic: "fused" | "plain";
  /** Scratch that all threads of one simulation share. */
  scratchSize(problem: VelocityProblem): ScratchSize;
  createKernel(problem: VelocityProblem, memory: VelocityMemory): VelocityKernel;
}

/** What a velocity is taken of. */
export interface VelocityProblem {
  readonly network: NetworkSpec;
  /** Points of a batch: samples x_s, or unit directions u_k whose radius is integrated exactly. */
  readonly batch: number;
  readonly expectation: SampledExpectation | RadialExpectation;
  /** Factor on the velocity of each particle array; 0 freezes it. */
  readonly speeds: Readonly<Record<string, number>>;
}

/** Points are samples of the law with targets y_s; each counts 1/batch. */
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

/** Lengths of the shared scratch, in elements. */
export interface ScratchSize {
  readonly doubles: number;
  readonly bytes: number;
}

/** Flat memory of one simulation, shared by its threads. */
export interface VelocityMemory {
  /** Output, in the particles' layout. */
  readonly velocity: Float64Array;
  readonly doubles: Float64Array;
  readonly bytes: Uint8Array;
}

/** The points of one velocity. */
export interface Batch {
  /** batch x dimension, row by row. */
  readonly points: Float64Array;
  /** f* at the points; unused where the radius is integrated. */
  readonly targets: Float64Array;
}

/** A start (inclusive) and end (exclusive) in the flat particle buffer. */
export type OwnedRange = readonly [start: number, end: number];

export interface VelocityKernel {
  readonly chunks: number;
  /** Binds the particles and the batch that the next phases read. */
  bind(particles: Float64Array, batch: Batch): void;
  forward(chunk: number, part: number, parts: number): void;
  residual(chunk: number, part: number, parts: number): void;
  /** After the last chunk the part's own entries of `velocity` are complete: -width * dLoss/dparticle, times the speed. */
  backward(chunk: number, part: number, parts: number): void;
  /** The entries of particle buffer and velocity that this part writes and, in `forward`, alone reads. */
  owned(part: number, parts: number): readonly OwnedRange[];
}
