import { describe, expect, it } from "vitest";
import { buildLaw, gaussian, heavyTailed, type Law } from "../../src/laws/index.ts";
import {
  bottleneckState,
  createBottleneckLimit,
  createRestoringForce,
  harmonicDecay,
  harmonicRate,
  steppedHarmonicDecay,
} from "../../src/limits/index.ts";
import { meanReluOfCoordinate } from "../../src/networks/index.ts";
import { gegenbauer } from "../../src/numerics/index.ts";
import { ballIndicator, buildTarget, hinge, type Target } from "../../src/targets/index.ts";
import { coordinateMean } from "../networks/coordinate-mean.ts";

describe("harmonicRate", () => {
  it.each([2, 3, 5, 10, 30, 100])("is the integral of the kernel against the degree's polynomial in R^%d", (d) => {
    const kernel = (t: number) => {
      const angle = Math.PI - Math.acos(t);
      return (3 * (Math.sqrt(1 - t * t) + angle * t)) / (2 * Math.PI * d) + (t * angle) / (2 * Math.PI);
    };
    for (const degree of [0, 1, 2, 3, 4, 5, 6, 8]) {
      const integral = coordinateMean(d, (t) => kernel(t) * gegenbauer(degree, d, t));
      expect(Math.abs(harmonicRate(degree, d) - integral)).toBeLessThan(1e-14);
    }
  });

  it("has the closed forms 4 C_d^2, (1 + 3/d)/(4 d), and 0 at odd degrees from 3 on; about 1/(pi d^2) at degree 2", () => {
    for (const d of [2, 3, 7, 40]) {
      expect(Math.abs(harmonicRate(0, d) / (4 * meanReluOfCoordinate(d) ** 2) - 1)).toBeLessThan(1e-13);
      expect(Math.abs(harmonicRate(1, d) / ((1 + 3 / d) / (4 * d)) - 1)).toBeLessThan(1e-13);
      for (const degree of [3, 5, 11]) expect(harmonicRate(degree, d)).toBe(0);
    }
    const ratio = (d: number) => harmonicRate(2, d) * Math.PI * d * d - 1;
    expect(ratio(200)).toBeGreaterThan(0);
    expect(Math.abs(ratio(200) / ratio(400) - 2)).toBeLessThan(0.02);
  });
});

/** G(F) = E_r[(phi(r F) - f*(r)) phi'(r F) r] by Gauss rules between its breaks, which knows nothing of kinks that move. */
function pull(law: Law, target: Target, y: Float64Array, atoms: number, slope: number): number {
  const [v, b, a] = [0, 1, 2].map((part) => y.subarray(1 + part * atoms, 1 + (part + 1) * atoms));
  const kinks = Array.from({ length: atoms }, (_, j) => -b[j] / (v[j] * slope)).filter((kink) => kink > 0);
  const { radius } = law;
  const profile = target.radial;
  if (radius === null || profile === null) throw new Error("radial law and target expected");
  const { nodes, weights } = radius.rule(
    [...kinks, ...profile.breaks].sort((left, right) => left - right),
    40,
  );
  return nodes.reduce((sum, r, q) => {
    let [value, derivative] = [0, 0];
    for (let j = 0; j < atoms; j += 1) {
      const input = v[j] * slope * r + b[j];
      if (input <= 0) continue;
      value += (a[j] * input) / atoms;
      derivative += (a[j] * v[j]) / atoms;
    }
    return sum + weights[q] * (value - profile.value(r)) * derivative * r;
  }, 0);
}

describe("createRestoringForce", () => {
  const states = {
    "one atom, kink beyond 1": bottleneckState({ alpha: 1.1, v: [-0.5], b: [0.8] }),
    "one atom, kink below 1": bottleneckState({ alpha: 1, v: [-1], b: [0.4] }),
    "three atoms, weights of either sign, one active everywhere, one beyond its kink": bottleneckState({
      alpha: 0.9,
      v: [-1.2, 0.3, 0.8],
      b: [0.7, 0.2, -0.4],
      a: [1.5, -0.7, 0.6],
    }),
  };
  const cases = [
    ["heavy-tailed", heavyTailed({ dimension: 10, radiusCutoff: 3 }), hinge()],
    ["heavy-tailed", heavyTailed({ dimension: 4, radiusCutoff: 2 }), ballIndicator({ radius: 0.8 })],
    ["gaussian", gaussian({ dimension: 5 }), hinge()],
  ] as const;

  it.each(cases)("is the derivative of the pull by the slope of F (%s law)", (_, lawSpec, targetSpec) => {
    const [law, target] = [buildLaw(lawSpec), buildTarget(targetSpec)];
    for (const y of Object.values(states)) {
      const atoms = (y.length - 1) / 3;
      const force = createRestoringForce({ law, target, secondLayerWidth: atoms })(y);
      const difference = (h: number) =>
        (pull(law, target, y, atoms, y[0] + h) - pull(law, target, y, atoms, y[0] - h)) / (2 * h);
      // Richardson's extrapolation of central differences.
      const derivative = (4 * difference(1e-3) - difference(2e-3)) / 3;
      expect(Math.abs(force - derivative)).toBeLessThan(1e-6 * (1 + Math.abs(force)));
    }
  });

  it("is v^2 M_2(R) - |v| R^2 p(R) (1 - R)/alpha for one atom with its kink R below 1, which is negative at small R", () => {
    const law = buildLaw(heavyTailed({ dimension: 10 }));
    const force = createRestoringForce({ law, target: buildTarget(hinge()), secondLayerWidth: 1 });
    const moments = new Float64Array(3);
    // Printed in docs/theory/discretisation-error.md to three decimals.
    for (const [kink, printed] of [
      [1, 0.174],
      [0.9, 0.136],
      [0.7, 0.1],
      [0.4, -0.192],
      [0.3, -0.194],
    ]) {
      law.radius?.moments(kink, moments, 0);
      const density = law.radius?.pdf(kink) ?? Number.NaN;
      const value = force(bottleneckState({ alpha: 1, v: [-1], b: [kink] }));
      expect(Math.abs(value - (moments[2] - kink * kink * density * (1 - kink)))).toBeLessThan(1e-12);
      expect(Math.abs(value - printed)).toBeLessThan(0.5001e-3);
    }
  });

  it("is infinite where the output grows for ever under a law without second moment", () => {
    const law = buildLaw(heavyTailed({ dimension: 10 }));
    const force = createRestoringForce({ law, target: buildTarget(hinge()), secondLayerWidth: 1 });
    expect(force(bottleneckState({ alpha: 1, v: [0.1], b: [0.1] }))).toBe(Infinity);
  });
});

