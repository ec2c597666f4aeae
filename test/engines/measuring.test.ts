import { afterEach, describe, expect, it } from "vitest";
import { laws, networks, targets } from "../../src/index.ts";
import { createTwoLayerLimit, twoLayerState } from "../../src/limits/two-layer.ts";
import { evaluateFirstLayer, type MeasuringKernels, measureWith, particlesOn } from "../../src/networks/index.ts";
import { createSphericalSums, sphericalProfile } from "../../src/networks/spherical-sums.ts";
import { arrangedDirections, deriveKey } from "../../src/numerics/index.ts";
import { fillNormal } from "../../src/numerics/random/index.ts";
import { compiledEngines } from "./installed.ts";

function normals(count: number, label: string): Float64Array {
  const values = new Float64Array(count);
  fillNormal(values, 0, count, 0, deriveKey("measuring", label), 0, 0, 0);
  return values;
}

/** Numbers that no engine may change: `measured` with TypeScript and with `kernels`, as bits. */
function bothWays(kernels: MeasuringKernels | null, measured: () => Float64Array): readonly [Buffer, Buffer] {
  return [null, kernels].map((chosen) => {
    measureWith(chosen);
    return Buffer.from(measured().slice().buffer);
  }) as unknown as readonly [Buffer, Buffer];
}

const directionsOf = (count: number, dimension: number) =>
  arrangedDirections(count, "independent", dimension, deriveKey("measuring", "directions", dimension));

/** Widths, dimensions and numbers of points that fill tiles, leave them half empty, or are less than one. */
const sizes = [
  [1, 2, 1],
  [7, 3, 5],
  [33, 10, 70],
  [64, 4, 32],
  [129, 17, 33],
  [258, 10, 600],
] as const;

afterEach(() => measureWith(null));

describe.each(compiledEngines())(
  "sums over neurons on $title, $arithmetic, have the bits of TypeScript",
  ({ engine }) => {
    const kernels = engine.measuring;

    it("exist", () => expect(kernels).not.toBeNull());

    it.each(sizes)("in the first layer of a bottleneck, m1 = %i, d = %i, %i points", (width, dimension, count) => {
      const network = networks.buildNetwork(
        networks.bottleneck({ firstLayerWidth: width, secondLayerWidth: 1 }),
        dimension,
      );
      const particles = particlesOn(network.layout);
      particles.arrays.w.set(normals(width * dimension, `w ${width}`));
      // A neuron that is off; in some sizes one that is no number, which comes out at every point.
      particles.arrays.w.fill(0, 0, dimension);
      if (width === 33) particles.arrays.w[7 * dimension] = Number.NaN;
      const [expected, got] = bothWays(kernels, () => {
        const out = new Float64Array(count);
        evaluateFirstLayer(particles, dimension, directionsOf(count, dimension), count, out);
        return out;
      });
      expect(got.equals(expected)).toBe(true);
    });

    it.each(sizes)("in the variance of a first layer, m1 = %i, d = %i", (width, dimension) => {
      const w = normals(width * dimension, `variance ${width}`);
      // Parallel rows and opposite ones, whose cosines rounding may push beyond 1.
      if (width > 3) w.copyWithin(2 * dimension, dimension, 2 * dimension);
      if (width > 5)
        w.set(
          w.slice(dimension, 2 * dimension).map((value) => -3 * value),
          4 * dimension,
        );
      if (width > 20) w.fill(0, 9 * dimension, 10 * dimension);
      const [expected, got] = bothWays(kernels, () => Float64Array.of(networks.relativeVariance(w, dimension)));
      expect(got.equals(expected)).toBe(true);
      expect(Number.isFinite(expected.readDoubleLE())).toBe(true);
    });

    it.each(sizes)("in the values of a two-layer network, m = 2 x %i, d = %i, %i rays", (half, dimension, count) => {
      const nodes = Float64Array.of(0.01, 0.011, 0.4, 0.8, 0.81, 0.82, 1.3, 1.9, 2, 2.6, 2.9);
      const directions = directionsOf(count, dimension);
      for (const activation of [{ kind: "relu" }, { kind: "leaky-relu", negativeSlope: 0.2 }] as const) {
        const spec = networks.twoLayer({ width: 2 * half, activation });
        const network = networks.buildNetwork(spec, dimension);
        const particles = particlesOn(network.layout);
        particles.buffer.set(normals(particles.buffer.length, `two-layer ${half}`));
        // Neurons that switch nowhere, and at 0.
        particles.arrays.b[0] = 0;
        if (half > 5) particles.arrays.w.fill(0, 3 * dimension, 4 * dimension);
        const read = () => {
          const values = network.along(particles, directions, count).valuesAt(nodes);
          const out = new Float64Array(count * nodes.length);
          for (let ray = 0; ray < count; ray += 1)
            values(ray, out.subarray(ray * nodes.length, (ray + 1) * nodes.length));
          return out;
        };
        const [expected, got] = bothWays(kernels, read);
        expect(got.equals(expected)).toBe(true);
      }
    });

    it.each([2, 3, 10, 11, 100, 1000])("in spherical sums and their integrals, d = %i", (dimension) => {
      const width = 75;
      const [amplitudes, norms, offsets] = ["a", "norm", "b"].map((label) => normals(width, label));
      norms[3] = 0;
      offsets[4] = 0;
      norms[5] = 0;
      offsets[5] = 0;
      for (const count of [1, 8, 13, 64]) {
        const radii = Float64Array.from({ length: count }, (_, node) => 0.02 + (3 * node) / count);
        const weights = radii.map((radius) => Math.cos(5 * radius));
        const [expected, got] = bothWays(kernels, () => {
          const sums = createSphericalSums(dimension, radii, width + 3);
          const added = new Float64Array(count).fill(0.3);
          const integrals = new Float64Array(2 * width);
          sums.add(amplitudes, norms, offsets, added);
          // What another profile does in between must not matter.
          const profile = sphericalProfile(dimension, amplitudes, norms, offsets, radii);
          sums.integrate(weights, integrals.subarray(0, width), integrals.subarray(width));
          return Float64Array.of(...added, ...profile, ...integrals);
        });
        expect(got.equals(expected)).toBe(true);
      }
    });

    it("in steps of the two-layer network's limit", () => {
      const width = 40;
      const law = laws.buildLaw(laws.heavyTailed({ dimension: 10, radiusCutoff: 3 }));
      const target = targets.buildTarget(targets.hinge());
      const start = twoLayerState({
        a: normals(width, "limit a"),
        rho: normals(width, "limit rho").map((value) => 3 * Math.abs(value)),
        b: normals(width, "limit b"),
      });
      const [expected, got] = bothWays(kernels, () => {
        const limit = createTwoLayerLimit({ law, target, width });
        const y = start.slice();
        for (let step = 0; step < 20; step += 1) limit.eulerStep(y, 0.5);
        return Float64Array.of(...y, limit.loss(y));
      });
      expect(got.equals(expected)).toBe(true);
    });

    it("after rooms of other sizes were used", () => {
      const rows = normals(300, "rows");
      const out = new Float64Array(50);
      const large = normals(30_000, "large");
      const first = new Float64Array(50);
      kernels?.reluSums(rows, rows.subarray(0, 30), 10, rows, 30, first);
      kernels?.reluSums(large, large.subarray(0, 1500), 20, large, 50, new Float64Array(50));
      kernels?.reluSums(rows, rows.subarray(0, 30), 10, rows, 30, out);
      expect(out).toEqual(first);
      expect(first.some((value) => value !== 0)).toBe(true);
    });
  },
);
