import { describe, expect, it } from "vitest";
import {
  bottleneck,
  bottleneckAlpha,
  buildNetwork,
  evaluateFirstLayer,
  type FirstLayerStart,
  meanReluOfCoordinate,
  relativeHarmonics,
  relativeVariance,
  reluHarmonic,
} from "../../src/networks/index.ts";
import { harmonicCount, mean, standardError } from "../../src/numerics/index.ts";

const particlesOf = (dimension: number, width: number, start: FirstLayerStart, replica = 0) =>
  buildNetwork(bottleneck({ firstLayerWidth: width, secondLayerWidth: 1, start }), dimension).start(5, replica);

describe("relativeHarmonics", () => {
  it("is in the plane the power of F's Fourier coefficients, by sampling F around the circle", () => {
    const width = 7;
    const particles = particlesOf(2, width, "gaussian");
    // F has kinks in the angle: coefficients from n equal angles have errors of n^-2.
    const count = 1 << 14;
    const points = Float64Array.from({ length: 2 * count }, (_, index) => {
      const angle = (2 * Math.PI * Math.floor(index / 2)) / count;
      return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
    const values = new Float64Array(count);
    evaluateFirstLayer(particles, 2, points, count, values);
    const alpha = bottleneckAlpha(particles, 2);
    const degrees = [1, 2, 3, 4, 6, 10];
    const measured = relativeHarmonics(particles.arrays.w, 2, degrees);
    for (const [index, degree] of degrees.entries()) {
      let [cosine, sine] = [0, 0];
      for (let at = 0; at < count; at += 1) {
        cosine += values[at] * Math.cos((2 * Math.PI * degree * at) / count);
        sine += values[at] * Math.sin((2 * Math.PI * degree * at) / count);
      }
      const power = 2 * ((cosine / count) ** 2 + (sine / count) ** 2);
      expect(Math.abs(measured[index] - (width * power) / alpha ** 2)).toBeLessThan(1e-6);
    }
  });

  it("adds up to the relative variance over all degrees", () => {
    for (const dimension of [3, 6]) {
      const { w } = particlesOf(dimension, 41, "gaussian").arrays;
      const degrees = Array.from({ length: 120 }, (_, index) => index + 1);
      const parts = relativeHarmonics(w, dimension, degrees);
      const whole = relativeVariance(w, dimension);
      const sum = parts.reduce((total, part) => total + part, 0);
      // What is left out is positive in the mean, and falls as the third power of the last degree.
      expect(Math.abs(whole - sum)).toBeLessThan(1e-5 * whole);
    }
  });

  it("has the mean N_l lambda_l^2 / C_d^2 over independent starts, and 0 where the arrangement leaves a degree out", () => {
    const dimension = 6;
    const degrees = [1, 2, 4];
    const starts = Array.from({ length: 200 }, (_, replica) =>
      relativeHarmonics(particlesOf(dimension, 24, "sphere", replica).arrays.w, dimension, degrees),
    );
    for (const [index, degree] of degrees.entries()) {
      const values = starts.map((parts) => parts[index]);
      const expected =
        (harmonicCount(degree, dimension) * reluHarmonic(degree, dimension) ** 2) /
        meanReluOfCoordinate(dimension) ** 2;
      expect(Math.abs(mean(values) - expected)).toBeLessThan(4 * standardError(values));
    }
    const pairs = relativeHarmonics(particlesOf(dimension, 24, "antithetic-pairs").arrays.w, dimension, degrees);
    expect(pairs[0]).toBeLessThan(1e-14);
    expect(pairs[1]).toBeGreaterThan(0.1);
    const frames = relativeHarmonics(particlesOf(dimension, 24, "antithetic-frames").arrays.w, dimension, degrees);
    expect(Math.max(frames[0], frames[1])).toBeLessThan(1e-14);
    expect(frames[2]).toBeGreaterThan(0.01);
  });

  it("counts rows of length 0 as neurons that are off", () => {
    const { w } = particlesOf(4, 10, "gaussian").arrays;
    const padded = new Float64Array(w.length + 8);
    padded.set(w);
    const [one, two] = [w, padded].map((rows) => relativeHarmonics(rows, 4, [1, 2]));
    // m1 E h^2/alpha^2 carries the width.
    expect(Math.abs(two[0] / one[0] - 1.2)).toBeLessThan(1e-13);
    expect(Math.abs(two[1] / one[1] - 1.2)).toBeLessThan(1e-13);
  });

  it("refuses degree 0, which is alpha, and degrees out of order", () => {
    const w = Float64Array.of(1, 0, 0, 1);
    expect(() => relativeHarmonics(w, 2, [0])).toThrow(/^degrees: expected integers >= 1, got 0/);
    expect(() => relativeHarmonics(w, 2, [2, 1])).toThrow(/^degrees: expected ascending numbers/);
    expect(() => relativeHarmonics(w, 2, [1.5])).toThrow(/^degree: expected an integer >= 0/);
  });
});
