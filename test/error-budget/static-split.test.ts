import { describe, expect, it } from "vitest";
import { chainMeans } from "../../src/error-budget/ray-chain.ts";
import { ball, buildLaw, gaussian, heavyTailed, type LawSpec, mixture, sphere } from "../../src/laws/index.ts";
import { bottleneck, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { deriveKey, gaussLegendre, mean, sampleVariance, standardError } from "../../src/numerics/index.ts";
import {
  ballIndicator,
  buildTarget,
  hinge,
  norm,
  piecewiseLinear,
  radialFunction,
  type TargetSpec,
} from "../../src/targets/index.ts";
import { splitOf, splitOn, stateOf } from "./random-state.ts";

const bottleneckPlan = bottleneck({ firstLayerWidth: 9, secondLayerWidth: 4 });
const twoLayerPlan = twoLayer({ width: 10 });
const laws: Record<string, LawSpec> = {
  "heavy-tailed, cutoff": heavyTailed({ dimension: 3, radiusCutoff: 3 }),
  Gaussian: gaussian({ dimension: 2 }),
  "Gaussian, cutoff": gaussian({ dimension: 7, radiusCutoff: 1.2 }),
  sphere: sphere({ dimension: 4, sphereRadius: 0.9 }),
  "sphere at the target's break": sphere({ dimension: 4 }),
  ball: ball({ dimension: 5, ballRadius: 1.6 }),
  "mixture, cutoff": mixture({ dimension: 3, radiusCutoff: 2.5 }),
};
const lawsWithoutMoments: Record<string, LawSpec> = {
  "heavy-tailed": heavyTailed({ dimension: 3 }),
  mixture: mixture({ dimension: 4 }),
};
const targets: Record<string, TargetSpec> = {
  hinge: hinge(),
  "ball-indicator": ballIndicator({ radius: 1 }),
  norm: norm(),
  "piecewise-linear": piecewiseLinear({ knots: [0, 0.4, 1.1], values: [0.5, 1, -0.2], finalSlope: 0.3 }),
  function: radialFunction({ profile: (r) => Math.cos(3 * r), upper: 1, tolerance: 1e-3 }),
};
const vanishing = ["hinge", "ball-indicator"];

/** Every law with every target that it gives a finite loss, for both networks. */
const everything: [string, string, string, LawSpec, TargetSpec, NetworkPlan, boolean][] = [];
for (const [target, targetSpec] of Object.entries(targets)) {
  for (const [law, lawSpec] of Object.entries(laws)) {
    everything.push(["bottleneck", law, target, lawSpec, targetSpec, bottleneckPlan, false]);
    everything.push(["two-layer", law, target, lawSpec, targetSpec, twoLayerPlan, false]);
  }
  if (!vanishing.includes(target)) continue;
  for (const [law, lawSpec] of Object.entries(lawsWithoutMoments)) {
    everything.push(["bottleneck", law, target, lawSpec, targetSpec, bottleneckPlan, true]);
  }
}

describe("the static split", () => {
  it.each(everything)(
    "adds up to the loss to 1e-12 (%s, %s, %s)",
    (_network, _law, _target, law, target, plan, keepsAtoms) => {
      const { split } = splitOf(stateOf(law, target, plan, keepsAtoms), 30, "antithetic-frames", 3);
      const { loss, meanField, cross, discretization } = split;
      expect(Number.isFinite(loss.value) && loss.value > 0).toBe(true);
      const scale = meanField.value + Math.abs(cross.value) + discretization.value;
      expect(Math.abs(meanField.value + cross.value + discretization.value - loss.value)).toBeLessThan(1e-12 * scale);
      for (const term of Object.values(split)) {
        if (term !== null) expect(Number.isFinite(term.value) && term.error >= 0).toBe(true);
      }
      // The mean-field part is the same on every ray.
      expect(meanField.error).toBeLessThan(1e-15 * Math.max(1, meanField.value));
    },
  );

  it.each<[string, LawSpec, TargetSpec, NetworkPlan, boolean]>([
    ["bottleneck, heavy-tailed without cutoff", heavyTailed({ dimension: 3 }), hinge(), bottleneckPlan, true],
    ["bottleneck, Gaussian, jump", gaussian({ dimension: 4 }), ballIndicator({ radius: 0.8 }), bottleneckPlan, false],
    ["bottleneck, sphere", sphere({ dimension: 3, sphereRadius: 0.7 }), hinge(), bottleneckPlan, false],
    ["two-layer, mixture with cutoff", mixture({ dimension: 3, radiusCutoff: 2.5 }), hinge(), twoLayerPlan, false],
    ["two-layer, ball", ball({ dimension: 2, ballRadius: 2 }), norm(), twoLayerPlan, false],
  ])("is what samples of the law say, term by term (%s)", (_name, lawSpec, targetSpec, plan, keepsAtoms) => {
    const state = stateOf(lawSpec, targetSpec, plan, keepsAtoms);
    const { split } = splitOf(state, 2000, "independent", 5);
    const law = buildLaw(lawSpec);
    const target = buildTarget(targetSpec);
    const fbar = state.network.sphericalMean(state.particles);
    const { dimension } = law;
    const count = 20_000;
    const points = new Float64Array(count * dimension);
    law.sample(
      points,
      { first: 0, count, step: 0, replica: 0 },
      { directions: deriveKey(1, "u"), radii: deriveKey(1, "r") },
    );
    const values = new Float64Array(count);
    state.network.evaluate(state.particles, points, count, values);
    const terms = {
      loss: new Float64Array(count),
      meanField: new Float64Array(count),
      cross: new Float64Array(count),
      discretization: new Float64Array(count),
    };
    for (let s = 0; s < count; s += 1) {
      const wanted = target.value(points, s * dimension, dimension);
      const symmetric = fbar.value(Math.hypot(...points.subarray(s * dimension, (s + 1) * dimension)));
      terms.loss[s] = 0.5 * (values[s] - wanted) ** 2;
      terms.meanField[s] = 0.5 * (symmetric - wanted) ** 2;
      terms.cross[s] = (symmetric - wanted) * (values[s] - symmetric);
      terms.discretization[s] = 0.5 * (values[s] - symmetric) ** 2;
    }
    for (const name of ["loss", "meanField", "cross", "discretization"] as const) {
      const error = Math.hypot(standardError(terms[name]), split[name].error);
      // On the sphere the mean-field part is one number, and neither way has an error.
      const difference = Math.abs(mean(terms[name]) - split[name].value);
      expect(difference).toBeLessThan(4 * error + 1e-12);
    }
  });

  it.each<[string, LawSpec, TargetSpec]>([
    ["Gaussian", gaussian({ dimension: 3 }), targets["piecewise-linear"]],
    ["heavy-tailed with cutoff", heavyTailed({ dimension: 3, radiusCutoff: 3 }), hinge()],
    ["ball, jump", ball({ dimension: 3 }), ballIndicator({ radius: 0.7 })],
  ])("of the bottleneck is what quadrature in the radius says, on the same rays (%s)", (_name, law, target) => {
    const state = stateOf(law, target, bottleneckPlan);
    const { set, split } = splitOf(state, 16, "independent", 7);
    const { network, particles, profile, measure, dimension } = state;
    const fbar = network.sphericalMean(particles);
    const end = Number.isFinite(measure.radius.upper) ? measure.radius.upper : measure.radius.quantile(1 - 1e-15);
    // Midpoint-like: 600 panels of 4 nodes cut the kinks finely enough for an error of about (end/600)^2.
    const base = gaussLegendre(4);
    const panels = 600;
    let loss = 0;
    let cross = 0;
    let discretization = 0;
    let meanField = 0;
    const values = new Float64Array(set.count);
    for (let panel = 0; panel < panels; panel += 1) {
      for (let node = 0; node < 4; node += 1) {
        const r = (end * (panel + 0.5 + 0.5 * base.nodes[node])) / panels;
        const weight = ((0.5 * end) / panels) * base.weights[node] * measure.radius.pdf(r);
        network.evaluate(
          particles,
          set.directions.map((value) => r * value),
          set.count,
          values,
        );
        const error = fbar.value(r) - profile.value(r);
        meanField += 0.5 * weight * error * error;
        for (const value of values) {
          const deviation = value - fbar.value(r);
          loss += (0.5 * weight * (value - profile.value(r)) ** 2) / set.count;
          cross += (weight * error * deviation) / set.count;
          discretization += (0.5 * weight * deviation * deviation) / set.count;
        }
      }
    }
    // A jump inside a panel costs up to a panel's mass; everything else is far below.
    const tolerance = profile.breaks.length > 0 && target.kind === "ball-indicator" ? 2e-3 : 2e-6;
    expect(Math.abs(split.loss.value - loss)).toBeLessThan(tolerance);
    expect(Math.abs(split.cross.value - cross)).toBeLessThan(tolerance);
    expect(Math.abs(split.discretization.value - discretization)).toBeLessThan(tolerance);
    expect(Math.abs(split.meanField.value - meanField)).toBeLessThan(tolerance);
    expect(dimension).toBe(3);
  });

  it("takes the two-layer network's loss by a rule whose error at the kinks is far below the standard error", () => {
    for (const [law, target] of [
      [laws.ball, hinge()],
      [laws["heavy-tailed, cutoff"], hinge()],
      [laws.Gaussian, targets["piecewise-linear"]],
    ] as const) {
      const state = stateOf(law, target, twoLayerPlan);
      const { set, split } = splitOf(state, 100, "antithetic-frames", 2);
      const bundle = state.network.along(state.particles, set.directions, set.count);
      const chain = { network: bundle.pieces, functions: [state.profile] };
      const exact = chainMeans(bundle, [chain], state.measure, set)[0].result(0, 0.5);
      // 64 nodes a panel: a kink inside costs about (1/64)^2 of its part of the loss.
      expect(Math.abs(split.loss.value / exact.value - 1)).toBeLessThan(64 ** -2);
      expect(Math.abs(split.loss.value - exact.value)).toBeLessThan(exact.error / 10);
    }
  });

  it("has a cross term of mean 0 for the two-layer network, whose fbar is its spherical mean", () => {
    for (const law of [laws.ball, laws["heavy-tailed, cutoff"], laws.sphere]) {
      const state = stateOf(law, hinge(), twoLayerPlan);
      const { cross, meanField, crossCentred } = splitOf(state, 600, "antithetic-frames", 9).split;
      expect(meanField.value).toBeGreaterThan(0);
      expect(Math.abs(cross.value) / cross.error).toBeLessThan(4);
      expect(crossCentred).toBeNull();
    }
  });

  it("has a centred cross term of the same expectation and less scatter", () => {
    for (const law of [laws.ball, laws["heavy-tailed, cutoff"], lawsWithoutMoments["heavy-tailed"]]) {
      const state = stateOf(law, hinge(), bottleneckPlan, true);
      const pairs = Array.from({ length: 150 }, (_, seed) => splitOf(state, 40, "independent", seed).split);
      const raw = pairs.map((split) => split.cross.value);
      const centred = pairs.map((split) => split.crossCentred?.value ?? NaN);
      const differences = raw.map((value, index) => value - centred[index]);
      // Centring is a nonlinear correction: its bias is of the order of one over the rays, a part of the centred term's own error.
      expect(Math.abs(mean(differences)) / standardError(differences)).toBeLessThan(4);
      expect(sampleVariance(centred)).toBeLessThan(0.5 * sampleVariance(raw));
    }
  });

  it.each(["independent", "antithetic-pairs", "frames", "antithetic-frames"] as const)(
    "has standard errors that its scatter over evaluation sets confirms (%s)",
    (arrangement) => {
      const seeds = 200;
      // The two-layer network is measured by a rule, which costs more and has nothing to do with the arrangement.
      const plans = arrangement === "antithetic-frames" ? [bottleneckPlan, twoLayerPlan] : [bottleneckPlan];
      for (const plan of plans) {
        const state = stateOf(ball({ dimension: 3, ballRadius: 1.5 }), hinge(), plan);
        const splits = Array.from({ length: seeds }, (_, seed) => splitOf(state, 20 * 6, arrangement, seed).split);
        for (const name of ["loss", "discretization", "cross"] as const) {
          const actual = sampleVariance(splits.map((split) => split[name].value));
          const claimed = mean(splits.map((split) => split[name].error ** 2));
          // chi^2 with 199 degrees of freedom: relative standard deviation sqrt(2/199) = 0.1 for normal means; z <= 4.
          expect(Math.abs(actual / claimed - 1)).toBeLessThan(0.4 + 0.1);
        }
      }
    },
  );

  it("of a loss that is infinite is infinite, not NaN and not a number", () => {
    const state = stateOf(heavyTailed({ dimension: 3 }), hinge(), bottleneckPlan, true);
    // Slope and intercept of opposite signs far out: the first moment must not cancel the second.
    state.particles.arrays.v[0] = 0.5;
    state.particles.arrays.b[0] = -3;
    const { split } = splitOf(state, 12, "independent", 1);
    expect(split.loss.value).toBe(Infinity);
    expect(split.meanField.value).toBe(Infinity);
  });

  it("does not change when the rays of a set come in another order", () => {
    const state = stateOf(ball({ dimension: 3 }), hinge(), bottleneckPlan);
    const { set, split } = splitOf(state, 16, "independent", 7);
    const directions = new Float64Array(set.directions.length);
    for (let ray = 0; ray < set.count; ray += 1) {
      directions.set(set.directions.subarray(3 * ray, 3 * ray + 3), 3 * (set.count - 1 - ray));
    }
    const reversed = splitOn(state, { ...set, directions });
    expect(Math.abs(reversed.loss.value / split.loss.value - 1)).toBeLessThan(1e-13);
  });
});
