import type { OwnedRange, VelocityKernel } from "../engine.ts";

/** Flat memory of one simulation, shared by its threads. */
export interface ReferenceMemory {
  readonly velocity: Float64Array;
  readonly doubles: Float64Array;
  readonly bytes: Uint8Array;
}

/** A kernel of this engine: float64 only, and moved by a plain loop. */
export interface ReferenceKernel extends Omit<VelocityKernel, "bind" | "move"> {
  bind(particles: Float64Array, batch: ReferenceBatch): void;
}

/** A batch in double precision. */
export interface ReferenceBatch {
  readonly points: Float64Array;
  readonly targets: Float64Array;
  readonly weights: Float64Array | null;
}

/** Lengths of the shared scratch, in elements. */
export interface ScratchSize {
  readonly doubles: number;
  readonly bytes: number;
}

/** particles += stepSize * velocity on the given ranges. */
export function moveParticles(
  particles: Float64Array,
  velocity: Float64Array,
  stepSize: number,
  ranges: readonly OwnedRange[],
): void {
  for (const [start, end] of ranges) {
    for (let index = start; index < end; index += 1) particles[index] += stepSize * velocity[index];
  }
}

/** Adds up the arrays that a kernel shares between threads, and hands out views in the same order. */
export interface ScratchPlan {
  readonly doubles: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, number>>;
}

/** Lengths of the shared scratch that a plan needs. */
export function scratchSizeOf(plan: ScratchPlan): ScratchSize {
  return { doubles: total(plan.doubles), bytes: total(plan.bytes) };
}

/** The plan's arrays as views of the shared scratch. */
export function scratchViews<Plan extends ScratchPlan>(
  plan: Plan,
  memory: ReferenceMemory,
): { [Name in keyof Plan["doubles"]]: Float64Array } & { [Name in keyof Plan["bytes"]]: Uint8Array } {
  const views: Record<string, Float64Array | Uint8Array> = {};
  let offset = 0;
  for (const [name, length] of Object.entries(plan.doubles)) {
    views[name] = memory.doubles.subarray(offset, offset + length);
    offset += length;
  }
  offset = 0;
  for (const [name, length] of Object.entries(plan.bytes)) {
    views[name] = memory.bytes.subarray(offset, offset + length);
    offset += length;
  }
  return views as { [Name in keyof Plan["doubles"]]: Float64Array } & { [Name in keyof Plan["bytes"]]: Uint8Array };
}

function total(lengths: Readonly<Record<string, number>>): number {
  return Object.values(lengths).reduce((sum, length) => sum + length, 0);
}
