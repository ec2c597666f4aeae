import { describe, expect, it } from "vitest";
import { flow, gradientDescent, type LayerSpeeds, population, radialExact, sgd } from "../../src/dynamics/index.ts";
import { ball, heavyTailed } from "../../src/laws/index.ts";
import { bottleneck, buildNetwork, type Particles, twoLayer } from "../../src/networks/index.ts";
import { hinge, piecewiseLinear } from "../../src/targets/index.ts";
import { particlesAfter } from "./plain-run.ts";

const meanSquare = (values: Float64Array, perParticle = 1) =>
  (perParticle * values.reduce((sum, value) => sum + value * value, 0)) / values.length;

/** What the exact flow conserves, one number for each conserved quantity. */
const invariants = {
  bottleneck: (
    { arrays: { w, v } }: Particles,
    dimension: number,
    { first, second }: Pick<LayerSpeeds, "first" | "second">,
  ) => [second * meanSquare(w, dimension) - 2 * first * meanSquare(v)],
  "two-layer": (
    { arrays: { w, b, a } }: Particles,
    dimension: number,
    { first, second }: Pick<LayerSpeeds, "first" | "second">,
  ) =>
    Array.from(a, (outer, i) => {
      const row = w.subarray(i * dimension, (i + 1) * dimension);
      return first * outer * outer - second * (meanSquare(row, dimension) + b[i] * b[i]);
    }),
};

const cases = [
  {
    name: "bottleneck",
    network: bottleneck({ firstLayerWidth: 24, secondLayerWidth: 3 }),
    law: heavyTailed({ dimension: 4 }),
    target: hinge(),
  },
  {
    name: "bottleneck",
    network: bottleneck({ firstLayerWidth: 11, secondLayerWidth: 3, trainOuterWeights: true }),
    law: ball({ dimension: 3, ballRadius: 2 }),
    target: piecewiseLinear({ knots: [0, 0.5], values: [1, 0.2], finalSlope: 0 }),
  },
  {
    name: "two-layer",
    network: twoLayer({ width: 14 }),
    law: heavyTailed({ dimension: 3, radiusCutoff: 3 }),
    target: hinge(),
  },
] as const;

describe.each(cases)("what the $name network's flow conserves", ({ name, network, law, target }) => {
  const { dimension } = law;
  const start = buildNetwork(network, dimension).start(4);
  const directions = 24;

  /** Largest change of a conserved quantity by the time 1. */
  const drift = (
    stepSize: number,
    layerSpeeds: Pick<LayerSpeeds, "first" | "second">,
    integrator: "euler" | "rungeKutta4",
  ) => {
    const steps = Math.round(1 / stepSize);
    const dynamics = flow({ stepSize, steps, integrator, layerSpeeds, expectation: population({ directions }) });
    const end = particlesAfter({ law, target }, network, dynamics, start);
    const before = invariants[name](start, dimension, layerSpeeds);
    const after = invariants[name](end, dimension, layerSpeeds);
    return Math.max(...after.map((value, index) => Math.abs(value - before[index])));
  };

  it.each([
    { first: 1, second: 1 },
    { first: 0.5, second: 2 },
  ])(
    "drifts by O(stepSize) under gradient descent, half as much at half the step (speeds $first, $second)",
    (speeds) => {
      const drifts = [0.04, 0.02, 0.01].map((stepSize) => drift(stepSize, speeds, "euler"));
      expect(drifts[0]).toBeGreaterThan(1e-7);
      // The ratio is 2 (1 + O(stepSize)), with some noise from switches that pass each other.
      for (let index = 1; index < drifts.length; index += 1) {
        expect(Math.abs(drifts[index - 1] / drifts[index] - 2)).toBeLessThan(0.2);
      }
      // In continuous time nothing is left; Runge-Kutta is close to it, whatever its order at the kinks.
      expect(drift(0.02, speeds, "rungeKutta4")).toBeLessThan(drifts[2] / 100);
    },
  );

  it("is conserved along every sample path too: the identity holds for each batch, not only on average", () => {
    const speeds = { first: 1, second: 1 };
    for (const expectation of [sgd({ batch: 3 }), radialExact({ directions: 3 })]) {
      const change = (stepSize: number) => {
        const end = particlesAfter(
          { law, target },
          network,
          gradientDescent({ stepSize, steps: 1, expectation }),
          start,
        );
        const before = invariants[name](start, dimension, speeds);
        return Math.max(
          ...invariants[name](end, dimension, speeds).map((value, index) => Math.abs(value - before[index])),
        );
      };
      // One step changes it by stepSize^2 times a form in the velocity: exactly a quarter at half the step, up to rounding.
      const large = change(0.1);
      expect(Math.abs(large / change(0.05) - 4)).toBeLessThan(1e-9 / large);
    }
  });
});
