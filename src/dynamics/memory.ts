import type { Engine, VelocityMemory } from "../engines/engine.ts";
import type { MemoryBlock } from "../engines/memory-block.ts";
import type { Precision, Reals } from "../engines/reals.ts";
import type { BuiltPlan } from "./plan.ts";

/** Where the arrays of one simulation lie in its single block of memory. */
export interface SimulationMemory {
  readonly block: MemoryBlock;
  readonly particles: Reals;
  /** Particles of a Runge-Kutta stage, and the stages' velocities. */
  readonly stage: Reals;
  readonly stageVelocities: readonly Reals[];
  /** Adam's running mean of gradients, then that of their squares, each in the particles' layout; empty for every other dynamics. */
  readonly moments: Reals;
  /** Two batches, so that the next one is drawn while this one is in use. */
  readonly points: readonly [Reals, Reals];
  readonly targets: readonly [Reals, Reals];
  /** What the engine works on. */
  readonly velocity: VelocityMemory;
}

/** Arrays start at multiples of the largest vector register. */
const alignment = 64;

/**
 * Lays the simulation's arrays out for `parts` threads, in `handle`'s block of memory if another thread has sent one, else in a new one.
 *
 * @throws RangeError where a new block cannot be had; `simulationBytes` tells beforehand how large it is
 */
export function layMemory(
  built: BuiltPlan,
  engine: Engine,
  stages: number,
  parts: number,
  handle?: unknown,
): SimulationMemory {
  const { precision } = built.problem;
  const { lengths, offsets, scratch, bytes } = layout(built, engine, stages, parts);
  const block = handle === undefined ? engine.allocate(bytes, parts) : engine.attach(handle);
  const views = lengths.map((reals, index) => viewOf(block, precision, block.start + offsets[index], reals));
  return {
    block,
    particles: views[0],
    stage: views[1],
    points: [views[3], views[4]],
    targets: [views[5], views[6]],
    moments: views[7],
    stageVelocities: views.slice(8),
    velocity: { block, parts, velocity: views[2], scratch: block.start + scratch },
  };
}

/** Bytes of a simulation's block of memory by what they are for. */
export interface SimulationBytes {
  /** Particles, their velocities, moments and stages. */
  readonly particles: number;
  /** Two batches of points with their targets. */
  readonly batch: number;
  /** What the engine needs besides. */
  readonly scratch: number;
  /** All of them, with the gaps between arrays. */
  readonly total: number;
}

/** The bytes that `layMemory` will ask the engine for; allocates nothing. */
export function simulationBytes(built: BuiltPlan, engine: Engine, stages: number, parts: number): SimulationBytes {
  const { lengths, scratch, bytes } = layout(built, engine, stages, parts);
  const size = bytesOf(built.problem.precision);
  const sum = (reals: readonly number[]) => size * reals.reduce((total, length) => total + length, 0);
  const batch = sum(lengths.slice(3, 7));
  return { particles: sum(lengths) - batch, batch, scratch: bytes - scratch, total: bytes };
}

/** Lengths and first bytes of the arrays in their order, the first byte of the scratch, and the bytes of all. */
function layout(built: BuiltPlan, engine: Engine, stages: number, parts: number) {
  const { length } = built.network.layout;
  const { batch, precision } = built.problem;
  const isMultiStage = stages > 1;
  const size = bytesOf(precision);
  const lengths = [
    length,
    isMultiStage ? length : 0,
    length,
    batch * built.law.dimension,
    batch * built.law.dimension,
    batch,
    batch,
    built.plan.dynamics.moments === null ? 0 : 2 * length,
    ...Array.from({ length: isMultiStage ? stages : 0 }, () => length),
  ];
  const offsets: number[] = [];
  let end = 0;
  for (const reals of lengths) {
    offsets.push(end);
    end += alignment * Math.ceil((size * reals) / alignment);
  }
  return { lengths, offsets, scratch: end, bytes: end + engine.scratchBytes(built.problem, parts) };
}

/** Bytes of one number. */
function bytesOf(precision: Precision): number {
  return precision === "float64" ? 8 : 4;
}

function viewOf({ buffer }: MemoryBlock, precision: Precision, offset: number, length: number): Reals {
  return precision === "float64" ? new Float64Array(buffer, offset, length) : new Float32Array(buffer, offset, length);
}
