import { createBatchDrawer } from "../../src/dynamics/draw.ts";
import type { DynamicsSpec } from "../../src/dynamics/index.ts";
import { population } from "../../src/dynamics/index.ts";
import { layMemory, type SimulationMemory } from "../../src/dynamics/memory.ts";
import { type BuiltPlan, buildPlan, type StepPlan } from "../../src/dynamics/plan.ts";
import { referenceEngine } from "../../src/engines/index.ts";
import type { LawSpec } from "../../src/laws/index.ts";
import type { NetworkPlan, NetworkSpec } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { buildTarget, type TargetSpec } from "../../src/targets/index.ts";

export interface OneStep {
  readonly law: LawSpec;
  readonly target: TargetSpec;
  readonly network: NetworkPlan;
  readonly dynamics: DynamicsSpec;
}

/** A simulation's memory in float64. */
export type DoubleMemory = SimulationMemory & { readonly particles: Float64Array };

/** A plan with its memory, particles away from the start (where f = 0 and kinks coincide), and the batch of step 0. */
export function prepareStep(
  { law, target: targetSpec, network, dynamics }: OneStep,
  seed: number,
  move: (particles: Readonly<Record<string, Float64Array>>) => void = scatter,
): { built: BuiltPlan; memory: DoubleMemory } {
  const target = buildTarget(targetSpec);
  const plan: StepPlan = {
    network: { ...network, dimension: law.dimension } as NetworkSpec,
    law,
    pieces: target.radial?.pieces ?? null,
    dynamics: { ...dynamics, expectation: dynamics.expectation ?? population() },
    keys: { directions: deriveKey(seed, "directions"), radii: deriveKey(seed, "radii") },
    replica: 0,
    precision: "float64",
  };
  const built = buildPlan(plan, target);
  const memory = layMemory(built, referenceEngine, 1, 1);
  const particles = built.network.start(seed);
  move(particles.arrays);
  memory.particles.set(particles.buffer);
  createBatchDrawer(built, 0, 1).draw(memory.points[0], memory.targets[0], 0);
  if (!(memory.particles instanceof Float64Array)) throw new Error("the reference engine works in float64");
  return { built, memory: { ...memory, particles: memory.particles } };
}

/** Moves every number by up to 0.2: every kink is simple and every a_i differs. */
export function scatter(arrays: Readonly<Record<string, Float64Array>>): void {
  for (const array of Object.values(arrays)) {
    for (let index = 0; index < array.length; index += 1) array[index] += 0.2 * Math.sin(7 * index + array.length);
  }
}

/** Scatters all but the atoms, which stay at v < 0 and b > 0: under a law without moments only such a network has a finite loss. */
export function scatterFirstLayer({ w }: Readonly<Record<string, Float64Array>>): void {
  scatter({ w });
}

/** The velocity at the memory's particles on its first batch, by `parts` kernels that take turns phase by phase. */
export function velocityOf(
  built: BuiltPlan,
  memory: SimulationMemory,
  parts: number,
  weights: Float64Array | null = null,
): Float64Array {
  const { velocity, block, scratch } = memory.velocity;
  // What an earlier velocity left behind must not matter.
  new Float64Array(block.buffer, scratch, Math.floor((block.buffer.byteLength - scratch) / 8)).fill(NaN);
  velocity.fill(NaN);
  const kernels = Array.from({ length: parts }, () => referenceEngine.createKernel(built.problem, memory.velocity));
  for (const kernel of kernels)
    kernel.bind(memory.particles, { points: memory.points[0], targets: memory.targets[0], weights });
  for (let chunk = 0; chunk < kernels[0].chunks; chunk += 1) {
    for (const phase of ["forward", "residual", "backward"] as const) {
      // Backwards, so that a part that relied on an earlier one's work in the same phase would be found out.
      for (let part = parts - 1; part >= 0; part -= 1) kernels[part][phase](chunk, part, parts);
    }
  }
  return Float64Array.from(velocity);
}
