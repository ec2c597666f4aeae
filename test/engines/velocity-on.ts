import { createBatchDrawer } from "../../src/dynamics/draw.ts";
import { population } from "../../src/dynamics/index.ts";
import { layMemory } from "../../src/dynamics/memory.ts";
import { buildPlan, type StepPlan } from "../../src/dynamics/plan.ts";
import type { Engine, Precision, Reals } from "../../src/engines/index.ts";
import type { NetworkSpec } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { buildTarget } from "../../src/targets/index.ts";
import { type OneStep, scatter } from "./one-step.ts";

export interface VelocityOptions {
  readonly precision?: Precision;
  /** Kernels that take turns phase by phase, as threads would. */
  readonly parts?: number;
  readonly seed?: number;
  /** Gives each sample of the batch a weight of its own. */
  readonly isWeighted?: boolean;
}

/** The velocity that an engine finds at scattered particles on the batch of step 0, and the particles after a step of size 0.5. */
export function velocityOn(
  engine: Engine,
  { law, target: targetSpec, network, dynamics }: OneStep,
  { precision = "float64", parts = 1, seed = 1, isWeighted = false }: VelocityOptions = {},
): { readonly velocity: Reals; readonly moved: Reals } {
  const target = buildTarget(targetSpec);
  const plan: StepPlan = {
    network: { ...network, dimension: law.dimension } as NetworkSpec,
    law,
    pieces: target.radial?.pieces ?? null,
    dynamics: { ...dynamics, expectation: dynamics.expectation ?? population() },
    keys: { directions: deriveKey(seed, "directions"), radii: deriveKey(seed, "radii") },
    replica: 0,
    precision,
  };
  const built = buildPlan(plan, target);
  const memory = layMemory(built, engine, 1, parts);
  const { block, velocity } = memory.velocity;
  // What lay in the memory before must not matter.
  new Uint8Array(block.buffer, block.start).fill(0xff);
  const particles = built.network.start(seed);
  scatter(particles.arrays);
  memory.particles.set(particles.buffer);
  engine.initialize(built.problem, memory.velocity);
  createBatchDrawer(built, 0, 1).draw(memory.points[0], memory.targets[0], 0);
  const { batch } = built.problem;
  const weights = isWeighted ? memory.targets[1] : null;
  for (let sample = 0; sample < (weights?.length ?? 0); sample += 1) {
    memory.targets[1][sample] = (1 + Math.sin(sample)) / batch;
  }
  const kernels = Array.from({ length: parts }, () => engine.createKernel(built.problem, memory.velocity));
  for (const kernel of kernels) {
    kernel.bind(memory.particles, { points: memory.points[0], targets: memory.targets[0], weights });
  }
  const { chunks } = kernels[0];
  // Backwards, so that a part that relied on an earlier one's work in the same phase would be found out.
  const each = (run: (part: number) => void): void => {
    for (let part = parts - 1; part >= 0; part -= 1) run(part);
  };
  each((part) => kernels[part].forward(0, part, parts));
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    each((part) => kernels[part].residual(chunk, part, parts));
    each((part) => {
      kernels[part].backward(chunk, part, parts);
      if (chunk === chunks - 1) kernels[part].move(0.5, part, parts);
      // A thread that is ahead moves its particles and begins the next forward phase while another has not begun this backward phase.
      kernels[part].forward((chunk + 1) % chunks, part, parts);
    });
  }
  return { velocity: velocity.slice(), moved: memory.particles.slice() };
}
