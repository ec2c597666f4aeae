import { describe, expect, it } from "vitest";
import { deepNetworks, laws, targets } from "../../src/index.ts";

const valueAt = (spec: targets.TargetSpec, point: readonly number[]) =>
  targets.buildTarget(spec).value(Float64Array.from(point), 0, point.length);

describe("k-local and k-global functions", () => {
  it("multiply the named coordinates, and the same places behind each coordinate around the circle", () => {
    const point = [2, 3, 5, 7];
    expect(valueAt(targets.localProduct({ indices: [0, 2], scale: 1 }), point)).toBe(10);
    expect(valueAt(targets.globalProduct({ offsets: [0, 1], scale: 1 }), point)).toBe((6 + 15 + 35 + 14) / 2);
    expect(valueAt(targets.globalProduct({ offsets: [0, 1, 2], scale: 1 }), point)).toBe((30 + 105 + 70 + 42) / 2);
    expect(valueAt(targets.globalProduct({ offsets: [0], scale: 1 }), point)).toBe(17 / 2);
    // Without a scale the coordinates are multiplied by sqrt(d).
    expect(valueAt(targets.localProduct({ indices: [1, 3] }), point)).toBeCloseTo(84, 12);
  });

  it.each([1, 2, 3])("have mean 0 and variance 1 under N(0, I/d) for k = %i", (k) => {
    const dimension = 12;
    const places = Array.from({ length: k }, (_, index) => index);
    const count = 40_000;
    const points = new Float64Array(count * dimension);
    const keys = { low: 5, high: k };
    laws
      .buildLaw(laws.gaussian({ dimension }))
      .sample(points, { first: 0, count, step: 0, replica: 0 }, { directions: keys, radii: keys });
    for (const spec of [targets.localProduct({ indices: places }), targets.globalProduct({ offsets: places })]) {
      const target = targets.buildTarget(spec);
      const values = Array.from({ length: count }, (_, s) => target.value(points, s * dimension, dimension));
      for (const [sample, expected] of [
        [values, 0],
        [values.map((value) => value ** 2), 1],
      ] as const) {
        const mean = sample.reduce((sum, value) => sum + value, 0) / count;
        const variance = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
        expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / count));
      }
    }
  });

  it("are refused where places repeat, are negative or lie beyond the dimension", () => {
    expect(() => targets.localProduct({ indices: [1, 1] })).toThrow(
      "indices: expected 1 to 100 different integers >= 0",
    );
    expect(() => targets.globalProduct({ offsets: [-1] })).toThrow(
      "offsets: expected 1 to 100 different integers >= 0",
    );
    expect(() => valueAt(targets.localProduct({ indices: [4] }), [1, 2])).toThrow(
      "indices: expected integers below the dimension 2, got 4",
    );
  });
});

describe("sign labels", () => {
  const local = targets.localProduct({ indices: [0, 3, 4] });

  it("are 0 where the function is not negative, at inputs of variance 1, and repeat for a longer set", () => {
    const law = laws.gaussian({ dimension: 6 });
    const { inputs, labels } = deepNetworks.signLabels({ law, target: local, count: 4000, seed: 2 });
    for (let s = 0; s < 4000; s += 1) {
      const product = inputs[6 * s] * inputs[6 * s + 3] * inputs[6 * s + 4];
      expect(labels[s]).toBe(product >= 0 ? 0 : 1);
    }
    const square = inputs.reduce((sum, value) => sum + value ** 2, 0) / inputs.length;
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / inputs.length));
    const longer = deepNetworks.signLabels({ law, target: local, count: 5000, seed: 2 });
    expect(longer.inputs.subarray(0, inputs.length)).toEqual(inputs);
    expect(deepNetworks.signLabels({ law, target: local, count: 4000, seed: 2, purpose: "test" }).inputs).not.toEqual(
      inputs,
    );
  });

  it("are the parity of bits on the hypercube", () => {
    const { inputs, labels } = deepNetworks.signLabels({
      law: laws.hypercube({ dimension: 6 }),
      target: local,
      count: 200,
      seed: 2,
    });
    for (let s = 0; s < 200; s += 1) {
      const minuses = [0, 3, 4].filter((k) => inputs[6 * s + k] === -1).length;
      expect(labels[s]).toBe(minuses % 2);
    }
    expect(new Set(inputs)).toEqual(new Set([-1, 1]));
  });
});
