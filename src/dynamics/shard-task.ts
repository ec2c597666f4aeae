import { type EngineIdentity, findEngine } from "../engines/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { TargetSpec } from "../targets/target.ts";
import { createBarrier } from "../threads/barrier.ts";
import type { GangPlace } from "../threads/gang.ts";
import { stageCount } from "./dynamics.ts";
import { layMemory } from "./memory.ts";
import { buildPlan, type StepPlan } from "./plan.ts";
import { createShard, type Shard } from "./shard.ts";

/** What one thread of a gang is asked: go on by `steps` steps. */
export interface ShardTask extends GangPlace {
  readonly plan: StepPlan;
  /** The target for samples; null in the radial modes, where the plan's pieces serve. */
  readonly target: TargetSpec | null;
  readonly engine: EngineIdentity;
  /** The memory block's handle. */
  readonly memory: unknown;
  readonly fromStep: number;
  readonly steps: number;
}

/** Shards that this thread has built, by gang: a thread serves one gang for its whole life, a gang one simulation. */
const shards = new Map<number, Shard>();

/** Advances this thread's shard; builds it on the first call. */
export function advanceShard(task: ShardTask): void {
  let shard = shards.get(task.gang);
  if (shard === undefined) {
    const built = buildPlan(task.plan, task.target === null ? null : buildTarget(task.target));
    const engine = findEngine(task.engine);
    const memory = layMemory(built, engine, stageCount(task.plan.dynamics), task.parts, task.memory);
    const barrier = createBarrier(new Int32Array(task.control), task.parts);
    shard = createShard(built, engine, memory, task.part, task.parts, barrier);
    shards.set(task.gang, shard);
  }
  shard.advance(task.fromStep, task.steps);
}
