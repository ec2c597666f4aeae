import { describe, expect, it } from "vitest";
import {
  bottleneck,
  bottleneckAlpha,
  buildNetwork,
  createPieceBuffer,
  firstLayerStarts,
  linearPiecesOf,
  type NetworkPlan,
  rowNorms,
  twoLayer,
} from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey } from "../../src/numerics/index.ts";

const plans: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 37, secondLayerWidth: 5 }),
  "two-layer": twoLayer({ width: 74 }),
};

describe.each(Object.keys(plans))("a start of the %s network", (name) => {
  const network = buildNetwork(plans[name], 4);

  it("is a function of seed and replica", () => {
    expect(network.start(3, 2).buffer).toEqual(network.start("3", 2).buffer);
    expect(network.start(3).buffer).toEqual(network.start(3, 0).buffer);
    for (const other of [network.start(4, 2), network.start(3, 1)]) {
      for (const array of network.layout.arrays) {
        if (array.name === "a") continue;
        expect(other.arrays[array.name]).not.toEqual(network.start(3, 2).arrays[array.name]);
      }
    }
  });

  it("has as many parameters as its size says", () => {
    const frozen = name === "bottleneck" ? 5 : 0;
    expect(network.size).toBe(network.layout.length - frozen);
  });

  it("of a wider network begins with the narrower one's first layer", () => {
    const wide =
      name === "bottleneck" ? bottleneck({ firstLayerWidth: 60, secondLayerWidth: 5 }) : twoLayer({ width: 120 });
    const narrow = network.start(1).arrays;
    const rows = buildNetwork(wide, 4).start(1).arrays;
    expect(rows.w.subarray(0, narrow.w.length)).toEqual(narrow.w);
  });
});

describe("the two-layer network", () => {
  it.each(firstLayerStarts)("starts as f = 0 without rounding, at points and along rays (%s)", (start) => {
    const dimension = 3;
    const network = buildNetwork(twoLayer({ width: 46, start }), dimension);
    const particles = network.start(11);
    const directions = arrangedDirections(40, "independent", dimension, deriveKey(1, "rays"));
    const values = new Float64Array(40).fill(NaN);
    network.evaluate(
      particles,
      directions.map((value) => 5 * value),
      40,
      values,
    );
    expect(values.every((value) => value === 0)).toBe(true);
    const bundle = network.along(particles, directions, 40);
    const pieces = createPieceBuffer(bundle.capacity);
    for (let ray = 0; ray < 40; ray += 1) {
      linearPiecesOf(bundle)(ray, pieces);
      for (let piece = 0; piece < pieces.count; piece += 1) {
        // Between the two switches of a neuron and its double, at the same radius, lies an empty piece.
        if (pieces.starts[piece + 1] === pieces.starts[piece] && piece + 1 < pieces.count) continue;
        expect(Math.abs(pieces.slopes[piece])).toBe(0);
        expect(Math.abs(pieces.intercepts[piece])).toBe(0);
      }
    }
  });

  it("starts with rows of norm sqrt(d) in every arrangement but the Gaussian", () => {
    for (const start of firstLayerStarts) {
      if (start === "gaussian") continue;
      const particles = buildNetwork(twoLayer({ width: 30, start }), 5).start(2);
      for (const norm of rowNorms(particles, 5)) expect(Math.abs(norm - Math.sqrt(5))).toBeLessThan(1e-14);
    }
  });

  it.each([3, 0, -2, 2.5, NaN])("refuses a width of %d", (width) => {
    expect(() => buildNetwork(twoLayer({ width }), 3)).toThrow(/^width: expected an even integer >= 2, got/);
  });
});

describe("the bottleneck network", () => {
  it("starts at the alpha asked for, exactly with equal norms, on average with Gaussian rows", () => {
    for (const start of firstLayerStarts) {
      const network = buildNetwork(
        bottleneck({ firstLayerWidth: 45, secondLayerWidth: 2, start, initialAlpha: 0.7 }),
        6,
      );
      if (start !== "gaussian") {
        expect(Math.abs(bottleneckAlpha(network.start(1), 6) - 0.7)).toBeLessThan(1e-14);
        continue;
      }
      let sum = 0;
      for (let replica = 0; replica < 100; replica += 1) sum += bottleneckAlpha(network.start(1, replica), 6) / 100;
      // |w|^2 is a mean of 45 * 6 squares of normals: relative standard deviation sqrt(2/270), over 100 starts a tenth of it.
      expect(Math.abs(sum / 0.7 - 1)).toBeLessThan((4 * Math.sqrt(2 / 270)) / 10);
    }
  });

  it("starts its atoms in the stated intervals, or all at one place", () => {
    const uniform = buildNetwork(bottleneck({ firstLayerWidth: 1, secondLayerWidth: 500 }), 2).start(9).arrays;
    expect(Math.min(...uniform.v)).toBeGreaterThanOrEqual(-0.6);
    expect(Math.max(...uniform.v)).toBeLessThanOrEqual(-0.02);
    expect(Math.min(...uniform.b)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...uniform.b)).toBeLessThanOrEqual(0.9);
    // Uniform on an interval of length l: mean at its middle, standard error l/sqrt(12 * 500).
    const middle = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / 500;
    expect(Math.abs(middle(uniform.v) + 0.31) / (0.58 / Math.sqrt(6000))).toBeLessThan(4);
    expect(Math.abs(middle(uniform.b) - 0.5) / (0.8 / Math.sqrt(6000))).toBeLessThan(4);
    const equal = buildNetwork(
      bottleneck({ firstLayerWidth: 1, secondLayerWidth: 3, secondLayerStart: "equal", initialV: -0.3, initialB: 0.2 }),
      2,
    ).start(9).arrays;
    expect([...equal.v, ...equal.b, ...equal.a]).toEqual([-0.3, -0.3, -0.3, 0.2, 0.2, 0.2, 1, 1, 1]);
  });

  it.each([
    [{ firstLayerWidth: 0 }, /^firstLayerWidth: expected an integer >= 1, got 0/],
    [{ secondLayerWidth: 1.5 }, /^secondLayerWidth: expected an integer >= 1, got 1.5/],
    [{ initialAlpha: 0 }, /^initialAlpha: expected a number in \(0, 1e6\), got 0/],
    [{ initialAlpha: NaN }, /^initialAlpha: .* got NaN/],
    [{ initialV: Infinity }, /^initialV: .* got Infinity/],
  ])("refuses %o", (change, message) => {
    expect(() => buildNetwork(bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2, ...change }), 3)).toThrow(message);
  });

  it("refuses dimension 1 and names that do not exist, with the nearest one that does", () => {
    expect(() => buildNetwork(bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2 }), 1)).toThrow(
      /^dimension: expected an integer >= 2/,
    );
    expect(() => bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2, start: "frame" as "frames" })).toThrow(
      /did you mean "frames"\?/,
    );
    expect(() =>
      buildNetwork(bottleneck({ firstLayerWidth: 4, secondLayerWidth: 2, secondLayerStart: "equals" as "equal" }), 3),
    ).toThrow(/secondLayerStart/);
    expect(() => buildNetwork({ kind: "two-layers" } as unknown as NetworkPlan, 3)).toThrow(
      /did you mean "two-layer"\?/,
    );
  });
});
