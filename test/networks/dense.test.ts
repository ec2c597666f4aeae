import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ActivationSpec,
  buildNetwork,
  createPieceBuffer,
  dense,
  firstLayerStarts,
  linearPiecesOf,
  type Network,
  type Particles,
  type PieceBuffer,
  particlesOn,
} from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey, mean, standardError } from "../../src/numerics/index.ts";

/** Particles of both signs, with zeros among them. (Products of three never underflow.) */
const numbers = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).filter((value) => Math.abs(value) > 1e-60) },
  { weight: 2, arbitrary: fc.constant(0) },
);

function particlesOf(network: Network, values: readonly number[]): Particles {
  const particles = particlesOn(network.layout);
  for (let index = 0; index < particles.buffer.length; index += 1)
    particles.buffer[index] = values[index % values.length];
  return particles;
}

const wave = (network: Network) =>
  particlesOf(
    network,
    Array.from({ length: 211 }, (_, index) => Math.sin(5 * index + 1)),
  );

/** First-layer activations and pre-activations of the second layer at x, as the formulas stand. */
function layersAt({ arrays: { w, c, u, e } }: Particles, negativeSlope: number, x: readonly number[]) {
  const sigma = (z: number) => Math.max(z, negativeSlope * z);
  const hidden = Array.from(c, (offset, i) => sigma(x.reduce((sum, xk, k) => sum + w[i * x.length + k] * xk, offset)));
  const inner = Array.from(
    e,
    (offset, j) => offset + hidden.reduce((sum, h, i) => sum + u[j * c.length + i] * h, 0) / c.length,
  );
  return { hidden, inner, sigma };
}

function outputAt(particles: Particles, negativeSlope: number, x: readonly number[]): number {
  const { inner, sigma } = layersAt(particles, negativeSlope, x);
  return mean(Float64Array.from(inner, (z, j) => particles.arrays.a[j] * sigma(z)));
}

function valueAt(pieces: PieceBuffer, radius: number): number {
  let piece = 0;
  while (piece + 1 < pieces.count && pieces.starts[piece + 1] <= radius) piece += 1;
  return pieces.slopes[piece] * radius + pieces.intercepts[piece];
}

const built = (firstLayerWidth: number, secondLayerWidth: number, negativeSlope: number, dimension: number) =>
  buildNetwork(
    dense({ firstLayerWidth, secondLayerWidth, activation: { kind: "leaky-relu", negativeSlope } }),
    dimension,
  );

