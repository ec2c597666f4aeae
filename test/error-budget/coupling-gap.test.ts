import { describe, expect, it } from "vitest";
import { couplingOnSamples, couplingTerms, createEvaluationSet } from "../../src/error-budget/index.ts";
import { ball, heavyTailed, type LawSpec } from "../../src/laws/index.ts";
import { coupledStart, referenceNetwork, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, dense, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { hinge } from "../../src/targets/index.ts";
import { stateOf } from "./random-state.ts";

const cases: [string, LawSpec, NetworkPlan][] = [
  ["bottleneck", ball({ dimension: 3, ballRadius: 2 }), bottleneck({ firstLayerWidth: 9, secondLayerWidth: 4 })],
  ["two-layer", heavyTailed({ dimension: 4, radiusCutoff: 3 }), twoLayer({ width: 8 })],
  ["dense", ball({ dimension: 3, ballRadius: 2 }), dense({ firstLayerWidth: 6, secondLayerWidth: 5 })],
];

describe.each(cases)("the gap to a wide reference (%s)", (_name, law, plan) => {
  const state = stateOf(law, hinge(), plan, plan.kind === "bottleneck");
  const wide = referenceNetwork(wideCoupling({ factor: 3 }), state.network);
  const reference = coupledStart(state.particles, wide, 6, 0);
  const set = createEvaluationSet(40, "antithetic-pairs", state.dimension, 3);
  const bundle = () => state.network.along(state.particles, set.directions, set.count);
  const beside = () => wide.along(reference, set.directions, set.count);
  const terms = (isExact: boolean) => couplingTerms(bundle(), beside(), state.profile, state.measure, set, isExact);

  it("is the same piece by piece as by a rule so fine that its error is known", () => {
    // Against pieces, a rule of n nodes a panel is off at every kink by about the square of the nodes' distance; both networks have few.
    const fine = {
      ...state.measure,
      rule: () => state.measure.radius.rule([...state.profile.breaks, ...fineBreaks], 8),
    };
    const exact = terms(true);
    const ruled = couplingTerms(bundle(), beside(), state.profile, fine, set, false);
    for (const name of ["gap", "referenceLoss"] as const) {
      expect(Math.abs(exact[name].value / ruled[name].value - 1)).toBeLessThan(1e-5);
      expect(Math.abs(exact[name].error / ruled[name].error - 1)).toBeLessThan(1e-4);
    }
  });

  it("is what values at the nodes of all rays give, with the error over groups", () => {
    const { nodes, weights } = state.measure.rule();
    const halves: number[] = [];
    const points = new Float64Array(nodes.length * state.dimension);
    const small = new Float64Array(nodes.length);
    const large = new Float64Array(nodes.length);
    for (let ray = 0; ray < set.count; ray += 1) {
      for (let node = 0; node < nodes.length; node += 1) {
        for (let k = 0; k < state.dimension; k += 1) {
          points[node * state.dimension + k] = nodes[node] * set.directions[ray * state.dimension + k];
        }
      }
      state.network.evaluate(state.particles, points, nodes.length, small);
      wide.evaluate(reference, points, nodes.length, large);
      halves.push(weights.reduce((sum, weight, node) => sum + (weight * (small[node] - large[node]) ** 2) / 2, 0));
    }
    const pairs = Array.from({ length: set.count / 2 }, (_, pair) => (halves[2 * pair] + halves[2 * pair + 1]) / 2);
    const { gap } = couplingOnSamples(
      Float64Array.from(pairs, (value) => Math.sqrt(2 * value)),
      new Float64Array(pairs.length),
      new Float64Array(pairs.length),
    );
    const ruled = terms(false).gap;
    expect(Math.abs(ruled.value / gap.value - 1)).toBeLessThan(1e-12);
    expect(Math.abs(ruled.error / gap.error - 1)).toBeLessThan(1e-11);
  });
});

/** Breaks every 1/40 up to 3. */
const fineBreaks = Array.from({ length: 120 }, (_, index) => (index + 1) / 40);
