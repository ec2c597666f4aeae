import { describe, expect, it } from "vitest";
import { createGroupMeans } from "../../src/error-budget/group-mean.ts";
import { createEvaluationSet } from "../../src/error-budget/index.ts";
import { arrangedDirections, deriveKey, mean, standardError } from "../../src/numerics/index.ts";

describe("an evaluation set", () => {
  it("holds whole groups, at least 8 of them and at least as many rays as asked for", () => {
    for (const [count, dimension, expected] of [
      [400, 10, 400],
      [401, 10, 420],
      [1, 10, 160],
      [400, 200, 3200],
    ] as const) {
      const set = createEvaluationSet(count, "antithetic-frames", dimension, 1);
      expect([set.count, set.groupSize, set.directions.length]).toEqual([
        expected,
        2 * dimension,
        expected * dimension,
      ]);
    }
    expect(createEvaluationSet(3, "independent", 5, 1).count).toBe(8);
  });

  it("does not share directions with the training of the same seed", () => {
    const set = createEvaluationSet(20, "antithetic-frames", 3, 1);
    const training = arrangedDirections(set.count, "antithetic-frames", 3, deriveKey(1, "training", "directions"));
    expect(set.directions).not.toEqual(training);
    expect(createEvaluationSet(20, "antithetic-frames", 3, 1).directions).toEqual(set.directions);
    expect(createEvaluationSet(20, "antithetic-frames", 3, 2).directions).not.toEqual(set.directions);
  });
});

describe("means over groups", () => {
  const samples = Array.from({ length: 24 }, (_, index) => Math.sin(index * index));
  const added = (groupSize: number) => {
    const means = createGroupMeans(2, groupSize);
    for (const value of samples) means.add(Float64Array.of(value, -value));
    return means;
  };

  it("of single rays have the standard error of independent numbers", () => {
    const found = added(1).result(0, 1);
    expect(found.value).toBeCloseTo(mean(samples), 14);
    expect(found.error).toBeCloseTo(standardError(samples), 14);
  });

  it("have the standard error of the group means, scaled by the size of the factor", () => {
    const groups = Array.from({ length: 6 }, (_, group) => mean(samples.slice(4 * group, 4 * group + 4)));
    const found = added(4).result(1, -0.5);
    expect(found.value).toBeCloseTo(0.5 * mean(samples), 14);
    expect(found.error).toBeCloseTo(0.5 * standardError(groups), 14);
  });
});
