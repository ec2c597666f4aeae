import { describe, expect, it } from "vitest";
import { splitReplicas } from "../../src/error-budget/index.ts";
import { deriveKey, mean, standardError } from "../../src/numerics/index.ts";
import { fillNormal } from "../../src/numerics/random/distributions.ts";

const partNames = ["bias", "width", "sampling", "interaction"] as const;

interface Truth {
  readonly mean: number;
  readonly start: number;
  readonly stream: number;
  readonly rest: number;
}

/** d_ps = mean + A_p + B_s + C_ps at every point, with the given standard deviations; effects of neighbouring points depend on each other. */
function grid(truth: Truth, starts: number, streams: number, points: number, draw: number): Float64Array[][] {
  const count = (starts + streams + starts * streams) * (points + 1);
  const normals = new Float64Array(count);
  fillNormal(normals, 0, count, 0, deriveKey("replicas"), 0, 0, draw);
  const effect = (index: number, point: number) =>
    0.6 * normals[index * (points + 1) + point] + 0.8 * normals[index * (points + 1) + point + 1];
  return Array.from({ length: starts }, (_, p) =>
    Array.from({ length: streams }, (_unused, s) =>
      Float64Array.from(
        { length: points },
        (_value, x) =>
          truth.mean +
          truth.start * effect(p, x) +
          truth.stream * effect(starts + s, x) +
          truth.rest * effect(starts + streams + p * streams + s, x),
      ),
    ),
  );
}

const truth = { mean: 0.3, start: 0.7, stream: 0.4, rest: 0.2 };
const points = 12;
const weights = Float64Array.from({ length: points }, (_, index) => (index + 1) / 78);

describe("splitReplicas", () => {
  it("adds up to the mean over all runs of half the squared deviation, to rounding", () => {
    for (const [starts, streams] of [
      [3, 3],
      [4, 7],
      [9, 3],
    ]) {
      const runs = grid(truth, starts, streams, points, starts);
      const split = splitReplicas(runs, weights);
      let direct = 0;
      for (const values of runs.flat())
        for (const [x, value] of values.entries()) direct += (weights[x] * value ** 2) / 2;
      direct /= starts * streams;
      const sum = partNames.reduce((total, name) => total + split[name].value, 0);
      expect(Math.abs(split.gap.value / direct - 1)).toBeLessThan(1e-13);
      expect(Math.abs(sum / direct - 1)).toBeLessThan(1e-13);
    }
  });

  it("has the known components as its means, and intervals that cover them about as often as they say", () => {
    const draws = 400;
    const expected = {
      bias: truth.mean ** 2 / 2,
      width: truth.start ** 2 / 2,
      sampling: truth.stream ** 2 / 2,
      interaction: truth.rest ** 2 / 2,
    };
    const splits = Array.from({ length: draws }, (_, draw) =>
      splitReplicas(grid(truth, 6, 5, points, 100 + draw), weights),
    );
    for (const name of partNames) {
      const values = splits.map((split) => split[name].value);
      expect([name, Math.abs(mean(values) - expected[name]) / standardError(values) < 4]).toEqual([name, true]);
      const covered = splits.filter((split) => split[name].low <= expected[name] && expected[name] <= split[name].high);
      const share = covered.length / draws;
      expect([name, share > 0.88]).toEqual([name, true]);
    }
  });

  it("finds a part that is absent at 0", () => {
    const noSampling = splitReplicas(grid({ ...truth, stream: 0, rest: 0 }, 4, 4, points, 7), weights);
    expect(Math.abs(noSampling.sampling.value)).toBeLessThan(1e-30);
    expect(Math.abs(noSampling.interaction.value)).toBeLessThan(1e-30);
    expect(noSampling.width.value).toBeGreaterThan(0.1);
    const noWidth = splitReplicas(grid({ ...truth, start: 0, rest: 0 }, 4, 4, points, 8), weights);
    expect(Math.abs(noWidth.width.value)).toBeLessThan(1e-30);
    expect(noWidth.sampling.value).toBeGreaterThan(0.03);
    const one = grid({ ...truth, start: 0, stream: 0, rest: 0 }, 3, 3, points, 9);
    expect(splitReplicas(one, weights).bias.value).toBeCloseTo(0.045, 15);
  });

  it("changes the roles of width and sampling with those of rows and columns", () => {
    const runs = grid(truth, 4, 6, points, 3);
    const turned = runs[0].map((_, s) => runs.map((row) => row[s]));
    const [split, other] = [splitReplicas(runs, weights), splitReplicas(turned, weights)];
    expect(other.width.value).toBeCloseTo(split.sampling.value, 14);
    expect(other.sampling.error).toBeCloseTo(split.width.error, 14);
    expect(other.interaction.low).toBeCloseTo(split.interaction.low, 14);
  });

  it.each([
    [grid(truth, 2, 4, points, 1), weights, 0.95, /^starts: expected at least 3, for intervals, got 2/],
    [grid(truth, 4, 2, points, 1), weights, 0.95, /^samples: expected at least 3, for intervals, got 2/],
    [[...grid(truth, 3, 4, points, 1), []], weights, 0.95, /^deviations: expected 4 runs for every start, got 0/],
    [grid(truth, 3, 3, 5, 1), weights, 0.95, /^deviations: expected 12 values a run, one for each weight, got 5/],
    [grid(truth, 3, 3, points, 1), weights, 1, /^level: expected a number in \(0, 1\), got 1/],
  ])("refuses what it cannot split (%#)", (runs, given, level, message) => {
    expect(() => splitReplicas(runs, given, level)).toThrow(message);
  });
});
