import { describe, expect, it } from "vitest";
import {
  bottleneck,
  buildNetwork,
  evaluateFirstLayer,
  expectedRelativeVariance,
  firstLayerStarts,
  meanReluOfCoordinate,
  particlesOn,
  relativeVariance,
} from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey, mean, standardError } from "../../src/numerics/index.ts";

/** m1 Var_u F/alpha^2 from F at the given directions alone; `alpha` is known exactly. */
function sampledVariance(w: Float64Array, dimension: number, directions: Float64Array): Float64Array {
  const count = directions.length / dimension;
  const width = w.length / dimension;
  const network = buildNetwork(bottleneck({ firstLayerWidth: width, secondLayerWidth: 1 }), dimension);
  const particles = particlesOn(network.layout);
  particles.arrays.w.set(w);
  const values = new Float64Array(count);
  evaluateFirstLayer(particles, dimension, directions, count, values);
  let squares = 0;
  for (const value of w) squares += value * value;
  const alpha = (meanReluOfCoordinate(dimension) * squares) / width;
  return values.map((value) => (width * (value - alpha) ** 2) / (alpha * alpha));
}

describe("expectedRelativeVariance", () => {
  it.each<[string, number, number]>([
    ["sphere", 10, 1.989],
    ["antithetic-pairs", 10, 0.989],
    ["frames", 10, 1.55],
    ["antithetic-frames", 10, 0.112],
    ["sphere", 32, 2.093],
    ["antithetic-pairs", 32, 1.093],
    ["frames", 32, 1.612],
    ["antithetic-frames", 32, 0.132],
    ["sphere", 4, 1.776],
    ["antithetic-frames", 4, 0.077],
  ])("is the theory notes' number (%s, d = %i: %d)", (start, dimension, expected) => {
    const found = expectedRelativeVariance(start as (typeof firstLayerStarts)[number], dimension);
    expect(Math.abs(found - expected)).toBeLessThan(5.01e-4);
  });

  it("tends to pi - 1, pi - 2, pi - 3/2 and pi - 3 as the dimension grows", () => {
    const limits = {
      sphere: Math.PI - 1,
      "antithetic-pairs": Math.PI - 2,
      frames: Math.PI - 1.5,
      "antithetic-frames": Math.PI - 3,
    };
    for (const [start, limit] of Object.entries(limits)) {
      const error = (dimension: number) => expectedRelativeVariance(start as keyof typeof limits, dimension) - limit;
      // A correction of order 1/d.
      expect(Math.abs(error(4000))).toBeLessThan(4e-3);
      expect(error(2000) / error(1000)).toBeCloseTo(0.5, 2);
    }
  });

  it.each(firstLayerStarts.flatMap((start) => [2, 3, 7, 13].map((dimension) => [start, dimension] as const)))(
    "is the mean over 200 starts (%s, d = %i)",
    (start, dimension) => {
      const width = 2 * dimension;
      const network = buildNetwork(
        bottleneck({ firstLayerWidth: width, secondLayerWidth: 1, start, initialAlpha: 1.7 }),
        dimension,
      );
      const found = Array.from({ length: 200 }, (_, replica) =>
        relativeVariance(network.start(5, replica).arrays.w, dimension, 1.7),
      );
      const expected = expectedRelativeVariance(start, dimension);
      // One antithetic frame in R^2 is always the same square: no scatter but rounding.
      const error = Math.max(standardError(found), 1e-12);
      expect(Math.abs(mean(found) - expected) / error).toBeLessThan(4);
    },
  );
});

describe("relativeVariance", () => {
  it.each([2, 3, 6, 11])("is the variance of F over directions, by Monte Carlo (d = %i)", (dimension) => {
    // Norms of all sizes, one of them 0; independent of any start.
    const w = Float64Array.from({ length: 9 * dimension }, (_, index) => Math.sin(3 * index + dimension) * (index % 5));
    w.fill(0, 2 * dimension, 3 * dimension);
    const directions = arrangedDirections(20_000, "independent", dimension, deriveKey(dimension, "monte carlo"));
    const values = sampledVariance(w, dimension, directions);
    expect(Math.abs(mean(values) - relativeVariance(w, dimension)) / standardError(values)).toBeLessThan(4);
  });

  it("in the plane is the variance over the angle, by the trapezoidal rule", () => {
    const w = Float64Array.of(1, 0.3, -0.5, 2, 0.7, -0.7, -1.5, -0.2);
    const count = 20_000;
    const directions = Float64Array.from({ length: 2 * count }, (_, index) => {
      const angle = (2 * Math.PI * (index >> 1)) / count;
      return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
    // F is continuous with 8 kinks: the rule's error is O(1/count^2).
    expect(Math.abs(mean(sampledVariance(w, 2, directions)) / relativeVariance(w, 2) - 1)).toBeLessThan(1e-6);
  });

  it("does not change with scale or rotation, and is normalised by the given alpha", () => {
    const w = Float64Array.of(1, 0.3, -0.5, 2, 0.7, -0.7);
    const turned = Float64Array.of(-0.3, 1, -2, -0.5, 0.7, 0.7);
    const found = relativeVariance(w, 2);
    expect(
      relativeVariance(
        w.map((value) => 3 * value),
        2,
      ),
    ).toBeCloseTo(found, 12);
    expect(relativeVariance(turned, 2)).toBeCloseTo(found, 12);
    const alpha = (meanReluOfCoordinate(2) * (1.09 + 4.25 + 0.98)) / 3;
    expect(relativeVariance(w, 2, 2 * alpha)).toBeCloseTo(found / 4, 12);
  });
});
