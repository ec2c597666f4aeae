import { describe, expect, it } from "vitest";
import { type ActivationSpec, buildActivation, buildNetwork, dense, twoLayer } from "../../src/networks/index.ts";
import { createSmoothSphericalMean } from "../../src/networks/smooth-spherical-mean.ts";
import {
  arrangedDirections,
  deriveKey,
  gaussLegendre,
  logGamma,
  mean,
  standardError,
} from "../../src/numerics/index.ts";

const smooth: readonly ActivationSpec[] = [{ kind: "tanh" }, { kind: "erf" }, { kind: "softplus" }];
const dimensions = [2, 3, 4, 5, 10, 47, 300];

const rule = gaussLegendre(15);

/**
 * E_u sigma(s u_1 + b) by adaptive bisection in theta = arccos u_1: halves an interval until both halves agree with the whole, and one near the bend
 * at least until it is as short as the bend, which its nodes would miss otherwise.
 */
function adaptive(sigma: (z: number) => number, dimension: number, scale: number, offset: number): number {
  const logDensity = logGamma(dimension / 2) - logGamma((dimension - 1) / 2) - 0.5 * Math.log(Math.PI);
  const bend = Math.acos(Math.max(-1, Math.min(1, -offset / scale)));
  const panel = (from: number, to: number): number => {
    let sum = 0;
    for (let node = 0; node < 15; node += 1) {
      const theta = from + ((to - from) / 2) * (1 + rule.nodes[node]);
      const weight = Math.exp(logDensity) * Math.sin(theta) ** (dimension - 2);
      sum += rule.weights[node] * weight * sigma(scale * Math.cos(theta) + offset);
    }
    return ((to - from) / 2) * sum;
  };
  const refine = (from: number, to: number, whole: number, depth: number): number => {
    const middle = (from + to) / 2;
    const [left, right] = [panel(from, middle), panel(middle, to)];
    const isCoarse = Math.abs(middle - bend) < to - from && to - from > 1 / scale;
    if (depth > 40 || (!isCoarse && Math.abs(left + right - whole) < 1e-15 * (1 + Math.abs(whole))))
      return left + right;
    return refine(from, middle, left, depth + 1) + refine(middle, to, right, depth + 1);
  };
  return refine(0, Math.PI, panel(0, Math.PI), 0);
}

describe.each(smooth)("the spherical mean of $kind", (spec) => {
  const activation = buildActivation(spec);

  it.each(dimensions)("agrees with adaptive quadrature for every scale and offset (d = %d)", (dimension) => {
    const phi = createSmoothSphericalMean(dimension, activation);
    for (const scale of [0, 1e-8, 0.1, 0.7, 2, 5, 11, 40, 90, 110, 250, 3000, 1e6]) {
      for (const position of [-1.5, -1, -0.999, -0.4, 0, 0.05, 0.7, 1, 1.2]) {
        for (const offset of [position * scale, position * scale + 0.3]) {
          const expected = adaptive(activation.value, dimension, scale, offset);
          const error = Math.abs(phi.value(scale, offset) - expected) / Math.max(1, Math.abs(expected));
          // 1e-12 for phi, as much for the adaptive sums.
          expect(error, `s=${scale} b=${offset}`).toBeLessThan(2e-12);
        }
      }
    }
  });

  it("is sigma(b) at s = 0, and refuses a negative or NaN scale", () => {
    const phi = createSmoothSphericalMean(6, activation);
    expect(phi.value(0, 0.7)).toBeCloseTo(activation.value(0.7), 14);
    for (const scale of [-1, Number.NaN]) expect(() => phi.value(scale, 0)).toThrow(/^scale: expected a number >= 0/);
    expect(() => createSmoothSphericalMean(1, activation)).toThrow(/^dimension: expected an integer >= 2, got 1/);
  });

  it.each([2, 3, 9])("of a two-layer network is the mean of f over rotations, by Monte Carlo (d = %d)", (dimension) => {
    const network = buildNetwork(twoLayer({ width: 8, activation: spec }), dimension);
    const particles = network.start(4);
    particles.arrays.a.forEach((_, i) => {
      particles.arrays.a[i] = 1 + Math.sin(3 * i);
    });
    const symmetric = network.sphericalMean(particles);
    expect(symmetric.pieces).toBe(null);
    const count = 20_000;
    const directions = arrangedDirections(count, "independent", dimension, deriveKey(5, "mean", spec.kind));
    const values = new Float64Array(count);
    for (const radius of [0.3, 1, 2.5]) {
      network.evaluate(
        particles,
        directions.map((value) => radius * value),
        count,
        values,
      );
      expect(Math.abs(symmetric.value(radius) - mean(values))).toBeLessThan(4 * standardError(values));
      expect(standardError(values)).toBeGreaterThan(1e-5);
    }
  });

  it("of a dense network has the mean over rotations inside the outer sigma", () => {
    const dimension = 4;
    const network = buildNetwork(dense({ firstLayerWidth: 7, secondLayerWidth: 5, activation: spec }), dimension);
    const particles = network.start(2);
    const { w, c, u, e, a } = particles.arrays;
    for (const radius of [0.2, 1, 3]) {
      const hidden = Array.from(c, (offset, i) =>
        adaptive(activation.value, dimension, radius * Math.hypot(...w.subarray(4 * i, 4 * i + 4)), offset),
      );
      let expected = 0;
      for (let j = 0; j < 5; j += 1) {
        const inner = hidden.reduce((sum, h, i) => sum + (u[7 * j + i] * h) / 7, e[j]);
        expected += (a[j] * activation.value(inner)) / 5;
      }
      expect(network.sphericalMean(particles).value(radius)).toBeCloseTo(expected, 12);
    }
  });
});

describe.each(smooth)("networks of $kind along rays", (spec) => {
  it.each([
    twoLayer({ width: 10, activation: spec }),
    dense({ firstLayerWidth: 9, secondLayerWidth: 4, activation: spec }),
  ])("have the values that they have at points, and no pieces ($kind)", (plan) => {
    const network = buildNetwork(plan, 3);
    const particles = network.start(3);
    particles.buffer.forEach((value, index) => {
      particles.buffer[index] = value + 0.3 * Math.sin(2 * index);
    });
    const directions = arrangedDirections(7, "independent", 3, deriveKey(1, "rays"));
    const bundle = network.along(particles, directions, 7);
    expect(bundle.pieces).toBe(null);
    expect(bundle.centredPieces).toBe(null);
    const radii = Float64Array.of(0.1, 0.9, 4);
    const read = bundle.valuesAt(radii);
    const found = new Float64Array(3);
    const expected = new Float64Array(7);
    for (const [node, radius] of radii.entries()) {
      network.evaluate(
        particles,
        directions.map((value) => radius * value),
        7,
        expected,
      );
      for (let ray = 0; ray < 7; ray += 1) {
        read(ray, found);
        expect(found[node]).toBeCloseTo(expected[ray], 14);
      }
    }
  });

  it("observe no conserved quantity, since there is none", () => {
    for (const plan of [
      twoLayer({ width: 10, activation: spec }),
      dense({ firstLayerWidth: 9, secondLayerWidth: 4, activation: spec }),
    ]) {
      const network = buildNetwork(plan, 3);
      expect(Object.keys(network.observe(network.start(1), null)).filter((name) => /conserved/.test(name))).toEqual([]);
    }
  });
});
