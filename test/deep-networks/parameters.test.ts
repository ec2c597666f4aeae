import { expect, it } from "vitest";
import { deepNetworks } from "../../src/index.ts";

const variances = {
  "he-normal": (inputs: number) => 2 / inputs,
  "he-uniform": (inputs: number) => 2 / inputs,
  "glorot-normal": (inputs: number, outputs: number) => 2 / (inputs + outputs),
  "glorot-uniform": (inputs: number, outputs: number) => 2 / (inputs + outputs),
} as const;

it.each(deepNetworks.deepStarts)(
  "%s weights have mean 0, the stated variance and their distribution's fourth moment",
  (start) => {
    const network = deepNetworks.fullyConnected({ inputs: 50, hiddenWidths: [300, 200], outputs: 4, start });
    const sizes = [50, 300, 200, 4];
    for (const [layer, { weights, biases }] of deepNetworks.startParameters(network, 3).entries()) {
      expect(biases.every((bias) => bias === 0)).toBe(true);
      const variance = variances[start](sizes[layer], sizes[layer + 1]);
      const units = Array.from(weights, (weight) => weight / Math.sqrt(variance));
      // E w^4 and E w^8 of variance 1: 3 and 105 for normals, 9/5 and 9 for uniforms.
      const [fourth, eighth] = start.endsWith("normal") ? [3, 105] : [9 / 5, 9];
      const checks = [
        [units, 0, 1],
        [units.map((unit) => unit ** 2), 1, fourth - 1],
        [units.map((unit) => unit ** 4), fourth, eighth - fourth ** 2],
      ] as const;
      for (const [values, expected, spread] of checks) {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(spread / values.length));
      }
      if (start.endsWith("uniform")) expect(Math.max(...units.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3));
    }
  },
);

it("layers and seeds have weights of their own", () => {
  const network = deepNetworks.fullyConnected({ inputs: 3, hiddenWidths: [3, 3], outputs: 3 });
  const [first, second] = [1, 2].map((seed) => deepNetworks.startParameters(network, seed));
  expect(first[0].weights).not.toEqual(first[1].weights);
  expect(first[0].weights).not.toEqual(second[0].weights);
  expect(deepNetworks.startParameters(network, 1)).toEqual(first);
});
