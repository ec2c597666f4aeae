import { describe, expect, it } from "vitest";
import * as checks from "../../src/checks/index.ts";
import { ball, buildLaw, gaussian, heavyTailed, hypercube, type Law, mixture, sphere } from "../../src/laws/index.ts";
import * as activations from "../../src/networks/activations.ts";
import { bottleneck, buildNetwork, dense, type Network, twoLayer } from "../../src/networks/index.ts";
import {
  ballIndicator,
  buildTarget,
  hinge,
  norm,
  piecewiseLinear,
  quadraticFeature,
  radialFunction,
  scaled,
  singleIndex,
  type Target,
} from "../../src/targets/index.ts";

const failing = (properties: readonly checks.Property[]) => properties.filter(({ holds }) => !holds);
const failingNames = (properties: readonly checks.Property[]) => failing(properties).map(({ property }) => property);

const laws = {
  "heavy-tailed": heavyTailed({ dimension: 5 }),
  "heavy-tailed with a cutoff": heavyTailed({ dimension: 10, radiusCutoff: 3 }),
  gaussian: gaussian({ dimension: 4 }),
  "gaussian with a cutoff": gaussian({ dimension: 3, radiusCutoff: 1.2 }),
  ball: ball({ dimension: 3, ballRadius: 2 }),
  sphere: sphere({ dimension: 6, sphereRadius: 1.5 }),
  hypercube: hypercube({ dimension: 4 }),
  mixture: mixture({ dimension: 4, radiusCutoff: 3 }),
};

it.each(Object.entries(laws))("the law %s has all properties", (_name, law) => {
  expect(failing(checks.law(law))).toEqual([]);
});

it.each(
  Object.entries({
    hinge: hinge(),
    "ball indicator": ballIndicator({ radius: 0.8 }),
    norm: norm(),
    "piecewise linear": piecewiseLinear({ knots: [0, 0.5, 2], values: [1, -1, 3], finalSlope: -2 }),
    "radial function": radialFunction({ profile: (r) => Math.sin(3 * r), upper: 3, tolerance: 1e-5 }),
    "single index": singleIndex({ link: { kind: "hermite", degree: 3 } }),
    "quadratic feature": quadraticFeature({ link: { kind: "relu" } }),
    scaled: scaled(hinge(), -3),
  }),
)("the target %s has all properties", (_name, target) => {
  expect(failing(checks.target(target))).toEqual([]);
});

it.each(
  Object.entries({
    bottleneck: bottleneck({ firstLayerWidth: 5, secondLayerWidth: 3, trainOuterWeights: true }),
    "two-layer": twoLayer({ width: 8 }),
    "two-layer tanh": twoLayer({ width: 6, activation: activations.tanh() }),
    dense: dense({ firstLayerWidth: 4, secondLayerWidth: 3 }),
    "dense softplus": dense({ firstLayerWidth: 3, secondLayerWidth: 4, activation: activations.softplus() }),
    "dense from zero": dense({ firstLayerWidth: 3, secondLayerWidth: 4, outputStart: "zero" }),
  }),
)("the network %s has all properties", (_name, network) => {
  expect(failing(checks.network(network))).toEqual([]);
});

