import { describe, expect, it } from "vitest";
import { activations } from "../../src/index.ts";
import { buildNetwork, twoLayer } from "../../src/networks/index.ts";

describe("the two-layer network of leaky ReLU", () => {
  it.each([0, 0.1, 0.9])("is (1/m) sum a_i max(z_i, slope z_i) at slope %d", (negativeSlope) => {
    const dimension = 3;
    const width = 6;
    const network = buildNetwork(twoLayer({ width, activation: { kind: "leaky-relu", negativeSlope } }), dimension);
    const particles = network.start(4);
    particles.buffer.forEach((value, index) => {
      particles.buffer[index] = value + Math.sin(3 * index);
    });
    const { w, b, a } = particles.arrays;
    const points = Float64Array.from({ length: 5 * dimension }, (_, index) => Math.cos(2 * index));
    const out = new Float64Array(5);
    network.evaluate(particles, points, 5, out);
    for (let sample = 0; sample < 5; sample += 1) {
      const terms = Array.from(b, (offset, i) => {
        const z = points
          .subarray(sample * dimension, (sample + 1) * dimension)
          .reduce((sum, x, k) => sum + x * w[i * dimension + k], offset);
        return a[i] * Math.max(z, negativeSlope * z);
      });
      expect(out[sample]).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / width, 14);
    }
  });

  it.each([1, -0.1, Number.NaN, 2])("refuses a slope of %d, in a plan and in a spec", (negativeSlope) => {
    const message = /^activation.negativeSlope: expected a number in \[0, 1\), got/;
    const activation = { kind: "leaky-relu", negativeSlope } as const;
    expect(() => activations.leakyRelu({ negativeSlope })).toThrow(message);
    expect(() => twoLayer({ width: 4, activation })).toThrow(message);
    expect(() => buildNetwork({ kind: "two-layer", width: 4, start: "sphere", activation }, 3)).toThrow(message);
  });

  it("is ReLU's where the spec does not say", () => {
    const network = buildNetwork({ kind: "two-layer", width: 2, start: "sphere" }, 2);
    const particles = network.start(1);
    particles.arrays.w.set([1, 0, 0, 0]);
    particles.arrays.b.set([0, 0]);
    const out = new Float64Array(2);
    network.evaluate(particles, Float64Array.of(2, 0, -2, 0), 2, out);
    expect([...out]).toEqual([1, 0]);
  });
});
