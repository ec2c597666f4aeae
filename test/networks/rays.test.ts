import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bottleneck,
  buildNetwork,
  createPieceBuffer,
  evaluateFirstLayer,
  linearPiecesOf,
  type Network,
  type Particles,
  type PieceBuffer,
  particlesOn,
  relativeVariance,
  twoLayer,
} from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey, mean, standardError } from "../../src/numerics/index.ts";

const networks: Record<string, { network: Network; dimension: number }[]> = {
  bottleneck: [2, 3, 7].map((dimension) => ({
    network: buildNetwork(bottleneck({ firstLayerWidth: 5, secondLayerWidth: 6 }), dimension),
    dimension,
  })),
  "two-layer": [2, 3, 7].map((dimension) => ({ network: buildNetwork(twoLayer({ width: 8 }), dimension), dimension })),
  "leaky two-layer": [2, 3, 7].map((dimension) => ({
    network: buildNetwork(twoLayer({ width: 8, activation: { kind: "leaky-relu", negativeSlope: 0.4 } }), dimension),
    dimension,
  })),
};

/** Particles of both signs, with zeros among them: atoms at v = 0, b = 0, neurons that are off. (Products of two never underflow.) */
const numbers = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).filter((value) => Math.abs(value) > 1e-100) },
  { weight: 2, arbitrary: fc.constant(0) },
);

function particlesOf(network: Network, values: readonly number[]): Particles {
  const particles = particlesOn(network.layout);
  for (let index = 0; index < particles.buffer.length; index += 1)
    particles.buffer[index] = values[index % values.length];
  return particles;
}

function valueAt(pieces: PieceBuffer, radius: number): number {
  let piece = 0;
  while (piece + 1 < pieces.count && pieces.starts[piece + 1] <= radius) piece += 1;
  return pieces.slopes[piece] * radius + pieces.intercepts[piece];
}