describe("a broken law is found out", () => {
  const good = buildLaw(ball({ dimension: 3 }));
  const { radius } = good;
  if (radius === null) throw new Error("radial");
  const withRadius = (changes: Partial<typeof radius>): Law => ({ ...good, radius: { ...radius, ...changes } });
  it.each<[string, Law, string]>([
    ["whose quantile is too large", withRadius({ quantile: (p) => 1.01 * radius.quantile(p) }), "the quantile inverts"],
    ["whose density has another factor", withRadius({ pdf: (r) => 1.001 * radius.pdf(r) }), "the density is the slope"],
    [
      "whose second moment is off",
      withRadius({
        moments(r, out, offset) {
          radius.moments(r, out, offset);
          out[offset + 2] *= 1.0001;
        },
      }),
      "partial moments",
    ],
    [
      "whose rule forgets a node",
      withRadius({
        rule(breaks, count) {
          const { nodes, weights } = radius.rule(breaks, count);
          return { nodes: nodes.slice(1), weights: weights.slice(1) };
        },
      }),
      "the Gauss rule",
    ],
    ["whose distribution function is another", withRadius({ cdf: (r) => Math.min(1, r ** 2) }), "sampled radii follow"],
    [
      "that samples a hemisphere",
      {
        ...good,
        sample(out, range, streams) {
          good.sample(out, range, streams);
          for (let s = 0; s < range.count; s += 1) out[3 * s] = Math.abs(out[3 * s]);
        },
      },
      "directions are uniform",
    ],
    [
      "whose samples depend on the batch",
      { ...good, sample: (out, range, streams) => good.sample(out, { ...range, first: 0 }, streams) },
      "sample s depends on its position",
    ],
  ])("%s", (_name, law, property) => {
    expect(failingNames(checks.law(law)).some((name) => name.startsWith(property))).toBe(true);
  });
});

describe("a broken target is found out", () => {
  const good = buildTarget(hinge());
  const { radial } = good;
  if (radial === null || radial.pieces === null) throw new Error("radial");
  const { pieces } = radial;
  it.each<[string, Target, string]>([
    ["whose value is not its profile's", { ...good, value: (p, o) => p[o] }, "the value is the profile"],
    ["that ignores the offset", { ...good, radial: null, value: (p) => p[0] }, "the value belongs to the point"],
    [
      "whose pieces have another slope",
      { ...good, radial: { ...radial, pieces: { ...pieces, slopes: Float64Array.of(-1.001, 0) } } },
      "linear pieces follow",
    ],
    ["whose breaks descend", { ...good, radial: { ...radial, breaks: [2, 1] } }, "breaks ascend"],
    [
      "whose pieces do not start at 0",
      { ...good, radial: { ...radial, pieces: { ...pieces, starts: Float64Array.of(0.5, 1) } } },
      "linear pieces start at 0",
    ],
    ["that is NaN somewhere", { ...good, radial: null, value: (p, o) => Math.sqrt(p[o]) }, "values are finite"],
    [
      "that throws",
      {
        ...good,
        radial: {
          ...radial,
          value() {
            throw new Error("own mistake");
          },
        },
      },
      "the value is the profile",
    ],
  ])("%s", (_name, target, property) => {
    const found = failing(checks.target(target));
    expect(found.some((each) => each.property.startsWith(property))).toBe(true);
    if (_name === "that throws") expect(found.some(({ detail }) => detail === "it threw: own mistake")).toBe(true);
  });
});

describe("a broken network is found out", () => {
  const good = buildNetwork(twoLayer({ width: 6 }), 3);
  it.each<[string, Network, string]>([
    ["whose start ignores the replica", { ...good, start: (seed) => good.start(seed, 0) }, "the start is finite"],
    [
      "whose values are another network's",
      {
        ...good,
        evaluate(particles, points, count, out) {
          good.evaluate(particles, points, count, out);
          for (let s = 0; s < count; s += 1) out[s] *= 1.001;
        },
      },
      "values along rays",
    ],
    [
      "whose gradient is another network's",
      {
        ...good,
        evaluate(particles, points, count, out) {
          good.evaluate(particles, points, count, out);
          for (let s = 0; s < count; s += 1) out[s] += 0.01 * particles.arrays.a[0] ** 2;
        },
      },
      "the squared mean-field gradient",
    ],
    [
      "whose spherical mean is off",
      { ...good, sphericalMean: () => ({ value: () => 9, pieces: null }) },
      "the spherical mean",
    ],
    [
      "whose values depend on the batch",
      {
        ...good,
        evaluate(particles, points, count, out) {
          good.evaluate(particles, points, count, out);
          out[0] += count;
        },
      },
      "values do not depend on the batch",
    ],
    ["with an array of no layer", { ...good, layers: { w: "first", b: "first" } }, "arrays fill the buffer"],
  ])("%s", (_name, network, property) => {
    expect(failingNames(checks.network(network)).some((name) => name.startsWith(property))).toBe(true);
  });
});
