import { describe, expect, it } from "vitest";
import { ball, buildLaw, gaussian, hypercube, type LawSpec } from "../../src/laws/index.ts";
import { gaussFromMeasure, gaussLegendre } from "../../src/numerics/index.ts";
import {
  buildTarget,
  estimateNullLoss,
  hinge,
  type LinkSpec,
  nullLoss,
  quadraticFeature,
  singleIndex,
  type TargetSpec,
} from "../../src/targets/index.ts";

const valueAt = (spec: TargetSpec, x: readonly number[]) =>
  buildTarget(spec).value(Float64Array.of(9, ...x, 9), 1, x.length);

/** E g(z) for z ~ N(0, 1), by Gauss-Legendre on either side of 0, where links have their kinks. */
function normalMean(g: (z: number) => number): number {
  const { nodes, weights } = gaussLegendre(80);
  let sum = 0;
  for (const [index, node] of nodes.entries()) {
    const z = 6 * (node + 1);
    sum += (6 * weights[index] * (g(z) + g(-z)) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return sum;
}

const links: Record<string, { link: LinkSpec; g: (z: number) => number }> = {
  relu: { link: { kind: "relu" }, g: (z) => Math.max(z, 0) },
  absolute: { link: { kind: "absolute" }, g: Math.abs },
  tanh: { link: { kind: "tanh" }, g: Math.tanh },
  hermite: { link: { kind: "hermite", degree: 3 }, g: (z) => (z ** 3 - 3 * z) / Math.sqrt(6) },
  polynomial: { link: { kind: "polynomial", coefficients: [1, -2, 0, 0.5] }, g: (z) => 1 - 2 * z + 0.5 * z ** 3 },
};

describe.each(Object.entries(links))("a target with the link %s", (_name, { link, g }) => {
  it("is g of the feature, in any form that it can be given in", () => {
    const x = [0.3, -1.2, 0.5];
    const root = Math.sqrt(3);
    expect(valueAt(singleIndex({ link }), x)).toBeCloseTo(g(root * 0.3), 13);
    expect(valueAt(singleIndex({ link, direction: "diagonal" }), x)).toBeCloseTo(g(-0.4), 13);
    expect(valueAt(singleIndex({ link, direction: [0, 3, 4], scale: 0.5 }), x)).toBeCloseTo(g(0.5 * -0.32), 13);
    expect(valueAt(quadraticFeature({ link }), x)).toBeCloseTo(g((3 * (0.09 - 1.44)) / 2), 12);
    expect(valueAt(quadraticFeature({ link, matrix: [1, 2, 3], scale: 1 }), x)).toBeCloseTo(g(0.09 + 2.88 + 0.75), 12);
    const full = quadraticFeature({ link, matrix: [0, 1, 0, 1, 0, 0, 0, 0, 2], scale: 1 });
    expect(valueAt(full, x)).toBeCloseTo(g(2 * 0.3 * -1.2 + 2 * 0.25), 12);
  });

  it("survives JSON, frozen", () => {
    for (const spec of [singleIndex({ link, direction: [0, 2] }), quadraticFeature({ link, matrix: [1, -1] })]) {
      expect(Object.isFrozen(spec) && Object.isFrozen(spec.link)).toBe(true);
      const sent = JSON.parse(JSON.stringify(spec));
      expect(valueAt(sent, [0.4, 0.7])).toBe(valueAt(spec, [0.4, 0.7]));
      expect(buildTarget(sent).spec).toEqual(spec);
    }
  });

  it("under the Gaussian law has the null loss that one-dimensional quadrature gives, within four standard errors", () => {
    const law = buildLaw(gaussian({ dimension: 5 }));
    const centre = normalMean(g);
    const expected = normalMean((z) => (g(z) - centre) ** 2) / 2;
    for (const direction of ["axis", "diagonal"] as const) {
      const { value, error, mean } = estimateNullLoss(law, buildTarget(singleIndex({ link, direction })), {
        seed: 3,
        samples: 20_000,
      });
      expect(Math.abs(value - expected) / error).toBeLessThan(4);
      expect(error).toBeLessThan(0.2 * expected);
      expect(Math.abs(mean - centre) / Math.sqrt((2 * expected) / 20_000)).toBeLessThan(4);
    }
  });
});

describe("hermite links", () => {
  it("are orthonormal under N(0, 1)", () => {
    const degrees = [0, 1, 2, 3, 7];
    const fine = gaussLegendre(200);
    const rule = gaussFromMeasure(
      fine.nodes.map((node) => 12 * node),
      fine.weights.map(
        (weight, k) => (12 * weight * Math.exp(-((12 * fine.nodes[k]) ** 2) / 2)) / Math.sqrt(2 * Math.PI),
      ),
      20,
    );
    for (const left of degrees) {
      for (const right of degrees) {
        let sum = 0;
        for (const [k, z] of rule.nodes.entries()) {
          const h = (degree: number) => valueAt(singleIndex({ link: { kind: "hermite", degree }, scale: 1 }), [z, 0]);
          sum += rule.weights[k] * h(left) * h(right);
        }
        expect(sum).toBeCloseTo(left === right ? 1 : 0, 9);
      }
    }
  });
});

describe("the quadratic feature", () => {
  it.each([2, 3, 6, 7])("has mean 0 and variance 1 under N(0, I/d), d = %d", (dimension) => {
    const target = buildTarget(quadraticFeature({ link: { kind: "polynomial", coefficients: [0, 1] } }));
    const { value, error, mean } = estimateNullLoss(buildLaw(gaussian({ dimension })), target, {
      seed: 1,
      samples: 20_000,
    });
    expect(Math.abs(value - 0.5) / error).toBeLessThan(4);
    expect(Math.abs(mean) / Math.sqrt(1 / 20_000)).toBeLessThan(4);
  });
});

describe("an estimated null loss", () => {
  it.each<[string, LawSpec]>([
    ["Gaussian", gaussian({ dimension: 4 })],
    ["ball", ball({ dimension: 3 })],
  ])("agrees with the exact one of the hinge (%s)", (_name, spec) => {
    const law = buildLaw(spec);
    const target = buildTarget(hinge());
    const { value, error } = estimateNullLoss(law, target, { seed: 2, samples: 30_000 });
    expect(Math.abs(value - nullLoss(law, target)) / error).toBeLessThan(4);
  });

  it("of a parity-like feature on the hypercube is that of one sign", () => {
    const law = buildLaw(hypercube({ dimension: 4 }));
    const target = buildTarget(singleIndex({ link: { kind: "tanh" }, scale: 2 }));
    const { value } = estimateNullLoss(law, target, { seed: 2, samples: 4000 });
    expect(value).toBeCloseTo(Math.tanh(2) ** 2 / 2, 2);
  });
});

it.each<[string, () => unknown, string]>([
  ["no link", () => singleIndex({ link: null as never }), 'link: expected a link such as { kind: "relu" }, got null'],
  ["a link that does not exist", () => singleIndex({ link: { kind: "rely" } as never }), 'did you mean "relu"?'],
  [
    "degree 25",
    () => singleIndex({ link: { kind: "hermite", degree: 25 } }),
    "link.degree: expected an integer in [0, 24], got 25",
  ],
  [
    "no coefficients",
    () => quadraticFeature({ link: { kind: "polynomial", coefficients: [] } }),
    "link.coefficients: expected finite numbers",
  ],
  [
    "direction 0",
    () => singleIndex({ link: { kind: "relu" }, direction: [0, 0] }),
    "direction: expected axis, diagonal, or finite",
  ],
  [
    "scale 0",
    () => singleIndex({ link: { kind: "relu" }, scale: 0 }),
    "scale: expected a number in (0, 1e9] or none, got 0",
  ],
  [
    "a matrix of NaN",
    () => quadraticFeature({ link: { kind: "relu" }, matrix: [Number.NaN] }),
    "matrix: expected alternating",
  ],
  [
    "a direction of another dimension",
    () => valueAt(singleIndex({ link: { kind: "relu" }, direction: [1, 0] }), [1, 2, 3]),
    "direction: expected 3 numbers",
  ],
  [
    "a matrix of another dimension",
    () => valueAt(quadraticFeature({ link: { kind: "relu" }, matrix: [1, 0] }), [1, 2, 3]),
    "matrix: expected 3 or 9 numbers, got",
  ],
  [
    "one sample",
    () => estimateNullLoss(buildLaw(gaussian({ dimension: 2 })), buildTarget(hinge()), { seed: 1, samples: 1 }),
    "samples: expected an integer in [2, 16777216], got 1",
  ],
])("refuses %s", (_name, make, message) => {
  expect(make).toThrow(message);
});
