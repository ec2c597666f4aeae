import { describe, expect, it } from "vitest";
import { layMemory } from "../../src/dynamics/memory.ts";
import { buildPlan } from "../../src/dynamics/plan.ts";
import type { Engine } from "../../src/engines/index.ts";
import { dynamics, laws, networks, targets } from "../../src/index.ts";
import type { NetworkSpec } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { buildTarget } from "../../src/targets/index.ts";
import { compiledEngines } from "./installed.ts";

const dimension = 2;
// Widths about those where the blocks that threads share out become larger.
const widths = [2, 128, 130, 2048, 2050, 8192, 8194];
const cases = [
  ...widths.map((width) => networks.twoLayer({ width })),
  ...widths.map((width, index) =>
    networks.bottleneck({ firstLayerWidth: width, secondLayerWidth: 1 + index, trainOuterWeights: true }),
  ),
  ...widths.map((width, index) => networks.dense({ firstLayerWidth: width, secondLayerWidth: 1 + index })),
].map((network) => ({ title: JSON.stringify(network), network }));

/** Of each number of the particle buffer, how many parts moved it, where the velocity is 1; and whether each part moved what it owns. */
function moveAll(engine: Engine, network: NetworkSpec, parts: number) {
  const law = laws.heavyTailed({ dimension, radiusCutoff: 3 });
  const target = buildTarget(targets.hinge());
  const expectation = dynamics.sgd({ batch: 1 });
  const plan = {
    network: { ...network, dimension } as NetworkSpec,
    law,
    pieces: target.radial?.pieces ?? null,
    dynamics: { ...dynamics.gradientDescent({ stepSize: 1, steps: 1, expectation }), expectation },
    keys: { directions: deriveKey(1, "directions"), radii: deriveKey(1, "radii") },
    replica: 0,
    precision: "float64",
  } as const;
  const built = buildPlan(plan, target);
  const memory = layMemory(built, engine, 1, parts);
  engine.initialize(built.problem, memory.velocity);
  const kernel = engine.createKernel(built.problem, memory.velocity);
  kernel.bind(memory.particles, { points: memory.points[0], targets: memory.targets[0], weights: null });
  memory.velocity.velocity.fill(1);
  memory.particles.fill(0);
  const expected = memory.particles.slice();
  let isAsOwned = true;
  for (let part = 0; part < parts; part += 1) {
    kernel.move(2, part, parts);
    for (const [from, to] of kernel.owned(part, parts)) {
      for (let index = from; index < to; index += 1) expected[index] += 2;
    }
    isAsOwned &&= expected.every((value, index) => value === memory.particles[index]);
  }
  return { isAsOwned, isEachOnce: expected.length > 0 && expected.every((value) => value === 2) };
}

describe.each(compiledEngines())("on $title, $arithmetic", ({ engine }) => {
  it.each(cases)("a part moves what it is said to own, and all parts each number once: $title", ({ network }) => {
    for (const parts of [1, 2, 3, 5]) {
      expect(moveAll(engine, network as NetworkSpec, parts)).toEqual({ isAsOwned: true, isEachOnce: true });
    }
  });
});
