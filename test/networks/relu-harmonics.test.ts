import { describe, expect, it } from "vitest";
import { reluHarmonic, stepHarmonic } from "../../src/networks/index.ts";
import { gegenbauer } from "../../src/numerics/index.ts";
import { coordinateMean } from "./coordinate-mean.ts";

describe.each([2, 3, 4, 10, 57])("the Funk-Hecke numbers in R^%d", (dimension) => {
  it("are the integrals that define them", () => {
    for (const degree of [0, 1, 2, 3, 4, 5, 6, 9, 12]) {
      const polynomial = (t: number) => gegenbauer(degree, dimension, t);
      const relu = coordinateMean(dimension, (t) => t * polynomial(t), [0, 1]);
      const step = coordinateMean(dimension, polynomial, [0, 1]);
      expect(Math.abs(reluHarmonic(degree, dimension) - relu)).toBeLessThan(1e-14);
      expect(Math.abs(stepHarmonic(degree, dimension) - step)).toBeLessThan(1e-14);
    }
  });
});
