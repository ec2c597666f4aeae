import { describe, expect, it } from "vitest";
import { createBatchDrawer } from "../../src/dynamics/draw.ts";
import { type DynamicsSpec, flow, gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import { buildPlan, layMemory, type StepPlan } from "../../src/dynamics/plan.ts";
import { referenceEngine } from "../../src/engines/index.ts";
import { heavyTailed } from "../../src/laws/index.ts";
import { bottleneck, type NetworkPlan, type NetworkSpec, twoLayer } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";
import { batchLoss } from "./loss-oracle.ts";

const dimension = 3;
const law = heavyTailed({ dimension, radiusCutoff: 3 });

/** Builds a step in a random state (not the start, where f = 0) and its velocity over all chunks on `parts` parts. */
function velocityAt(network: NetworkPlan, dynamics: DynamicsSpec, parts: number, seed: number) {
  const target = buildTarget(hinge());
  const plan: StepPlan = {
    network: { ...network, dimension } as NetworkSpec,
    law,
    pieces: target.radial?.pieces ?? null,
    dynamics: { ...dynamics, expectation: dynamics.expectation ?? population() },
    keys: { directions: deriveKey(seed, "directions"), radii: deriveKey(seed, "radii") },
    replica: 0,
  };
  const built = buildPlan(plan, target);
  const memory = layMemory(built, referenceEngine, 1, false);
  memory.particles.set(built.network.start(seed).buffer);
  // Away from the symmetric start every kink is simple and every a_i differs.
  for (let index = 0; index < memory.particles.length; index += 1) {
    memory.particles[index] += 0.2 * Math.sin(7 * index + seed);
  }
  createBatchDrawer(built, 0, 1).draw(memory.points[0], memory.targets[0], 0);
  const kernels = Array.from({ length: parts }, () =>
    referenceEngine.createKernel(built.problem, {
      velocity: memory.velocity,
      doubles: memory.scratchDoubles,
      bytes: memory.scratchBytes,
    }),
  );
  for (const kernel of kernels) kernel.bind(memory.particles, { points: memory.points[0], targets: memory.targets[0] });
  for (let chunk = 0; chunk < kernels[0].chunks; chunk += 1) {
    for (const phase of ["forward", "residual", "backward"] as const) {
      kernels.forEach((kernel, part) => {
        kernel[phase](chunk, part, parts);
      });
    }
  }
  return { built, memory };
}

const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 70, secondLayerWidth: 5, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 70 }),
};
const modes: Record<string, DynamicsSpec> = {
  sgd: gradientDescent({ stepSize: 0.1, steps: 1, expectation: sgd({ batch: 150 }) }),
  population: flow({ stepSize: 0.1, steps: 1, integrator: "euler", expectation: population({ directions: 30 }) }),
};

describe.each(Object.keys(networks))("the velocity of the %s network", (name) => {
  it.each(Object.keys(modes))("is -width times the finite-difference gradient of the loss in %s mode", (mode) => {
    const { built, memory } = velocityAt(networks[name], modes[mode], 1, 5);
    const { layout } = built.network;
    let worst = 0;
    for (const array of layout.arrays) {
      const scale = Math.max(...memory.velocity.subarray(array.offset, array.offset + array.length).map(Math.abs));
      for (let sample = 0; sample < 12; sample += 1) {
        const index = array.offset + ((sample * 37) % array.length);
        const step = 1e-5;
        const at = memory.particles[index];
        const shifted = (by: number) => {
          memory.particles[index] = at + by;
          return batchLoss(built, memory.particles, memory.points[0], memory.targets[0]);
        };
        // Central differences of step h and h/2, extrapolated: error O(h^4).
        const coarse = (shifted(2 * step) - shifted(-2 * step)) / (4 * step);
        const fine = (shifted(step) - shifted(-step)) / (2 * step);
        memory.particles[index] = at;
        const gradient = (4 * fine - coarse) / 3;
        const width = array.shape[0];
        worst = Math.max(worst, Math.abs(memory.velocity[index] + width * gradient) / scale);
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it.each(Object.keys(modes))("has the same bits on 1, 2, 3 and 4 parts in %s mode", (mode) => {
    const alone = velocityAt(networks[name], modes[mode], 1, 5).memory.velocity;
    for (const parts of [2, 3, 4]) {
      expect([...velocityAt(networks[name], modes[mode], parts, 5).memory.velocity]).toEqual([...alone]);
    }
  });
});
