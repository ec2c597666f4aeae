import { createStepper, type DynamicsSpec, population } from "../../src/dynamics/index.ts";
import { buildPlan } from "../../src/dynamics/plan.ts";
import { referenceEngine } from "../../src/engines/index.ts";
import type { LawSpec } from "../../src/laws/index.ts";
import { buildNetwork, type NetworkPlan, type Particles, particlesOn } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { buildTarget, type TargetSpec } from "../../src/targets/index.ts";

/** The particles after all steps of a dynamics (or the first `steps` of them), without records or limits, on this thread. */
export function particlesAfter(
  problem: { readonly law: LawSpec; readonly target: TargetSpec },
  network: NetworkPlan,
  dynamics: DynamicsSpec,
  start: Particles,
  seed = 1,
  steps = dynamics.steps,
): Particles {
  const target = buildTarget(problem.target);
  const built = buildPlan(
    {
      network: buildNetwork(network, problem.law.dimension).spec,
      law: problem.law,
      pieces: target.radial?.pieces ?? null,
      dynamics: { ...dynamics, expectation: dynamics.expectation ?? population() },
      keys: { directions: deriveKey(seed, "training", "directions"), radii: deriveKey(seed, "training", "radii") },
      replica: 0,
      precision: "float64",
    },
    target,
  );
  const stepper = createStepper(built, referenceEngine, start.buffer, 1);
  stepper.advance(0, steps);
  return particlesOn(start.layout, Float64Array.from(stepper.particles));
}
