import { describe, expect, it } from "vitest";
import { ball, buildLaw, gaussian, heavyTailed, type LawSpec, mixture } from "../../src/laws/index.ts";
import { integrate } from "./check-samples.ts";

const specs: [string, LawSpec][] = [
  ["heavy-tailed, d = 2", heavyTailed({ dimension: 2, radiusCutoff: 3 })],
  ["heavy-tailed, d = 33", heavyTailed({ dimension: 33, scale: 1, radiusCutoff: 4 })],
  ["heavy-tailed, d = 300", heavyTailed({ dimension: 300, radiusCutoff: 3 })],
  ["Gaussian, d = 2", gaussian({ dimension: 2 })],
  ["Gaussian, d = 1000", gaussian({ dimension: 1000 })],
  ["Gaussian with a cutoff", gaussian({ dimension: 6, radiusCutoff: 1.3 })],
  ["ball, d = 3", ball({ dimension: 3, ballRadius: 2 })],
  ["ball, d = 700", ball({ dimension: 700, ballRadius: 1.2 })],
  ["mixture", mixture({ dimension: 7, radiusCutoff: 3 })],
];

describe.each(specs)("the Gauss rule of the radius, %s,", (_, spec) => {
  const { radius } = buildLaw(spec);
  if (radius === null) throw new Error("radial");
  const expectation = (h: (r: number) => number, breaks: number[], nodesPerPanel: number): number => {
    const { nodes, weights } = radius.rule(breaks, nodesPerPanel);
    return nodes.reduce((sum, node, q) => sum + weights[q] * h(node), 0);
  };

  it("has positive weights that add up to 1, and nodes inside the support that ascend", () => {
    const { nodes, weights } = radius.rule([0.31, 1, 1.001, 0.7, 99, -1, Infinity], 7);
    expect(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThanOrEqual(1e-14);
    expect(weights.every((weight) => weight > 0)).toBe(true);
    expect(nodes.every((node, q) => node > (q === 0 ? 0 : nodes[q - 1]) && node <= radius.upper)).toBe(true);
    expect(nodes.length % 7).toBe(0);
  });

  it("integrates r, r^2 and the hinge's square with its kink as a break", () => {
    const moments = new Float64Array(3);
    radius.moments(1, moments, 0);
    expect(Math.abs(expectation((r) => r, [1], 5) / radius.mean - 1)).toBeLessThanOrEqual(1e-12);
    expect(Math.abs(expectation((r) => r * r, [], 2) / radius.secondMoment - 1)).toBeLessThanOrEqual(1e-12);
    const hinge = expectation((r) => Math.max(0, 1 - r) ** 2, [1], 3);
    expect(Math.abs(hinge - (moments[0] - 2 * moments[1] + moments[2]))).toBeLessThanOrEqual(1e-12);
  });

  it("is exact for the polynomial of highest degree on one panel, 2 n - 1", () => {
    const low = radius.quantile(0.2);
    const high = radius.quantile(0.7);
    // Even Chebyshev-like growth keeps the values of order 1 on the panel.
    const place = (r: number) => (2 * r - low - high) / (high - low);
    for (const n of [1, 4, 20]) {
      const h = (r: number) => (r > low && r <= high ? Math.cos((2 * n - 1) * Math.acos(place(r))) + 1 : 0);
      const exact = integrate((r) => h(r) * radius.pdf(r), low, high, 400);
      expect(Math.abs(expectation(h, [low, high], n) - exact)).toBeLessThanOrEqual(2e-12);
    }
  });
});

describe("the Gauss rule of the radius", () => {
  it("gives no nodes to panels without mass", () => {
    const radius = buildLaw(gaussian({ dimension: 5000 })).radius;
    expect(radius?.rule([0.2, 0.5, 1, 1.7], 6).nodes.length).toBe(12);
  });

  it("names the argument that it refuses", () => {
    const radius = buildLaw(gaussian({ dimension: 3 })).radius;
    expect(() => radius?.rule([1, Number.NaN], 4)).toThrow("breaks: expected numbers");
    expect(() => radius?.rule([1], 0)).toThrow("nodesPerPanel: expected an integer in [1, 256], got 0");
    expect(() => radius?.rule([1], 2.5)).toThrow("nodesPerPanel: expected");
  });
});
