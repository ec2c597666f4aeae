import { referenceEngine } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import { integrators } from "../numerics/runge-kutta.ts";
import type { TargetSpec } from "../targets/target.ts";
import { createGang, type Gang } from "../threads/gang.ts";
import type { DynamicsSpec } from "./dynamics.ts";
import { type BuiltPlan, layMemory } from "./plan.ts";
import { createShard } from "./shard.ts";

/** Moves one simulation's particles, on this thread or on a gang. */
export interface Stepper {
  /** The particles' flat buffer: read it between calls of `advance`. */
  readonly particles: Float64Array;
  /** Takes `steps` steps from step number `fromStep`; synchronous on one thread. */
  advance(fromStep: number, steps: number): Promise<void> | void;
  close(): Promise<void>;
}

/** Velocities that one step of the dynamics takes. */
export function stageCount(dynamics: DynamicsSpec): number {
  return integrators[dynamics.integrator].weights.length;
}

/**
 * @param initial the particles to start from, copied
 * @param threads 1 steps on the calling thread; more start a gang on shared memory, with the same bits
 */
export function createStepper(built: BuiltPlan, initial: Float64Array, threads: number): Stepper {
  const stages = stageCount(built.plan.dynamics);
  const memory = layMemory(built, referenceEngine, stages, threads > 1);
  memory.particles.set(initial);
  if (threads === 1) {
    const shard = createShard(built, referenceEngine, memory, 0, 1, null);
    return { particles: memory.particles, advance: shard.advance, close: () => Promise.resolve() };
  }
  const target = targetForThreads(built);
  let gang: Gang | null = createGang(threads, "advance-shard");
  return {
    particles: memory.particles,
    async advance(fromStep, steps) {
      await gang?.run({ plan: built.plan, target, memory: memory.buffer, fromStep, steps });
    },
    async close() {
      const closing = gang;
      gang = null;
      await closing?.close();
    },
  };
}

/**
 * The target's data for the threads of a gang, null in the radial modes, where its pieces serve.
 * Throws `unsupported-combination` for a user's function, which cannot be sent.
 */
export function targetForThreads(built: BuiltPlan): TargetSpec | null {
  if (built.problem.expectation.kind !== "sampled") return null;
  const spec = built.target?.spec ?? null;
  if (spec?.kind === "radial-function") {
    throw new MeanfieldError(
      "unsupported-combination",
      "threads: a target given as a function stays in the thread that made it, so expectation=sgd runs it on one thread; use threads=1, or expectation=radial-exact",
      { path: "threads", expected: "1" },
    );
  }
  return spec;
}
