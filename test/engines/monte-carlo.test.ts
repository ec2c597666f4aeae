import { describe, expect, it } from "vitest";
import { createBatchDrawer } from "../../src/dynamics/draw.ts";
import { type ExpectationSpec, gradientDescent, population, radialExact, sgd } from "../../src/dynamics/index.ts";
import { ball, gaussian, heavyTailed, type LawSpec, mixture } from "../../src/laws/index.ts";
import { bottleneck, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { mean, sampleVariance } from "../../src/numerics/index.ts";
import { ballIndicator, hinge, type TargetSpec } from "../../src/targets/index.ts";
import { prepareStep, scatter, scatterFirstLayer, velocityOf } from "./one-step.ts";

interface Case {
  readonly law: LawSpec;
  readonly target: TargetSpec;
  readonly network: NetworkPlan;
  readonly move?: (arrays: Readonly<Record<string, Float64Array>>) => void;
}

/** Velocities of independent batches at the same particles: rows by batch. */
function velocities(
  { move = scatter, ...problem }: Case,
  expectation: ExpectationSpec,
  batches: number,
): Float64Array[] {
  const dynamics = gradientDescent({ stepSize: 1, steps: batches, expectation });
  const { built, memory } = prepareStep({ ...problem, dynamics }, 6, move);
  const drawer = createBatchDrawer(built, 0, 1);
  return Array.from({ length: batches }, (_, step) => {
    drawer.draw(memory.points[0], memory.targets[0], step);
    return velocityOf(built, memory, 1);
  });
}

/** 0 for an atom that is off everywhere and never moves. */
function zScore(difference: number, error: number): number {
  return difference === 0 ? 0 : Math.abs(difference) / error;
}

/** Two-sample z of every component's mean. */
function zScores(left: readonly Float64Array[], right: readonly Float64Array[]): number[] {
  return Array.from(left[0], (_, index) => {
    const [one, other] = [left, right].map((rows) => rows.map((row) => row[index]));
    const error = Math.sqrt(sampleVariance(one) / one.length + sampleVariance(other) / other.length);
    return zScore(mean(one) - mean(other), error);
  });
}

const bottleneckPlan = bottleneck({ firstLayerWidth: 3, secondLayerWidth: 3, trainOuterWeights: true });
const twoLayerPlan = twoLayer({ width: 4 });
const cases: Record<string, Case> = {
  "bottleneck, heavy-tailed, no cutoff": {
    law: heavyTailed({ dimension: 3 }),
    target: hinge(),
    network: bottleneckPlan,
    move: scatterFirstLayer,
  },
  "bottleneck, mixture, cutoff": {
    law: mixture({ dimension: 4, radiusCutoff: 3 }),
    target: hinge(),
    network: bottleneckPlan,
  },
  "bottleneck, ball, jump": {
    law: ball({ dimension: 2, ballRadius: 1.5 }),
    target: ballIndicator({ radius: 0.8 }),
    network: bottleneckPlan,
  },
  "two-layer, heavy-tailed, cutoff": {
    law: heavyTailed({ dimension: 4, radiusCutoff: 3 }),
    target: hinge(),
    network: twoLayerPlan,
  },
  "two-layer, Gaussian": { law: gaussian({ dimension: 2 }), target: hinge(), network: twoLayerPlan },
};

describe.each(Object.keys(cases))("the mean velocity (%s)", (name) => {
  it("is the same from samples and from directions with the radius integrated", () => {
    const sampled = velocities(cases[name], sgd({ batch: 128 }), 200);
    const exact = velocities(cases[name], radialExact({ directions: 128, arrangement: "independent" }), 200);
    // About 20 components: the largest of 20 |z| exceeds 4 with probability 0.1 %.
    expect(Math.max(...zScores(sampled, exact))).toBeLessThan(4);
  });

  it("from fresh directions at each step is the one from a fixed set of many", () => {
    const fresh = velocities(cases[name], radialExact({ directions: 24, arrangement: "antithetic-pairs" }), 250);
    const fixed = velocities(cases[name], population({ directions: 12_000 }), 1)[0];
    const again = velocities(cases[name], population({ directions: 12_000 }), 2)[1];
    expect(again).toEqual(fixed);
    const z = Array.from(fixed, (value, index) => {
      const column = fresh.map((row) => row[index]);
      // The fixed set has twice as many directions, in whole frames: its error is at most that of the fresh ones.
      return zScore(mean(column) - value, Math.sqrt((2 * sampleVariance(column)) / column.length));
    });
    expect(Math.max(...z)).toBeLessThan(4);
  });
});

describe("integrating the radius", () => {
  it("takes the heavy tail's part out of the velocity's variance", () => {
    const problem = cases["two-layer, heavy-tailed, cutoff"];
    const variance = (expectation: ExpectationSpec) => {
      const rows = velocities(problem, expectation, 100);
      return mean(Array.from(rows[0], (_, index) => sampleVariance(rows.map((row) => row[index]))));
    };
    const exact = variance(radialExact({ directions: 32, arrangement: "independent" }));
    expect(exact).toBeLessThan(variance(sgd({ batch: 32 })));
    expect(variance(radialExact({ directions: 32 }))).toBeLessThan(exact);
  });
});
