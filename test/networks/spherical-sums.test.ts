import { describe, expect, test } from "vitest";
import { createSphericalMean } from "../../src/networks/spherical-mean.ts";
import { createSphericalSums, sphericalProfile } from "../../src/networks/spherical-sums.ts";

/** Neurons that switch inside, before, beyond and never, of either sign; norm 0, where the limit norm -> 0+ counts; a norm of the other sign. */
const norms = Float64Array.of(1.2, 0.7, 2.5, 0, 0, 0, -1.1, 3, 0.1);
const offsets = Float64Array.of(0.4, -0.5, -0.01, 0.3, -0.3, 0, 0.9, 0, -2);
const amplitudes = Float64Array.of(1, -0.8, 0.3, 0.5, 2, -1.5, 0.7, 1.1, -0.2);
const radii = Float64Array.of(0.05, 0.3, 1 / 3, 0.71, 1, 1.9, 2.6);

describe.each([2, 3, 10, 200])("sums of spherical means, d = %i", (dimension) => {
  const phi = createSphericalMean(dimension);
  const sums = createSphericalSums(dimension, radii, norms.length);
  const one = new Float64Array(3);

  test("over neurons: those of single calls", () => {
    const added = new Float64Array(radii.length).fill(0.25);
    sums.add(amplitudes, norms, offsets, added);
    radii.forEach((radius, node) => {
      let expected = 0.25;
      amplitudes.forEach((amplitude, i) => {
        expected += amplitude * phi.value(Math.abs(norms[i]) * radius, offsets[i]);
      });
      expect(Math.abs(added[node] - expected)).toBeLessThan(1e-14);
    });
  });

  test("over radii: those of single calls, and of phi by homogeneity", () => {
    const weights = radii.map((radius) => Math.cos(3 * radius));
    const byScale = new Float64Array(norms.length);
    const byOffset = new Float64Array(norms.length);
    sums.add(amplitudes, norms, offsets, new Float64Array(radii.length));
    sums.integrate(weights, byScale, byOffset);
    for (let i = 0; i < norms.length; i += 1) {
      let [value, scaled, moved] = [0, 0, 0];
      radii.forEach((radius, node) => {
        phi.evaluate(Math.abs(norms[i]) * radius, offsets[i], one);
        value += weights[node] * one[0];
        scaled += weights[node] * radius * one[1];
        moved += weights[node] * one[2];
      });
      expect(Math.abs(byScale[i] - scaled)).toBeLessThan(1e-14);
      expect(Math.abs(byOffset[i] - moved)).toBeLessThan(1e-14);
      expect(Math.abs(Math.abs(norms[i]) * byScale[i] + offsets[i] * byOffset[i] - value)).toBeLessThan(2e-14);
    }
  });

  test("the profile of more neurons than are looked at together is the mean of single calls", () => {
    const width = 600;
    const [outer, lengths, shifts] = [1, 2, 3].map((seed) =>
      Float64Array.from({ length: width }, (_, i) => Math.sin(seed * i * i)),
    );
    const found = sphericalProfile(dimension, outer, lengths, shifts, radii);
    radii.forEach((radius, node) => {
      let sum = 0;
      for (let i = 0; i < width; i += 1) sum += outer[i] * phi.value(Math.abs(lengths[i]) * radius, shifts[i]);
      expect(Math.abs(found[node] - sum / width)).toBeLessThan(1e-15);
    });
  });

  test.each(["amplitudes", "norms", "offsets"] as const)("NaN among the %s comes out", (name) => {
    const given = { amplitudes: amplitudes.slice(), norms: norms.slice(), offsets: offsets.slice() };
    given[name][4] = Number.NaN;
    const added = new Float64Array(radii.length);
    sums.add(given.amplitudes, given.norms, given.offsets, added);
    expect(added.every(Number.isNaN)).toBe(true);
  });
});
