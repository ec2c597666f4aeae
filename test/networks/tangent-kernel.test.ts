import { describe, expect, it } from "vitest";
import * as activations from "../../src/networks/activations.ts";
import {
  bottleneck,
  buildNetwork,
  dense,
  type Network,
  type NetworkPlan,
  type Particles,
  particlesOn,
  tangentKernel,
  twoLayer,
} from "../../src/networks/index.ts";
import { deriveKey, fillNormal, mean, standardError } from "../../src/numerics/index.ts";

const dimension = 3;
const networks: Record<string, NetworkPlan> = {
  "two-layer": twoLayer({ width: 6 }),
  "leaky two-layer": twoLayer({ width: 8, activation: activations.leakyRelu({ negativeSlope: 0.3 }) }),
  dense: dense({ firstLayerWidth: 5, secondLayerWidth: 4 }),
  "leaky dense": dense({
    firstLayerWidth: 3,
    secondLayerWidth: 7,
    activation: activations.leakyRelu({ negativeSlope: 0.2 }),
  }),
  "tanh two-layer": twoLayer({ width: 6, activation: activations.tanh() }),
  "softplus dense": dense({ firstLayerWidth: 4, secondLayerWidth: 3, activation: activations.softplus() }),
  bottleneck: bottleneck({ firstLayerWidth: 5, secondLayerWidth: 3 }),
  "trained bottleneck": bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2, trainOuterWeights: true }),
};

/** Normal numbers: no neuron of them stands at a kink. */
function normals(length: number, label: string): Float64Array {
  const out = new Float64Array(length);
  fillNormal(out, 0, length, 0, deriveKey("tangent", label), 0, 0, 0);
  return out;
}

/** Gradients of f by central differences, one row of parameters a point. */
function gradients(network: Network, particles: Particles, points: Float64Array): Float64Array[] {
  const count = points.length / dimension;
  const step = 1e-6;
  const rows = Array.from({ length: count }, () => new Float64Array(network.layout.length));
  const out = new Float64Array(count);
  for (let index = 0; index < network.layout.length; index += 1) {
    for (const sign of [1, -1]) {
      const moved = particlesOn(network.layout, Float64Array.from(particles.buffer));
      moved.buffer[index] += sign * step;
      network.evaluate(moved, points, count, out);
      for (let s = 0; s < count; s += 1) rows[s][index] += (sign * out[s]) / (2 * step);
    }
  }
  return rows;
}

/** The neurons that the mean over a parameter of this array runs over, as docs/architecture.md's velocities have them. */
const neurons = (network: Network, name: string): number => {
  const array = network.layout.arrays.find((each) => each.name === name);
  if (array === undefined) throw new Error(name);
  return name === "u" ? array.length : array.shape[0];
};

describe.each(Object.entries(networks))("the tangent kernel of a %s network", (_name, plan) => {
  const network = buildNetwork(plan, dimension);
  const particles = particlesOn(network.layout, normals(network.layout.length, "particles"));
  // One neuron of the bottleneck's second layer that is on everywhere, so that no kernel is 0.
  if (plan.kind === "bottleneck") [particles.arrays.v[0], particles.arrays.b[0]] = [0.5, 1];
  const points = normals(5 * dimension, "points");
  const others = normals(3 * dimension, "others");
  const trained = (name: string) => (plan.kind === "bottleneck" && !plan.trainOuterWeights && name === "a" ? 0 : 1);

  it("is the sum over parameters of speed times neurons times both derivatives, by finite differences", () => {
    const [rows, columns] = [gradients(network, particles, points), gradients(network, particles, others)];
    const speeds: Record<string, number> = {};
    for (const [index, { name }] of network.layout.arrays.entries()) speeds[name] = 0.5 + index;
    for (const given of [undefined, speeds]) {
      const options = given === undefined ? { points, others } : { points, others, speeds: given };
      const kernel = tangentKernel(network, particles, options);
      expect(kernel).toHaveLength(15);
      for (const [at, left] of rows.entries()) {
        for (const [column, right] of columns.entries()) {
          let sum = 0;
          for (const { name, offset, length } of network.layout.arrays) {
            const factor = (given?.[name] ?? trained(name)) * neurons(network, name);
            for (let k = offset; k < offset + length; k += 1) sum += factor * left[k] * right[k];
          }
          expect(Math.abs(kernel[at * 3 + column] - sum)).toBeLessThan(1e-7 * (1 + Math.abs(sum)));
        }
      }
    }
  });

  it("is symmetric, and the same with the same points as columns", () => {
    const kernel = tangentKernel(network, particles, { points });
    expect(tangentKernel(network, particles, { points, others: Float64Array.from(points) })).toEqual(kernel);
    for (let row = 0; row < 5; row += 1) {
      expect(kernel[row * 5 + row]).toBeGreaterThan(0);
      for (let column = 0; column < 5; column += 1) expect(kernel[row * 5 + column]).toBe(kernel[column * 5 + row]);
    }
  });

  it("refuses points that are no rows and speeds that are none", () => {
    expect(() => tangentKernel(network, particles, { points: new Float64Array(4) })).toThrow(
      "points: expected rows of 3 numbers, got",
    );
    expect(() => tangentKernel(network, particles, { points, others: new Float64Array(0) })).toThrow(
      "others: expected",
    );
    expect(() => tangentKernel(network, particles, { points, speeds: { w: -1 } })).toThrow(
      "speeds.w: expected a finite number >= 0, got -1",
    );
  });
});

describe("the tangent kernel at a start", () => {
  /** E over (w, b) ~ N(0, I): arc-cosine kernels of order 0 and 1 on inputs (x, 1) (Cho, Saul 2009), weights by a = +-1. */
  function infiniteTwoLayer(x: Float64Array, y: Float64Array): number {
    let product = 1;
    let [left, right] = [1, 1];
    for (let k = 0; k < dimension; k += 1) {
      product += x[k] * y[k];
      left += x[k] * x[k];
      right += y[k] * y[k];
    }
    const norms = Math.sqrt(left * right);
    const angle = Math.acos(Math.min(1, product / norms));
    const first = (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle)) / (2 * Math.PI);
    return (product * (Math.PI - angle)) / (2 * Math.PI) + norms * first;
  }

  it("has the arc-cosine kernels as its mean over Gaussian starts of the two-layer network", () => {
    const network = buildNetwork(twoLayer({ width: 200, start: "gaussian" }), dimension);
    const points = normals(4 * dimension, "points");
    const starts = Array.from({ length: 60 }, (_, seed) => tangentKernel(network, network.start(seed), { points }));
    for (let row = 0; row < 4; row += 1) {
      for (let column = 0; column <= row; column += 1) {
        const at = (index: number) => points.subarray(index * dimension, (index + 1) * dimension);
        const entries = starts.map((kernel) => kernel[row * 4 + column]);
        const z = (mean(entries) - infiniteTwoLayer(at(row), at(column))) / standardError(entries);
        expect(Math.abs(z)).toBeLessThan(4);
      }
    }
  });
});
