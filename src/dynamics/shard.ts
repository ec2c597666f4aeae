import type { Engine, OwnedRange } from "../engines/engine.ts";
import type { Reals } from "../engines/reals.ts";
import { drawWith } from "../numerics/random/index.ts";
import { integrators } from "../numerics/runge-kutta.ts";
import type { Barrier } from "../threads/barrier.ts";
import { type AdamStep, createAdamStep } from "./adam-step.ts";
import { createDiffusion } from "./diffusion.ts";
import { createBatchDrawer } from "./draw.ts";
import { hasFixedPoints } from "./fixed-samples.ts";
import type { SimulationMemory } from "./memory.ts";
import type { BuiltPlan } from "./plan.ts";

/** One thread's share of a simulation; a simulation on one thread is a single shard without a barrier. */
export interface Shard {
  /** Takes `steps` steps from step number `fromStep`: moves this part's particles, in lockstep with the other parts. */
  advance(fromStep: number, steps: number): void;
}

/**
 * The step itself, the same code for any number of threads.
 *
 * Two barriers a chunk of points: forward | residual | backward. The next step's batch is drawn in the residual phase into the other of two
 * buffers; the update touches only what this part owns. So no third barrier is needed, and nothing is allocated.
 */
export function createShard(
  built: BuiltPlan,
  engine: Engine,
  memory: SimulationMemory,
  part: number,
  parts: number,
  barrier: Barrier | null,
): Shard {
  const { dynamics } = built.plan;
  const tableau = integrators[dynamics.integrator];
  const { particles, stage, stageVelocities, points, targets } = memory;
  const { velocity } = memory.velocity;
  drawWith(engine.draws);
  const kernel = engine.createKernel(built.problem, memory.velocity);
  const batches = [
    { points: points[0], targets: targets[0], weights: null },
    { points: points[1], targets: targets[1], weights: null },
  ] as const;
  const drawer = createBatchDrawer(built, part, parts);
  const owned = kernel.owned(part, parts);
  const isFixed = hasFixedPoints(dynamics.expectation);
  const stages = tableau.weights.length;
  const diffusion = createDiffusion(built, owned);
  const takeAdamStep = adamStepOf(built, memory, owned);

  /** Velocity at `at`; in the first residual phase, `drawNext` is the step whose batch is drawn on the side, or -1. */
  function evaluate(at: Reals, batch: number, drawNext: number): void {
    kernel.bind(at, batches[batch]);
    for (let chunk = 0; chunk < kernel.chunks; chunk += 1) {
      kernel.forward(chunk, part, parts);
      barrier?.wait();
      kernel.residual(chunk, part, parts);
      if (chunk === 0 && drawNext >= 0) drawer.draw(points[1 - batch], targets[1 - batch], drawNext);
      barrier?.wait();
      kernel.backward(chunk, part, parts);
    }
  }

  function takeEulerStep(step: number, stepSize: number, batch: number, drawNext: number): void {
    evaluate(particles, batch, drawNext);
    // The velocity is that of the particles before the step, and so is the decay.
    diffusion?.apply(particles, step, stepSize);
    if (takeAdamStep !== null) takeAdamStep(step, stepSize);
    else kernel.move(stepSize, part, parts);
  }

  function takeMultiStageStep(stepSize: number, batch: number): void {
    for (let number = 0; number < stages; number += 1) {
      const row = tableau.matrix[number];
      for (const [start, end] of owned) {
        for (let index = start; index < end; index += 1) {
          let sum = 0;
          for (let earlier = 0; earlier < number; earlier += 1) sum += row[earlier] * stageVelocities[earlier][index];
          stage[index] = particles[index] + stepSize * sum;
        }
      }
      evaluate(stage, batch, -1);
      for (const [start, end] of owned) {
        for (let index = start; index < end; index += 1) stageVelocities[number][index] = velocity[index];
      }
    }
    for (const [start, end] of owned) {
      for (let index = start; index < end; index += 1) {
        let sum = 0;
        for (let number = 0; number < stages; number += 1) {
          sum += tableau.weights[number] * stageVelocities[number][index];
        }
        particles[index] += stepSize * sum;
      }
    }
  }

  return {
    advance(fromStep, steps) {
      const first = isFixed ? 0 : fromStep & 1;
      drawer.draw(points[first], targets[first], fromStep);
      barrier?.wait();
      for (let step = fromStep; step < fromStep + steps; step += 1) {
        const stepSize = built.clock.stepSize(step);
        const batch = isFixed ? 0 : step & 1;
        const isLast = step + 1 === fromStep + steps;
        if (stages > 1) takeMultiStageStep(stepSize, batch);
        else takeEulerStep(step, stepSize, batch, isFixed || isLast ? -1 : step + 1);
      }
    },
  };
}

/** Adam's rule on the owned entries; null for dynamics that move along the velocity itself. */
function adamStepOf(built: BuiltPlan, memory: SimulationMemory, owned: readonly OwnedRange[]): AdamStep | null {
  const { moments } = built.plan.dynamics;
  if (moments === null) return null;
  const { length, arrays } = built.network.layout;
  return createAdamStep(
    moments,
    {
      particles: memory.particles,
      velocity: memory.velocity.velocity,
      mean: memory.moments.subarray(0, length),
      meanSquare: memory.moments.subarray(length),
    },
    arrays.map(({ name, ...place }) => ({ ...place, speed: built.speeds[name] })),
    owned,
  );
}
