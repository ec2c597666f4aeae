import { describe, expect, it } from "vitest";
import { buildLaw, hypercube } from "../../src/laws/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";

describe("the uniform law on the hypercube", () => {
  it("has coordinates -1 and 1, each as often, and no two of them correlated", () => {
    const law = buildLaw(hypercube({ dimension: 5 }));
    expect(law.radius).toBeNull();
    const count = 4000;
    const points = new Float64Array(5 * count);
    law.sample(
      points,
      { first: 0, count, step: 1, replica: 0 },
      { directions: deriveKey(3, "x"), radii: deriveKey(3, "r") },
    );
    expect(points.every((value) => value === 1 || value === -1)).toBe(true);
    for (let i = 0; i < 5; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = 0;
        for (let row = 0; row < count; row += 1) sum += points[5 * row + i] * (i === j ? 1 : points[5 * row + j]);
        expect(Math.abs(sum)).toBeLessThanOrEqual(4 * Math.sqrt(count));
      }
    }
  });

  it("refuses a dimension below 2", () => {
    expect(() => hypercube({ dimension: 1 })).toThrow("dimension: expected an integer in [2, 100000], got 1");
  });
});
