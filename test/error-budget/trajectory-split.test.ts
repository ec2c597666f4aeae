import { describe, expect, it } from "vitest";
import { createEvaluationSet, measureSplits, trajectoryGap, trajectorySplit } from "../../src/error-budget/index.ts";
import { ball, buildLaw, heavyTailed, type LawSpec, sphere } from "../../src/laws/index.ts";
import {
  bottleneck as bottleneckLimit,
  buildNetworkLimit,
  type NetworkLimitSpec,
  twoLayer as twoLayerLimit,
} from "../../src/limits/index.ts";
import { bottleneck, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { deriveKey, mean, standardError } from "../../src/numerics/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";
import { splitOn, stateOf } from "./random-state.ts";

const cases: [string, LawSpec, NetworkPlan, NetworkLimitSpec][] = [
  [
    "bottleneck, heavy-tailed without cutoff",
    heavyTailed({ dimension: 3 }),
    bottleneck({ firstLayerWidth: 9, secondLayerWidth: 4 }),
    bottleneckLimit(),
  ],
  [
    "bottleneck, sphere",
    sphere({ dimension: 3, sphereRadius: 0.8 }),
    bottleneck({ firstLayerWidth: 9, secondLayerWidth: 4 }),
    bottleneckLimit(),
  ],
  [
    "two-layer, ball",
    ball({ dimension: 4, ballRadius: 1.5 }),
    twoLayer({ width: 8 }),
    twoLayerLimit({ tolerance: 1e-6 }),
  ],
];

/** The chain f, f_(inf,eta), f_(inf,0), f* with limits that stand well apart. */
function chainOf(lawSpec: LawSpec, plan: NetworkPlan, limitSpec: NetworkLimitSpec) {
  const state = stateOf(lawSpec, hinge(), plan, true);
  const { limit, initial } = buildNetworkLimit(limitSpec, state.network, buildLaw(lawSpec), buildTarget(hinge()), {
    first: 1,
    second: 1,
  });
  const stepped = initial(state.particles);
  limit.eulerStep(stepped, 0.5);
  const exact = stepped.slice();
  limit.eulerStep(exact, 0.7);
  return { state, stepped: limit.profile(stepped), exact: limit.profile(exact) };
}

describe.each(cases)("the trajectory split (%s)", (_name, lawSpec, plan, limitSpec) => {
  const { state, stepped, exact } = chainOf(lawSpec, plan, limitSpec);
  const set = createEvaluationSet(60, "antithetic-frames", state.dimension, 3);
  const bundle = state.network.along(state.particles, set.directions, set.count);
  const [terms, gap] = measureSplits(
    bundle,
    [trajectorySplit(bundle, stepped, exact, state.profile), trajectoryGap(bundle, stepped)],
    state.measure,
    set,
  );

  it("adds up to the loss to 1e-12", () => {
    const sum = Object.values(terms).reduce((total, term) => total + term.value, 0);
    const scale = Object.values(terms).reduce((total, term) => total + Math.abs(term.value), 0);
    expect(Math.abs(sum - splitOn(state, set).loss.value)).toBeLessThan(1e-12 * scale);
  });

  it("has the gap that is measured where only one limit is known", () => {
    expect(Math.abs(gap.value / terms.gap.value - 1)).toBeLessThan(1e-12);
  });

  it("has no error on what does not depend on the direction", () => {
    for (const name of ["timeStep", "meanField", "timeStepMeanField"] as const) {
      expect(terms[name].error).toBeLessThan(1e-14);
    }
    expect(terms.gap.error).toBeGreaterThan(0);
  });

  it("is what samples of the law say, term by term", () => {
    const law = buildLaw(lawSpec);
    const { dimension } = law;
    const count = 8000;
    const points = new Float64Array(count * dimension);
    law.sample(
      points,
      { first: 0, count, step: 0, replica: 0 },
      { directions: deriveKey(2, "u"), radii: deriveKey(2, "r") },
    );
    const values = new Float64Array(count);
    state.network.evaluate(state.particles, points, count, values);
    const brackets = Array.from({ length: count }, (_, s) => {
      const radius = Math.hypot(...points.subarray(s * dimension, (s + 1) * dimension));
      const middle = stepped.value(radius);
      const last = exact.value(radius);
      return [values[s] - middle, middle - last, last - state.profile.value(radius)];
    });
    const pairs = {
      gap: [0, 0],
      timeStep: [1, 1],
      meanField: [2, 2],
      gapTimeStep: [0, 1],
      gapMeanField: [0, 2],
      timeStepMeanField: [1, 2],
    } as const;
    for (const [name, [i, j]] of Object.entries(pairs) as [keyof typeof pairs, readonly [number, number]][]) {
      const products = brackets.map((bracket) => (i === j ? 0.5 : 1) * bracket[i] * bracket[j]);
      const error = Math.hypot(standardError(products), terms[name].error);
      expect(Math.abs(mean(products) - terms[name].value)).toBeLessThan(4 * error + 1e-12);
    }
  });
});