describe.each([0, 0.3])("the dense network with slope %d below 0", (negativeSlope) => {
  it.each([
    [1, 1, 2],
    [1, 6, 3],
    [7, 1, 2],
    [5, 9, 4],
  ])("is the formula that its docstring states (m1=%d, m2=%d, d=%d)", (m1, m2, dimension) => {
    const network = built(m1, m2, negativeSlope, dimension);
    const particles = wave(network);
    // One neuron of each layer that is on, so that there is something to compare however narrow the network.
    particles.arrays.c[0] = 2;
    particles.arrays.e[0] = 3;
    const points = arrangedDirections(20, "independent", dimension, deriveKey(1, "points"));
    const out = new Float64Array(20);
    network.evaluate(particles, points, 20, out);
    for (let s = 0; s < 20; s += 1) {
      const x = [...points.subarray(s * dimension, (s + 1) * dimension)];
      expect(out[s]).toBeCloseTo(outputAt(particles, negativeSlope, x), 14);
    }
    expect(new Set(out).size).toBeGreaterThan(1);
  });

  it("has pieces that give it at every radius, whatever the signs of its particles", () => {
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 60, maxLength: 60 }),
        fc.constantFrom([1, 1, 2], [6, 3, 2], [3, 70, 3], [1, 5, 7], [9, 1, 3]),
        fc.nat(1000),
        (values, [m1, m2, dimension], ray) => {
          const network = built(m1, m2, negativeSlope, dimension);
          const particles = particlesOf(network, values);
          const direction = arrangedDirections(1, "independent", dimension, deriveKey(ray, "ray"));
          const bundle = network.along(particles, direction, 1);
          const pieces = createPieceBuffer(bundle.capacity);
          linearPiecesOf(bundle)(0, pieces);
          expect(pieces.starts[0]).toBe(0);
          expect(pieces.count).toBeLessThanOrEqual(bundle.capacity);
          for (let piece = 1; piece < pieces.count; piece += 1) {
            expect(pieces.starts[piece]).toBeGreaterThanOrEqual(pieces.starts[piece - 1]);
          }
          const radii = [0, 0.01, 0.3, 1, 2.5, 40, ...pieces.starts.subarray(0, pieces.count)];
          for (const radius of radii.filter((value) => value < 1e6)) {
            const expected = outputAt(
              particles,
              negativeSlope,
              [...direction].map((value) => radius * value),
            );
            // Values up to about 3^3 (1 + 3 radius d); rounding of running sums of at most 80 terms.
            expect(Math.abs(valueAt(pieces, radius) - expected)).toBeLessThan(1e-11 * (1 + radius));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("has on each ray exactly one piece for each switch of a neuron of either layer", () => {
    const network = built(12, 9, negativeSlope, 3);
    const particles = network.start(4);
    const directions = arrangedDirections(20, "independent", 3, deriveKey(2, "rays"));
    const bundle = network.along(particles, directions, 20);
    const pieces = createPieceBuffer(bundle.capacity);
    let inner = 0;
    for (let ray = 0; ray < 20; ray += 1) {
      const u = [...directions.subarray(3 * ray, 3 * ray + 3)];
      // Switches up to radius 8, counted on a fine grid: both layers' signs from the formulas.
      let switches = 0;
      let before: boolean[] = [];
      for (let step = 0; step <= 16_000; step += 1) {
        const { hidden, inner: second } = layersAt(
          particles,
          negativeSlope,
          u.map((value) => (value * step) / 2000),
        );
        const signs = [...hidden, ...second].map((value) => value > 0);
        if (step > 0) {
          signs.forEach((sign, index) => {
            if (sign === before[index]) return;
            switches += 1;
            if (index >= 12) inner += 1;
          });
        }
        before = signs;
      }
      linearPiecesOf(bundle)(ray, pieces);
      const kinks = [...pieces.starts.subarray(1, pieces.count)].filter((start) => start < 8).length;
      expect(kinks).toBe(switches);
    }
    expect(inner).toBeGreaterThan(5);
  });

  it("has a spherical mean that Monte Carlo over rotations of its first layer confirms", () => {
    const dimension = 3;
    const [m1, m2] = [7, 6];
    const network = built(m1, m2, negativeSlope, dimension);
    const particles = wave(network);
    const symmetrization = network.sphericalMean(particles);
    expect(symmetrization.pieces).toBe(null);
    const count = 20_000;
    const directions = arrangedDirections(count, "independent", dimension, deriveKey(3, "mean"));
    const { a } = particles.arrays;
    for (const radius of [0.2, 1, 3]) {
      const samples = Array.from({ length: m2 }, () => new Float64Array(count));
      for (let s = 0; s < count; s += 1) {
        const x = Array.from({ length: dimension }, (_, k) => radius * directions[s * dimension + k]);
        layersAt(particles, negativeSlope, x).inner.forEach((value, j) => {
          samples[j][s] = value;
        });
      }
      // The mean is taken inside the outer sigma. Its error: that of the linear form with the gates that the means have.
      const means = samples.map((values) => mean(values));
      const gates = means.map((value) => (value > 0 ? 1 : negativeSlope));
      const estimate = means.reduce((sum, value, j) => sum + (a[j] * gates[j] * value) / m2, 0);
      const linear = Float64Array.from({ length: count }, (_, s) =>
        samples.reduce((sum, values, j) => sum + (a[j] * gates[j] * values[s]) / m2, 0),
      );
      for (const values of samples) expect(Math.abs(mean(values))).toBeGreaterThan(4 * standardError(values));
      expect(Math.abs(symmetrization.value(radius) - estimate)).toBeLessThan(4 * standardError(linear));
    }
  });
});

describe("the start of the dense network", () => {
  const plan = dense({ firstLayerWidth: 9, secondLayerWidth: 6 });
  const network = buildNetwork(plan, 4);

  it("is a function of seed and replica, and trains every number", () => {
    expect(network.start(3, 2).buffer).toEqual(network.start("3", 2).buffer);
    for (const other of [network.start(4, 2), network.start(3, 1)]) {
      for (const { name } of network.layout.arrays)
        expect(other.arrays[name]).not.toEqual(network.start(3, 2).arrays[name]);
    }
    expect(network.size).toBe(9 * 4 + 9 + 54 + 6 + 6);
    expect(network.layout.arrays.map(({ name, shape }) => [name, ...shape])).toEqual([
      ["w", 9, 4],
      ["c", 9],
      ["u", 6, 9],
      ["e", 6],
      ["a", 6],
    ]);
    expect(network.layers).toEqual({ w: "first", c: "first", u: "second", e: "second", a: "third" });
  });

  it.each(firstLayerStarts)("of a wider network begins with the narrower one's neurons (%s)", (start) => {
    const narrow = buildNetwork(dense({ firstLayerWidth: 9, secondLayerWidth: 6, start }), 4).start(1).arrays;
    const wide = buildNetwork(dense({ firstLayerWidth: 50, secondLayerWidth: 8, start }), 4).start(1).arrays;
    for (const name of ["w", "c", "e", "a"]) expect(wide[name].subarray(0, narrow[name].length)).toEqual(narrow[name]);
    for (let j = 0; j < 6; j += 1)
      expect(wide.u.subarray(50 * j, 50 * j + 9)).toEqual(narrow.u.subarray(9 * j, 9 * j + 9));
  });

  it.each([
    ["gaussian", 0],
    ["sphere", 0],
    ["antithetic-pairs", 0.5],
  ] as const)(
    "has E y^2 = (k/m2) (1 + (k/m1) (|x|^2 + 1)), k = (1 + slope^2)/2 (%s, slope %d)",
    (start, negativeSlope) => {
      const [m1, m2] = [2, 5];
      const small = buildNetwork(
        dense({ firstLayerWidth: m1, secondLayerWidth: m2, start, activation: { kind: "leaky-relu", negativeSlope } }),
        3,
      );
      const x = Float64Array.of(1, -2, 0.5);
      const replicas = 20_000;
      const out = new Float64Array(1);
      const squares = Float64Array.from({ length: replicas }, (_, replica) => {
        small.evaluate(small.start(1, replica), x, 1, out);
        return out[0] ** 2;
      });
      const k = (1 + negativeSlope ** 2) / 2;
      const expected = (k / m2) * (1 + (k / m1) * (1 + 4 + 0.25 + 1));
      expect(Math.abs(mean(squares) - expected) / standardError(squares)).toBeLessThan(4);
      // So well known that a wrong term would show.
      expect(standardError(squares) / expected).toBeLessThan(0.03);
    },
  );

  it("is Gaussian and ReLU unless it is told otherwise", () => {
    expect(plan).toEqual({
      kind: "dense",
      firstLayerWidth: 9,
      secondLayerWidth: 6,
      start: "gaussian",
      activation: { kind: "relu" },
      outputStart: "random",
    });
  });
});

describe("the dense network's observables", () => {
  it("are sizes of the weights by layer, and the conserved means", () => {
    const network = built(2, 3, 0, 2);
    const particles = particlesOn(network.layout);
    const { w, c, u, e, a } = particles.arrays;
    w.set([1, 2, 3, 4]);
    c.set([1, -1]);
    u.set([1, 2, 3, 1, 2, 3]);
    e.set([1, 2, 3]);
    a.set([3, -4, 5]);
    const observed = network.observe(particles, null);
    expect(observed.weightNorm).toBeCloseTo(Math.sqrt(30 / 2), 14);
    expect(observed.middleWeight).toBeCloseTo(Math.sqrt(28 / 6), 14);
    expect(observed.outerWeight).toBe(4);
    expect(observed.conservedFirst).toBeCloseTo(15 + 1 - 28 / 6, 13);
    expect(observed.conservedSecond).toBeCloseTo(50 / 3 - 14 / 3 - 28 / 6, 13);
  });
});

describe("the dense network's sizes", () => {
  it.each([
    [{ firstLayerWidth: 0 }, /^firstLayerWidth: expected an integer >= 1, got 0/],
    [{ secondLayerWidth: 2.5 }, /^secondLayerWidth: expected an integer >= 1, got 2.5/],
    [
      { activation: { kind: "leaky-relu" as const, negativeSlope: 1 } },
      /^activation.negativeSlope: expected a number in \[0, 1\), got 1/,
    ],
    [
      { activation: { kind: "tan" } as unknown as ActivationSpec },
      /^activation.kind: expected the kind of an activation, got "tan"; did you mean "tanh"\?/,
    ],
    [{ start: "gausian" as "gaussian" }, /^start: .*did you mean "gaussian"\?/],
  ])("are checked: %o", (change, message) => {
    expect(() => buildNetwork(dense({ firstLayerWidth: 4, secondLayerWidth: 2, ...change }), 3)).toThrow(message);
  });

  it("need a dimension of 2 at least", () => {
    expect(() => buildNetwork(dense({ firstLayerWidth: 4, secondLayerWidth: 2 }), 1)).toThrow(
      /^dimension: expected an integer >= 2, got 1/,
    );
  });
});

describe("the dense network with outputStart zero", () => {
  const network = (secondLayerWidth: number, outputStart: "zero" | "random" = "zero") =>
    buildNetwork(dense({ firstLayerWidth: 7, secondLayerWidth, outputStart }), 3);

  it("starts as y = 0 without rounding, with neurons that are not 0", () => {
    const start = network(8).start(5, 2);
    const points = arrangedDirections(30, "independent", 3, deriveKey(1, "points")).map((value) => 3 * value);
    const out = new Float64Array(30).fill(Number.NaN);
    network(8).evaluate(start, points, 30, out);
    expect([...out]).toEqual(new Array(30).fill(0));
    const { inner } = layersAt(start, 0, [...points.subarray(0, 3)]);
    expect(inner.some((z) => z > 0)).toBe(true);
    expect(start.arrays.a.every((value) => value !== 0)).toBe(true);
  });

  it("is the random start's first half, every second-layer neuron followed by its double with -a", () => {
    const { u, e, a, w, c } = network(8).start(5, 2).arrays;
    const half = network(4, "random").start(5, 2).arrays;
    expect([w, c]).toEqual([half.w, half.c]);
    for (let j = 0; j < 4; j += 1) {
      const row = half.u.subarray(7 * j, 7 * (j + 1));
      expect(u.subarray(14 * j, 14 * j + 7)).toEqual(row);
      expect(u.subarray(14 * j + 7, 14 * j + 14)).toEqual(row);
      expect([e[2 * j], e[2 * j + 1], a[2 * j], a[2 * j + 1]]).toEqual([half.e[j], half.e[j], half.a[j], -half.a[j]]);
    }
  });

  it("of a wider network begins with the narrower one's neurons", () => {
    const narrow = network(4).start(1).arrays;
    const wide = network(10).start(1).arrays;
    for (const name of ["u", "e", "a"]) expect(wide[name].subarray(0, narrow[name].length)).toEqual(narrow[name]);
  });

  it("refuses an odd second layer and a start that does not exist", () => {
    expect(() => network(7)).toThrow(
      "secondLayerWidth: expected an even integer >= 2, got 7; outputStart=zero doubles every second-layer neuron by its negative",
    );
    expect(() => network(8, "none" as "zero")).toThrow('outputStart: expected one of random, zero, got "none"');
  });
});
