import { describe, expect, it } from "vitest";
import { flow, gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import { ball, heavyTailed, type LawSpec } from "../../src/laws/index.ts";
import {
  bottleneck,
  createPieceBuffer,
  linearPiecesOf,
  type NetworkPlan,
  particlesOn,
  twoLayer,
} from "../../src/networks/index.ts";
import { ballIndicator, hinge, type TargetSpec } from "../../src/targets/index.ts";
import { prepareStep, velocityOf } from "./one-step.ts";

const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 70, secondLayerWidth: 5, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 70 }),
};
const samples = (batch: number, clip: number | null = null) =>
  gradientDescent({ stepSize: 0.1, steps: 1, expectation: sgd({ batch }), clip });
const rays = (directions: number) =>
  flow({ stepSize: 0.1, steps: 1, integrator: "euler", expectation: population({ directions }) });

describe.each(Object.keys(networks))("weighted samples of the %s network", (name) => {
  const network = networks[name];

  it.each<[string, LawSpec, TargetSpec]>([
    ["ball, hinge", ball({ dimension: 3, ballRadius: 1.7 }), hinge()],
    ["heavy-tailed law with cutoff, hinge", heavyTailed({ dimension: 3, radiusCutoff: 2 }), hinge()],
    ["ball, jump", ball({ dimension: 4, ballRadius: 1.5 }), ballIndicator({ radius: 0.8 })],
  ])(
    "on Gauss panels of the radius, cut at every kink, give the velocity of the exact radius (%s)",
    (_name, law, target) => {
      const directions = 9;
      const exact = prepareStep({ law, target, network, dynamics: rays(directions) }, 5);
      const { dimension } = law;
      const view = particlesOn(exact.built.network.layout, Float64Array.from(exact.memory.particles));
      const unit = Float64Array.from(exact.memory.points[0]);
      const bundle = exact.built.network.along(view, unit, directions);
      const pieces = createPieceBuffer(bundle.capacity);
      const { radius } = exact.built.law;
      if (radius === null || exact.built.target?.radial == null) throw new Error("law and target are radial");
      const { breaks } = exact.built.target.radial;
      const points: number[] = [];
      const weights: number[] = [];
      for (let ray = 0; ray < directions; ray += 1) {
        linearPiecesOf(bundle)(ray, pieces);
        const kinks = [...pieces.starts.subarray(1, pieces.count)].filter((kink) => kink < radius.upper);
        const rule = radius.rule(
          [...new Set([...breaks, ...kinks])].sort((left, right) => left - right),
          12,
        );
        rule.nodes.forEach((node, index) => {
          weights.push(rule.weights[index] / directions);
          for (let k = 0; k < dimension; k += 1) points.push(node * unit[ray * dimension + k]);
        });
      }
      const sampled = prepareStep({ law, target, network, dynamics: samples(weights.length) }, 5);
      sampled.memory.points[0].set(points);
      for (let s = 0; s < weights.length; s += 1) {
        sampled.memory.targets[0][s] = exact.built.target.value(Float64Array.from(points), s * dimension, dimension);
      }
      const expected = velocityOf(exact.built, exact.memory, 1);
      const found = velocityOf(sampled.built, sampled.memory, 1, Float64Array.from(weights));
      const scale = Math.max(...expected.map(Math.abs));
      let worst = 0;
      for (let index = 0; index < found.length; index += 1)
        worst = Math.max(worst, Math.abs(found[index] - expected[index]) / scale);
      // Twelve nodes a panel are exact for the densities of balls, and all but exact for the oscillating one (1e-13): what is left is rounding.
      expect(worst).toBeLessThan(1e-12);
    },
  );

  it("of 1/batch each have the bits of samples without weights, in any number of parts", () => {
    const batch = 150;
    const step = {
      law: ball({ dimension: 3, ballRadius: 2 }),
      target: hinge(),
      network,
      dynamics: samples(batch, 0.4),
    };
    const { built, memory } = prepareStep(step, 3);
    const plain = velocityOf(built, memory, 1);
    const even = new Float64Array(batch).fill(1 / batch);
    for (const parts of [1, 2, 3, 4]) expect(velocityOf(built, memory, parts, even)).toEqual(plain);
  });

  it("add up: the velocity is the weighted sum of the single samples' clipped velocities", () => {
    const batch = 19;
    const clip = 0.3;
    const step = {
      law: ball({ dimension: 3, ballRadius: 2 }),
      target: hinge(),
      network,
      dynamics: samples(batch, clip),
    };
    const { built, memory } = prepareStep(step, 3);
    const weights = Float64Array.from({ length: batch }, (_, s) => (s % 5 === 0 ? 0 : 1 + Math.sin(s)));
    const found = velocityOf(built, memory, 1, weights);
    const single = prepareStep({ ...step, dynamics: samples(1, clip) }, 3);
    const sum = new Float64Array(found.length);
    for (let s = 0; s < batch; s += 1) {
      single.memory.points[0].set(memory.points[0].subarray(3 * s, 3 * s + 3));
      single.memory.targets[0][0] = memory.targets[0][s];
      const velocity = velocityOf(single.built, single.memory, 1);
      for (let index = 0; index < sum.length; index += 1) sum[index] += weights[s] * velocity[index];
    }
    const scale = Math.max(...sum.map(Math.abs));
    for (let index = 0; index < sum.length; index += 1)
      expect(Math.abs(found[index] - sum[index])).toBeLessThan(1e-13 * scale);
  });
});
