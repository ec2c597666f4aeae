import type { Engine, Reals } from "../engines/index.ts";
import { MeanfieldError } from "../errors.ts";
import { unscaled } from "../targets/scaled.ts";
import type { TargetSpec } from "../targets/target.ts";
import { createGang, type Gang, type GangPlace } from "../threads/gang.ts";
import { stageCount } from "./dynamics.ts";
import { layMemory } from "./memory.ts";
import type { BuiltPlan } from "./plan.ts";
import { createShard } from "./shard.ts";
import type { ShardTask } from "./shard-task.ts";

/** Moves one simulation's particles, on this thread or on a gang. */
export interface Stepper {
  /** The particles' flat buffer: read it between calls of `advance`. */
  readonly particles: Float64Array;
  /** What the dynamics remembers besides, as `SimulationMemory` lays it out; empty where it remembers nothing. */
  readonly moments: Float64Array;
  /** Takes `steps` steps from step number `fromStep`; synchronous on one thread. */
  advance(fromStep: number, steps: number): Promise<void> | void;
  close(): Promise<void>;
}

/**
 * @param engine computes the velocities; it must know the plan's precision
 * @param initial the particles to start from, copied (and rounded, in float32)
 * @param threads 1 steps on the calling thread; more start a gang on shared memory, with the same bits
 * @param moments to go on from, copied; by default those of the first step, all 0
 */
export function createStepper(
  built: BuiltPlan,
  engine: Engine,
  initial: Float64Array,
  threads: number,
  moments: Float64Array = new Float64Array(),
): Stepper {
  const stages = stageCount(built.plan.dynamics);
  const memory = layMemory(built, engine, stages, threads);
  memory.particles.set(initial);
  memory.moments.set(moments);
  engine.initialize(built.problem, memory.velocity);
  const shown = inDoubles(memory.particles);
  const remembered = inDoubles(memory.moments);
  if (threads === 1) {
    const shard = createShard(built, engine, memory, 0, 1, null);
    return {
      particles: shown.values,
      moments: remembered.values,
      advance(fromStep, steps) {
        shard.advance(fromStep, steps);
        shown.refresh();
        remembered.refresh();
      },
      close: () => Promise.resolve(),
    };
  }
  const target = targetForThreads(built);
  const { name, arithmetic } = engine;
  let gang: Gang | null = createGang(threads, "advance-shard");
  return {
    particles: shown.values,
    moments: remembered.values,
    async advance(fromStep, steps) {
      const task = { plan: built.plan, target, engine: { name, arithmetic }, memory: memory.block.handle };
      await gang?.run({ ...task, fromStep, steps } satisfies Omit<ShardTask, keyof GangPlace>);
      shown.refresh();
      remembered.refresh();
    },
    async close() {
      const closing = gang;
      gang = null;
      await closing?.close();
    },
  };
}

/** Numbers as doubles: the engine's own array in float64, a copy to be refreshed in float32. */
function inDoubles(reals: Reals): { readonly values: Float64Array; refresh(): void } {
  if (reals instanceof Float64Array) return { values: reals, refresh() {} };
  const copy = Float64Array.from(reals);
  return { values: copy, refresh: () => copy.set(reals) };
}

/**
 * The target's data for the threads of a gang, null in the radial modes, where its pieces serve.
 * Throws `unsupported-combination` for a user's function, which cannot be sent.
 */
export function targetForThreads(built: BuiltPlan): TargetSpec | null {
  if (built.problem.expectation.kind !== "sampled") return null;
  const spec = built.target?.spec ?? null;
  if (spec !== null && unscaled(spec).kind === "radial-function") {
    throw new MeanfieldError(
      "unsupported-combination",
      "threads: a target given as a function stays in the thread that made it, so a mean over samples runs it on one thread; use threads=1, or expectation=radial-exact",
      { path: "threads", expected: "1" },
    );
  }
  return spec;
}
