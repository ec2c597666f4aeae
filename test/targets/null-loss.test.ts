import { describe, expect, it } from "vitest";
import {
  ball,
  buildLaw,
  gaussian,
  heavyTailed,
  hypercube,
  type LawSpec,
  mixture,
  sphere,
} from "../../src/laws/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import {
  ballIndicator,
  buildTarget,
  hinge,
  meanOfTarget,
  norm,
  nullLoss,
  piecewiseLinear,
  radialFunction,
  type TargetSpec,
} from "../../src/targets/index.ts";

const mean = (law: LawSpec, target: TargetSpec) => meanOfTarget(buildLaw(law), buildTarget(target));
const loss = (law: LawSpec, target: TargetSpec) => nullLoss(buildLaw(law), buildTarget(target));

describe("meanOfTarget and nullLoss", () => {
  // E f* and E f*^2 of the theory notes for the heavy-tailed law without a cutoff, four digits
  it.each([
    [5, 0.5142, 0.3413],
    [10, 0.4773, 0.3019],
    [50, 0.4333, 0.258],
  ])("agree with the theory notes for the hinge at d = %d", (dimension, expectedMean, meanSquare) => {
    expect(Math.abs(mean(heavyTailed({ dimension }), hinge()) - expectedMean)).toBeLessThanOrEqual(5.1e-5);
    const square = 2 * loss(heavyTailed({ dimension }), hinge()) + mean(heavyTailed({ dimension }), hinge()) ** 2;
    expect(Math.abs(square - meanSquare)).toBeLessThanOrEqual(5.1e-5);
  });

  it("agree with closed forms: ball and indicator, Gaussian and norm", () => {
    // P(|x| <= 0.5) = 1/8 in the unit ball of R^3
    expect(Math.abs(mean(ball({ dimension: 3 }), ballIndicator({ radius: 0.5 })) - 1 / 8)).toBeLessThanOrEqual(1e-15);
    expect(Math.abs(loss(ball({ dimension: 3 }), ballIndicator({ radius: 0.5 })) - 7 / 128)).toBeLessThanOrEqual(1e-15);
    // E|x| = sqrt(pi)/2 for N(0, I/2), and E|x|^2 = 1
    expect(Math.abs(mean(gaussian({ dimension: 2 }), norm()) - Math.sqrt(Math.PI) / 2)).toBeLessThanOrEqual(1e-15);
    expect(Math.abs(loss(gaussian({ dimension: 2 }), norm()) - (1 - Math.PI / 4) / 2)).toBeLessThanOrEqual(1e-15);
    // The hinge in the unit ball: E (1-r) = 1/(d+1), E (1-r)^2 = 2/((d+1)(d+2))
    const d = 6;
    expect(Math.abs(mean(ball({ dimension: d }), hinge()) - 1 / (d + 1))).toBeLessThanOrEqual(1e-15);
    const variance = 2 / ((d + 1) * (d + 2)) - 1 / (d + 1) ** 2;
    expect(Math.abs(loss(ball({ dimension: d }), hinge()) - variance / 2)).toBeLessThanOrEqual(1e-15);
  });

  it("agree with samples, for a law and a target in several pieces", () => {
    const law = buildLaw(mixture({ dimension: 4, radiusCutoff: 2 }));
    const target = buildTarget(piecewiseLinear({ knots: [0, 0.3, 0.9], values: [1, -1, 2], finalSlope: -1.5 }));
    const count = 40_000;
    const points = new Float64Array(4 * count);
    const streams = { directions: deriveKey(3, "u"), radii: deriveKey(3, "r") };
    law.sample(points, { first: 0, count, step: 0, replica: 0 }, streams);
    const values = new Float64Array(count).map((_, row) => target.value(points, 4 * row, 4));
    const sampleMean = values.reduce((sum, value) => sum + value, 0) / count;
    const central = (power: number) => values.reduce((sum, value) => sum + (value - sampleMean) ** power, 0) / count;
    expect(Math.abs(sampleMean - meanOfTarget(law, target))).toBeLessThanOrEqual(4 * Math.sqrt(central(2) / count));
    const error = Math.sqrt((central(4) - central(2) ** 2) / count);
    expect(Math.abs(central(2) - 2 * nullLoss(law, target))).toBeLessThanOrEqual(4 * error);
  });

  it("see a function and its own interpolant alike, within the tolerance", () => {
    const asFunction = radialFunction({ profile: (r) => Math.max(0, 1 - r), upper: 3, tolerance: 1e-7 });
    const law = heavyTailed({ dimension: 10 });
    expect(Math.abs(mean(law, asFunction) - mean(law, hinge()))).toBeLessThanOrEqual(1e-7);
    expect(Math.abs(loss(law, asFunction) - loss(law, hinge()))).toBeLessThanOrEqual(2e-7);
  });

  it("keep the variance of a target with a large mean", () => {
    const shifted = piecewiseLinear({ knots: [0, 1], values: [1e6 + 1, 1e6] });
    const law = gaussian({ dimension: 10 });
    expect(Math.abs(loss(law, shifted) / loss(law, hinge()) - 1)).toBeLessThanOrEqual(1e-9);
  });

  it("are infinite where a growing target meets the heavy tail, and finite with a cutoff", () => {
    expect(mean(heavyTailed({ dimension: 4 }), norm())).toBe(Infinity);
    expect(loss(heavyTailed({ dimension: 4 }), norm())).toBe(Infinity);
    expect(loss(heavyTailed({ dimension: 4 }), piecewiseLinear({ knots: [0], values: [1], finalSlope: -1 }))).toBe(
      Infinity,
    );
    expect(loss(heavyTailed({ dimension: 4, radiusCutoff: 3 }), norm())).toBeLessThan(9 / 8);
  });

  it("are the constant and 0 on a sphere and on the hypercube", () => {
    expect(mean(sphere({ dimension: 5, sphereRadius: 0.25 }), hinge())).toBe(0.75);
    expect(loss(sphere({ dimension: 5, sphereRadius: 0.25 }), hinge())).toBe(0);
    // The point mass at the jump belongs to the ball.
    expect(mean(sphere({ dimension: 5 }), ballIndicator({ radius: 1 }))).toBe(1);
    expect(mean(hypercube({ dimension: 9 }), norm())).toBe(3);
    expect(loss(hypercube({ dimension: 9 }), norm())).toBe(0);
  });

  it("refuse a target that is not radial", () => {
    const law = buildLaw(gaussian({ dimension: 3 }));
    const target = { ...buildTarget(hinge()), radial: null };
    expect(() => nullLoss(law, target)).toThrow(
      "target: expected a radial target and a radial law for an exact mean, got hinge under gaussian; estimate it with targets.estimateNullLoss instead",
    );
    expect(() => meanOfTarget(law, target)).toThrow(expect.objectContaining({ code: "unsupported-combination" }));
  });
});
