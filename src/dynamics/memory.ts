import type { Engine, MemoryBlock, Precision, Reals, VelocityMemory } from "../engines/engine.ts";
import type { BuiltPlan } from "./plan.ts";

/** Where the arrays of one simulation lie in its single block of memory. */
export interface SimulationMemory {
  readonly block: MemoryBlock;
  readonly particles: Reals;
  /** Particles of a Runge-Kutta stage, and the stages' velocities. */
  readonly stage: Reals;
  readonly stageVelocities: readonly Reals[];
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
 * @throws MeanfieldError `out-of-memory` where a new block is larger than what can be had
 */
export function layMemory(
  built: BuiltPlan,
  engine: Engine,
  stages: number,
  parts: number,
  handle?: unknown,
): SimulationMemory {
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
    ...Array.from({ length: isMultiStage ? stages : 0 }, () => length),
  ];
  const offsets: number[] = [];
  let end = 0;
  for (const reals of lengths) {
    offsets.push(end);
    end += alignment * Math.ceil((size * reals) / alignment);
  }
  const bytes = end + engine.scratchBytes(built.problem, parts);
  const block = handle === undefined ? engine.allocate(bytes, parts) : engine.attach(handle);
  const views = lengths.map((reals, index) => viewOf(block, precision, block.start + offsets[index], reals));
  return {
    block,
    particles: views[0],
    stage: views[1],
    points: [views[3], views[4]],
    targets: [views[5], views[6]],
    stageVelocities: views.slice(7),
    velocity: { block, parts, velocity: views[2], scratch: block.start + end },
  };
}

/** Bytes of one number. */
function bytesOf(precision: Precision): number {
  return precision === "float64" ? 8 : 4;
}

function viewOf({ buffer }: MemoryBlock, precision: Precision, offset: number, length: number): Reals {
  return precision === "float64" ? new Float64Array(buffer, offset, length) : new Float32Array(buffer, offset, length);
}
