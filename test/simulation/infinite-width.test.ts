import { describe, expect, it } from "vitest";
import { flow, gradientDescent, population, radialExact } from "../../src/dynamics/index.ts";
import { gaussian, heavyTailed, type LawSpec } from "../../src/laws/index.ts";
import {
  bottleneck as bottleneckLimit,
  buildNetworkLimit,
  type LimitSpec,
  twoLayer as twoLayerLimit,
} from "../../src/limits/index.ts";
import { bottleneck, bottleneckAlpha, type NetworkPlan, particlesOn, twoLayer } from "../../src/networks/index.ts";
import { fitLine } from "../../src/numerics/index.ts";
import { simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";
import { prepareStep, velocityOf } from "../engines/one-step.ts";

describe("a wide network beside its limit", () => {
  it.each<[string, LawSpec, LimitSpec, (width: number) => NetworkPlan, number[], number]>([
    [
      "bottleneck, heavy-tailed without cutoff",
      heavyTailed({ dimension: 3 }),
      bottleneckLimit({ tolerance: null }),
      (width) => bottleneck({ firstLayerWidth: width, secondLayerWidth: 2 }),
      [12, 24, 48, 96],
      0.25,
    ],
    [
      "two-layer, Gaussian",
      gaussian({ dimension: 6 }),
      twoLayerLimit({ nodesPerPanel: 16 }),
      (width) => twoLayer({ width: 2 * width, start: "sphere" }),
      [8, 16, 32, 64],
      0.1,
    ],
  ])(
    "differs from it by a squared distance of order 1/width (%s)",
    async (_name, law, limit, plan, widths, stepSize) => {
      const logs: number[] = [];
      const logGaps: number[] = [];
      for (const width of widths) {
        for (let replica = 0; replica < 5; replica += 1) {
          const simulation = simulate({
            problem: { law, target: hinge() },
            network: plan(width),
            // Fresh directions, many at each step: their own error stays far below that of the width.
            dynamics: gradientDescent({ stepSize, steps: 10, expectation: radialExact({ directions: 240 }) }),
            limit,
            evaluation: { directions: 96 },
            recordTimes: [],
            seed: 4,
            replica,
          });
          const outcome = await simulation.outcome;
          if (outcome.status !== "completed") throw new Error(outcome.message);
          logs.push(Math.log(width));
          logGaps.push(Math.log(outcome.record.budget.trajectoryGap?.value ?? NaN));
        }
      }
      const { slope } = fitLine(logs, logGaps, { level: 0.9999 });
      // The interval holds -1, and neither 0 (no convergence) nor -2.
      expect(slope.low).toBeLessThan(-1);
      expect(slope.high).toBeGreaterThan(-1);
      expect(slope.low).toBeGreaterThan(-2);
      expect(slope.high).toBeLessThan(0);
    },
  );

  it("has the limit's time-step error: alpha of a polygon in the plane follows the limit's step, not Euler's step of alpha", () => {
    // Neurons and rays at regular angles, so that F is nearly alpha |x| and sums over rays are nearly integrals over the circle.
    const law = heavyTailed({ dimension: 2 });
    const steps = 40;
    const stepSize = 0.5;
    const gaps = [32, 64, 128].map((width) => {
      const network = bottleneck({
        firstLayerWidth: width,
        secondLayerWidth: 1,
        secondLayerStart: "equal",
        initialV: -0.2,
        initialB: 0.5,
      });
      const rays = 2 * width;
      const dynamics = flow({ stepSize, steps, integrator: "euler", expectation: population({ directions: rays }) });
      const { built, memory } = prepareStep({ law, target: hinge(), network, dynamics }, 1, (arrays) => {
        const norm = Math.hypot(arrays.w[0], arrays.w[1]);
        for (let i = 0; i < width; i += 1) {
          arrays.w[2 * i] = norm * Math.cos((2 * Math.PI * i) / width);
          arrays.w[2 * i + 1] = norm * Math.sin((2 * Math.PI * i) / width);
        }
      });
      for (let ray = 0; ray < rays; ray += 1) {
        // Half a spacing off the neurons, so that no w_i.u_k is 0.
        memory.points[0][2 * ray] = Math.cos((2 * Math.PI * (ray + 0.5)) / rays);
        memory.points[0][2 * ray + 1] = Math.sin((2 * Math.PI * (ray + 0.5)) / rays);
      }
      const particles = particlesOn(built.network.layout, memory.particles);
      const { limit, initial } = buildNetworkLimit(
        bottleneckLimit(),
        built.network,
        built.law,
        built.target ?? never(),
        { first: 1, second: 1 },
      );
      const stepped = initial(particles);
      const eulerOnAlpha = stepped.slice();
      const derivative = new Float64Array(stepped.length);
      for (let step = 0; step < steps; step += 1) {
        const velocity = velocityOf(built, memory, 1);
        for (let index = 0; index < velocity.length; index += 1) memory.particles[index] += stepSize * velocity[index];
        limit.eulerStep(stepped, stepSize);
        limit.system.derivative(0, eulerOnAlpha, derivative);
        for (let index = 0; index < derivative.length; index += 1) eulerOnAlpha[index] += stepSize * derivative[index];
      }
      const alpha = bottleneckAlpha(particles, 2);
      return { own: Math.abs(alpha - stepped[0]), other: Math.abs(alpha - eulerOnAlpha[0]), moved: stepped[0] - 1 };
    });
    expect(gaps[0].moved).toBeGreaterThan(0.05);
    // The trapezoidal rule on a function with kinks: second order in the spacing.
    expect(gaps[0].own / gaps[1].own).toBeCloseTo(4, 0);
    expect(gaps[1].own / gaps[2].own).toBeCloseTo(4, 0);
    expect(gaps[2].own).toBeLessThan(0.05 * gaps[2].other);
  });
});

function never(): never {
  throw new Error("the plan of these tests has a target");
}