describe.each(Object.keys(networks))("the %s network along rays", (name) => {
  it("has pieces that give f at every radius, whatever the signs of its particles", () => {
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 70, maxLength: 70 }),
        fc.constantFrom(0, 1, 2),
        fc.nat(1000),
        (values, which, ray) => {
          const { network, dimension } = networks[name][which];
          const particles = particlesOf(network, values);
          const direction = arrangedDirections(1, "independent", dimension, deriveKey(ray, "ray"));
          const bundle = network.along(particles, direction, 1);
          const pieces = createPieceBuffer(bundle.capacity);
          linearPiecesOf(bundle)(0, pieces);
          expect(pieces.starts[0]).toBe(0);
          const out = new Float64Array(1);
          for (const radius of [0, 0.01, 0.3, 1, 2.5, 40]) {
            network.evaluate(
              particles,
              direction.map((value) => radius * value),
              1,
              out,
            );
            // Values up to about 3^4 radius d; rounding of sums of at most 60 terms.
            expect(Math.abs(valueAt(pieces, radius) - out[0])).toBeLessThan(1e-11 * (1 + radius));
          }
          for (let piece = 1; piece < pieces.count; piece += 1) {
            expect(pieces.starts[piece]).toBeGreaterThanOrEqual(pieces.starts[piece - 1]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has the same values at ascending radii as at single points, ray by ray and in any order", () => {
    // Radii close together, equal to kinks and far out; 19 rays are two whole blocks and a part of one.
    const rays = 19;
    const nodes = Float64Array.of(1e-9, 0.01, 0.011, 0.5, 1, 1.5, 2, 3, 40);
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 70, maxLength: 70 }), fc.constantFrom(0, 1, 2), (values, which) => {
        const { network, dimension } = networks[name][which];
        const particles = particlesOf(network, values);
        const directions = arrangedDirections(rays, "frames", dimension, deriveKey(4, "values"));
        // Along an axis, w = (1, ...) and b = -1 switch at r = 1 itself.
        directions.fill(0, 0, dimension);
        directions[0] = 1;
        const read = network.along(particles, directions, rays).valuesAt(nodes);
        const found = new Float64Array(nodes.length);
        const expected = new Float64Array(rays);
        for (const ray of [0, 1, 7, 8, 18, 3, 17]) {
          read(ray, found);
          nodes.forEach((radius, node) => {
            network.evaluate(
              particles,
              directions.map((value) => radius * value),
              rays,
              expected,
            );
            expect(Math.abs(found[node] - expected[ray])).toBeLessThan(1e-11 * (1 + radius));
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has a spherical mean that Monte Carlo over rotations of its first layer confirms", () => {
    const { network, dimension } = networks[name][1];
    const particles = particlesOf(
      network,
      Array.from({ length: 53 }, (_, index) => Math.sin(5 * index + 1)),
    );
    const symmetrization = network.sphericalMean(particles);
    const count = 20_000;
    const directions = arrangedDirections(count, "independent", dimension, deriveKey(3, "mean"));
    for (const radius of [0.2, 1, 3]) {
      if (name !== "bottleneck") {
        const values = new Float64Array(count);
        network.evaluate(
          particles,
          directions.map((value) => radius * value),
          count,
          values,
        );
        expect(Math.abs(mean(values) - symmetrization.value(radius)) / standardError(values)).toBeLessThan(4);
      } else {
        // The mean is taken inside the outer layer: F is averaged, then f is the outer layer at alpha r.
        const { w, v, b, a } = particles.arrays;
        let squares = 0;
        for (const value of w) squares += value * value;
        const alpha = squares / 5 / 4; // C_3 = E relu(u_1) = 1/4
        let sum = 0;
        for (let j = 0; j < 6; j += 1) sum += (a[j] * Math.max(0, v[j] * alpha * radius + b[j])) / 6;
        expect(symmetrization.value(radius)).toBeCloseTo(sum, 13);
      }
      if (symmetrization.valuesAt !== undefined) {
        const [found] = symmetrization.valuesAt(Float64Array.of(radius, 2 * radius));
        expect(found).toBeCloseTo(symmetrization.value(radius), 13);
      }
      if (symmetrization.pieces !== null) {
        const buffer = { ...symmetrization.pieces, count: symmetrization.pieces.starts.length };
        expect(valueAt(buffer, radius)).toBeCloseTo(symmetrization.value(radius), 13);
      }
    }
  });
});

describe("the bottleneck's first layer", () => {
  it.each([1, 7, 8, 13])("is the mean of |w| relu(w.x) at each of %i points", (count) => {
    const dimension = 3;
    const network = buildNetwork(bottleneck({ firstLayerWidth: 5, secondLayerWidth: 1 }), dimension);
    const particles = particlesOf(
      network,
      Array.from({ length: 18 }, (_, index) => Math.sin(3 * index)),
    );
    const { w } = particles.arrays;
    const points = Float64Array.from({ length: count * dimension }, (_, index) => Math.cos(index * index));
    const found = new Float64Array(count + 1).fill(0.5);
    evaluateFirstLayer(particles, dimension, points, count, found);
    for (let s = 0; s < count; s += 1) {
      let sum = 0;
      for (let i = 0; i < 5; i += 1) {
        const row = w.subarray(3 * i, 3 * i + 3);
        const product = row.reduce((total, value, k) => total + value * points[3 * s + k], 0);
        sum += Math.hypot(...row) * Math.max(0, product);
      }
      expect(Math.abs(found[s] - sum / 5)).toBeLessThan(1e-15);
    }
    expect(found[count]).toBe(0.5);
  });
});

describe("the bottleneck network without any atom on", () => {
  it("is exactly 0 beyond its last kink, so that an infinite moment does not meet a rounding error", () => {
    const dimension = 3;
    const network = buildNetwork(bottleneck({ firstLayerWidth: 7, secondLayerWidth: 40 }), dimension);
    const particles = network.start(2);
    for (let j = 0; j < 40; j += 1) particles.arrays.a[j] = Math.cos(j);
    const directions = arrangedDirections(20, "independent", dimension, deriveKey(1, "rays"));
    const bundle = network.along(particles, directions, 20);
    const pieces = createPieceBuffer(bundle.capacity);
    for (const write of [bundle.pieces, bundle.centredPieces]) {
      for (let ray = 0; ray < 20; ray += 1) {
        write?.(ray, pieces);
        if (pieces.count === 1) continue; // F(u) = 0: constant
        expect(pieces.count).toBe(41);
        expect(Math.abs(pieces.slopes[40])).toBe(0);
        expect(Math.abs(pieces.intercepts[40])).toBe(0);
      }
    }
  });
});

describe("the bottleneck network's observables", () => {
  it("are alpha, the atoms' means, the conserved quantity, and the relative variance of F on the rays", () => {
    const dimension = 3;
    const network = buildNetwork(
      bottleneck({ firstLayerWidth: 12, secondLayerWidth: 2, initialAlpha: 0.8 }),
      dimension,
    );
    const particles = network.start(2);
    const directions = arrangedDirections(4000, "independent", dimension, deriveKey(1, "rays"));
    const observed = network.observe(particles, network.along(particles, directions, 4000));
    const { w, v } = particles.arrays;
    expect(observed.alpha).toBeCloseTo(0.8, 13);
    expect(observed.v).toBeCloseTo((v[0] + v[1]) / 2, 14);
    // alpha = C_3 mean |w|^2 with C_3 = 1/4.
    expect(observed.conserved).toBeCloseTo(0.8 * 4 - (v[0] ** 2 + v[1] ** 2), 12);
    // A mean of 4000 squares that scatter about as much as they are large.
    expect(Math.abs(observed.relativeVariance / relativeVariance(w, dimension) - 1)).toBeLessThan(
      4 * Math.sqrt(2 / 4000),
    );
    expect(network.observe(particles, null)).not.toHaveProperty("relativeVariance");
  });

  it("are finite numbers when every first-layer neuron is at 0", () => {
    const network = buildNetwork(bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2 }), 2);
    const particles = particlesOn(network.layout);
    const observed = network.observe(particles, network.along(particles, Float64Array.of(1, 0), 1));
    expect(Object.values(observed).every(Number.isFinite)).toBe(true);
  });
});