describe("harmonicDecay", () => {
  const options = (dimension: number, second = 1) => ({
    law: buildLaw(heavyTailed({ dimension })),
    target: buildTarget(hinge()),
    secondLayerWidth: 1,
    layerSpeeds: { second },
  });
  const start = bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] });

  it("predicts the ratios that an early implementation printed in d = 10: .987 and .813 at degree 1, .999 and .979 at degree 2", () => {
    const points = harmonicDecay(options(10), start, [5, 20]);
    const ratios = [1, 2].map((degree) => points.map(({ damping }) => Math.exp(-harmonicRate(degree, 10) * damping)));
    const printed = [
      [0.987, 0.813],
      [0.999, 0.979],
    ];
    for (const [row, values] of printed.entries()) {
      for (const [column, value] of values.entries()) {
        expect(Math.abs(ratios[row][column] - value)).toBeLessThan(0.5001e-3);
      }
    }
  });

  it("moves the state as the limit does, and integrates alpha A/C_d: Simpson's rule over the limit's states", () => {
    const { law, target } = options(6);
    const problem = { law, target, secondLayerWidth: 2, layerSpeeds: { first: 0.7 } };
    const initial = bottleneckState({ alpha: 1, v: [-0.3, -0.5], b: [0.5, 0.6] });
    const panels = 200;
    const times = Array.from({ length: panels + 1 }, (_, index) => index / 20);
    const points = harmonicDecay(problem, initial, times);
    const invariant = createBottleneckLimit(problem).invariants;
    const force = createRestoringForce(problem);
    let integral = 0;
    for (const [index, { state }] of points.entries()) {
      expect(Math.abs(invariant(state)[0] - invariant(initial)[0])).toBeLessThan(1e-8);
      const weight = index === 0 || index === panels ? 1 : index % 2 === 1 ? 4 : 2;
      integral += (weight / 60) * 0.7 * (state[0] / meanReluOfCoordinate(6)) * force(state);
    }
    expect(Math.abs(points[panels].damping - integral)).toBeLessThan(1e-6 * integral);
  });

  it("is a plain exponential at the optimum, where nothing else moves", () => {
    const problem = options(5, 0);
    const optimum = bottleneckState({ alpha: 1, v: [-1], b: [1] });
    const moments = new Float64Array(3);
    problem.law.radius?.moments(1, moments, 0);
    const [{ damping, state }] = harmonicDecay(problem, optimum, [300]);
    expect(Math.abs(damping - (300 * moments[2]) / meanReluOfCoordinate(5))).toBeLessThan(1e-6 * damping);
    expect(Array.from(state)).toEqual(Array.from(optimum));
  });
});

describe("steppedHarmonicDecay", () => {
  const options = { law: buildLaw(heavyTailed({ dimension: 10 })), target: buildTarget(hinge()), secondLayerWidth: 1 };
  const start = bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] });

  it("tends to the flow's decay at first order in the step size", () => {
    const [{ damping }] = harmonicDecay(options, start, [20]);
    const exact = Math.exp(-harmonicRate(1, 10) * damping);
    const miss = [0.1, 0.05, 0.025].map(
      (stepSize) => steppedHarmonicDecay(options, start, stepSize, [1], [Math.round(20 / stepSize)])[0][0] - exact,
    );
    expect(Math.abs(miss[0])).toBeGreaterThan(1e-4);
    for (const index of [0, 1]) expect(Math.abs(miss[index] / miss[index + 1] - 2)).toBeLessThan(0.1);
  });

  it("starts at 1, leaves odd degrees from 3 on alone, and refuses a step size that is none", () => {
    const [before, after] = steppedHarmonicDecay(options, start, 0.5, [1, 3], [0, 10]);
    expect(Array.from(before)).toEqual([1, 1]);
    expect(after[0]).toBeLessThan(1);
    expect(after[1]).toBe(1);
    expect(() => steppedHarmonicDecay(options, start, 0, [1], [1])).toThrow(/^stepSize: expected a positive/);
  });
});
