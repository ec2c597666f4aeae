import { describe, expect, test } from "vitest";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";
import {
  fitLine,
  fitPowerLaw,
  mean,
  meanWithInterval,
  sampleVariance,
  standardError,
} from "../../src/numerics/statistics.ts";
import reference from "../reference/statistics.json" with { type: "json" };

describe("means", () => {
  test("mean, variance and interval agree with scipy", () => {
    const { values, mean: expectedMean, variance, low90 } = reference.sample;
    expect(mean(values)).toBeCloseTo(expectedMean, 14);
    expect(sampleVariance(values)).toBeCloseTo(variance, 14);
    expect(standardError(values)).toBeCloseTo(Math.sqrt(variance / 5), 14);
    const interval = meanWithInterval(values, 0.9);
    expect(interval.low).toBeCloseTo(low90, 12);
    expect(interval.high - interval.value).toBeCloseTo(interval.value - interval.low, 14);
  });

  test("the variance does not cancel under a large offset", () => {
    expect(sampleVariance([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
  });

  test("the 90 % interval of four normals covers the mean in 90 % of the cases", () => {
    const cases = 10_000;
    const draws = new Float64Array(4 * cases);
    fillNormal(draws, 0, draws.length, 0, deriveKey(3, "interval coverage"), 0, 0, 0);
    let covered = 0;
    for (let index = 0; index < cases; index += 1) {
      const { low, high } = meanWithInterval(draws.subarray(4 * index, 4 * index + 4), 0.9);
      if (low <= 0 && 0 <= high) covered += 1;
    }
    expect(Math.abs(covered / cases - 0.9) / Math.sqrt((0.9 * 0.1) / cases)).toBeLessThan(4);
  });

  test("too few numbers and a level outside (0, 1) are refused", () => {
    expect(() => mean([])).toThrow("values: expected at least one number");
    expect(() => sampleVariance([1])).toThrow("values: expected at least two numbers");
    expect(() => meanWithInterval([1, 2], 1)).toThrow("level: expected a number in (0, 1), got 1");
  });
});

describe("fitLine", () => {
  test("agrees with scipy's linregress and its intervals", () => {
    const { x, y, plain } = reference;
    const fit = fitLine(x, y);
    expect(fit.slope.value).toBeCloseTo(plain.slope, 13);
    expect(fit.slope.error).toBeCloseTo(plain.slopeError, 13);
    expect(fit.intercept.value).toBeCloseTo(plain.intercept, 13);
    expect(fit.intercept.error).toBeCloseTo(plain.interceptError, 13);
    expect(fit.slope.high - fit.slope.value).toBeCloseTo(plain.t * plain.slopeError, 9);
    expect(fit.degreesOfFreedom).toBe(4);
  });

  test("agrees with numpy's weighted fit where the scatter exceeds the errors", () => {
    const { x, y, errors, weighted } = reference;
    const fit = fitLine(x, y, { errors });
    expect(fit.reducedChiSquare).toBeCloseTo(weighted.reducedChiSquare, 12);
    expect(fit.slope.value).toBeCloseTo(weighted.slope, 13);
    expect(fit.slope.error).toBeCloseTo(weighted.slopeError, 13);
    expect(fit.intercept.value).toBeCloseTo(weighted.intercept, 13);
    expect(fit.intercept.error).toBeCloseTo(weighted.interceptError, 13);
  });

  test("keeps the given errors where the points lie closer to a line than they should", () => {
    const fit = fitLine([0, 1, 2, 3], [0, 1, 2, 3], { errors: [0.1, 0.1, 0.1, 0.1] });
    expect(fit.reducedChiSquare).toBeLessThan(1e-20);
    // variance of the slope: sigma^2 / sum (x - mean)^2 = 0.01/5
    expect(fit.slope.error).toBeCloseTo(Math.sqrt(0.01 / 5), 14);
  });

  test("the 95 % interval of the slope covers the truth in 95 % of the cases", () => {
    const cases = 4_000;
    const x = [0, 1, 2, 3, 4];
    const noise = new Float64Array(5 * cases);
    fillNormal(noise, 0, noise.length, 0, deriveKey(3, "slope coverage"), 0, 0, 0);
    let covered = 0;
    for (let index = 0; index < cases; index += 1) {
      const { slope } = fitLine(
        x,
        x.map((at) => 1 - 2 * at + noise[5 * index + at]),
      );
      if (slope.low <= -2 && -2 <= slope.high) covered += 1;
    }
    expect(Math.abs(covered / cases - 0.95) / Math.sqrt((0.95 * 0.05) / cases)).toBeLessThan(4);
  });

  test("refuses what no line can be fitted to", () => {
    expect(() => fitLine([1, 2], [1, 2])).toThrow("x: expected at least 3 points");
    expect(() => fitLine([1, 1, 1], [1, 2, 3])).toThrow("x: expected at least two different numbers");
    expect(() => fitLine([1, 2, 3], [1, Number.NaN, 3])).toThrow("y[1]: expected a finite number, got NaN");
    expect(() => fitLine([1, 2, 3], [1, 2])).toThrow("y: expected 3 numbers");
    expect(() => fitLine([1, 2, 3], [1, 2, 3], { errors: [1, 0, 1] })).toThrow("errors[1]: expected a positive");
    expect(() => fitLine([1, 2, 3], [1, 2, 3], { errors: [1] })).toThrow("errors: expected 3 numbers");
  });
});

describe("fitPowerLaw", () => {
  test("finds the exponent and the factor of an exact power law", () => {
    const x = [64, 256, 1024, 4096];
    const fit = fitPowerLaw(
      x,
      x.map((width) => 3.5 / width),
    );
    expect(fit.slope.value).toBeCloseTo(-1, 12);
    expect(Math.exp(fit.intercept.value)).toBeCloseTo(3.5, 11);
    expect(fit.slope.error).toBeLessThan(1e-12);
  });

  test("weighs points by their relative errors", () => {
    const x = [1, 2, 4, 8];
    const y = [1, 0.5, 0.25, 1];
    const errors = [0.01, 0.005, 0.0025, 100];
    const fit = fitPowerLaw(x, y, { errors });
    const expected = fitLine(x.map(Math.log), y.map(Math.log), { errors: [0.01, 0.01, 0.01, 100] });
    expect(fit.slope.value).toBeCloseTo(expected.slope.value, 14);
    expect(fit.slope.error).toBeCloseTo(expected.slope.error, 14);
    expect(Math.abs(fit.slope.value + 1)).toBeLessThan(1e-6);
  });

  test("refuses numbers without a logarithm", () => {
    expect(() => fitPowerLaw([1, 2, 3], [1, 0, 2])).toThrow("y[1]: expected a positive finite number, got 0");
    expect(() => fitPowerLaw([1, -2, 3], [1, 1, 2])).toThrow("x[1]: expected a positive finite number, got -2");
  });
});
