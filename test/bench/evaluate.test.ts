import { describe, expect, it } from "vitest";
import { evaluateLoss, rayLoss } from "../../bench/accuracy/evaluate.ts";
import { buildLaw, heavyTailed } from "../../src/laws/index.ts";
import { bottleneck, buildNetwork } from "../../src/networks/index.ts";
import { gaussLegendre } from "../../src/numerics/index.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";

const law = heavyTailed({ dimension: 10, radiusCutoff: 3 });

describe("the evaluator that both programs of the accuracy benchmark are measured by", () => {
  it("integrates the squared error along a ray as Gauss rules on the density do", () => {
    const radius = buildLaw(law).radius;
    if (radius === null) throw new Error("the heavy-tailed law is radial");
    const v = Float64Array.of(-0.8, -0.3, -1.4, 0.2);
    const b = Float64Array.of(0.9, 0.5, 0.7, -0.1);
    const a = Float64Array.of(1, 0.7, 1.2, 1);
    const rule = gaussLegendre(12);
    for (const s of [0.4, 1, 1.7]) {
      const error = (r: number): number => {
        let f = 0;
        for (let j = 0; j < v.length; j += 1) f += (a[j] * Math.max(0, v[j] * s * r + b[j])) / v.length;
        return f - Math.max(0, 1 - r);
      };
      const cuts = [0, 1, 3, ...v.map((slope, j) => -b[j] / (slope * s))].filter((cut) => cut >= 0 && cut <= 3);
      for (let panel = 1; panel < 60; panel += 1) cuts.push(panel / 20);
      cuts.sort((left, right) => left - right);
      let expected = 0;
      for (let piece = 0; piece + 1 < cuts.length; piece += 1) {
        const half = (cuts[piece + 1] - cuts[piece]) / 2;
        rule.nodes.forEach((node, index) => {
          const r = cuts[piece] + half * (1 + node);
          expected += 0.5 * half * rule.weights[index] * radius.pdf(r) * error(r) ** 2;
        });
      }
      expect(Math.abs(rayLoss(s, v, b, a, radius) - expected)).toBeLessThan(1e-10 * expected);
    }
  });

  it("agrees with a Monte Carlo mean over samples of the law", () => {
    const network = buildNetwork(bottleneck({ firstLayerWidth: 40, secondLayerWidth: 5, start: "gaussian" }), 10);
    const particles = network.start(3);
    const { w, v, b, a } = particles.arrays;
    const count = 40_000;
    const points = new Float64Array(10 * count);
    const range = { first: 0, count, step: 0, replica: 0 };
    buildLaw(law).sample(points, range, { directions: deriveKey(1, "u"), radii: deriveKey(1, "r") });
    const values = new Float64Array(count);
    network.evaluate(particles, points, count, values);
    const losses = values.map((value, sample) => {
      const target = Math.max(0, 1 - Math.hypot(...points.subarray(10 * sample, 10 * sample + 10)));
      return 0.5 * (value - target) ** 2;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / count;
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (count - 1);
    const { loss, standardError } = evaluateLoss({ w, v, b, a }, law, 2000);
    expect(standardError).toBeGreaterThan(0);
    expect(Math.abs(loss - mean)).toBeLessThan(4 * Math.hypot(standardError, Math.sqrt(variance / count)));
  });

  it("gives the standard error of a mean over directions: two halves as many directions, sqrt 2 as large", () => {
    const w = new Float64Array(30 * 10);
    fillNormal(w, 0, w.length, 0, deriveKey(2, "w"), 0, 0, 0);
    const particles = { w, v: Float64Array.of(-0.5), b: Float64Array.of(0.8), a: Float64Array.of(1) };
    const few = evaluateLoss(particles, law, 1000);
    const many = evaluateLoss(particles, law, 4000);
    expect(few.standardError / many.standardError).toBeGreaterThan(1.7);
    expect(few.standardError / many.standardError).toBeLessThan(2.3);
    expect(Math.abs(few.loss - many.loss)).toBeLessThan(4 * few.standardError);
  });
});
