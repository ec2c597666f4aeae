import { gaussianDensity, gaussianPanels, legendreOfPanel, panelEdges } from "../../numerics/gaussian-panels.ts";
import type { QuadratureRule } from "../../numerics/index.ts";
import type { KernelActivation } from "./kernel-activation.ts";

/** Two Gaussians, and what is known of phi at each: second moments, and panels that resolve phi(sqrt(q) z) between kinks. */
export interface BentPair {
  readonly first: number;
  readonly second: number;
  readonly halfSine: number;
  readonly halfCosine: number;
  readonly moments: readonly [number, number];
  readonly panelLengths: readonly [number, number];
}

/** The standard Gaussian has 2e-18 of its mass beyond. */
const reach = 8.8;
/** Widths of the smoothed kink at which the outer panels end. */
const steps = [-9, -7, -5, -3, -1.5, 0, 1.5, 3, 5, 7, 9];

/**
 * What `DualActivation.pair` writes, by a two-dimensional rule for bent or jumping phi: z1 = sqrt(q1) x, z2 = sqrt(q2) (c x + s w), x and w independent.
 * The inner integral over w is cut where z2 meets a kink; as a function of x it bends within a few s/c of kink/c, and there the outer panels are
 * fine. The small one of 1 - chat and 1 + chat is the mean of a square, (1/2) E (phi(z1)/sqrt(a1) -+ phi(z2)/sqrt(a2))^2, so that it keeps its digits.
 */
export function bentPair({ value, derivative, kinks }: KernelActivation, pair: BentPair, out: Float64Array): void {
  const { first, second, halfSine, halfCosine, moments, panelLengths } = pair;
  const rootFirst = Math.sqrt(first);
  const rootSecond = Math.sqrt(second);
  const c = (halfCosine - halfSine) * (halfCosine + halfSine);
  const s = 2 * halfSine * halfCosine;
  const sign = c >= 0 ? -1 : 1;
  const normFirst = 1 / Math.sqrt(moments[0]);
  const normSecond = sign / Math.sqrt(moments[1]);
  const secondKinks = kinks.map((place) => place / rootSecond);
  const width = s / Math.abs(c);
  const bends = secondKinks.flatMap((place) => steps.map((each) => place / c + each * width));
  const firstKinks = kinks.map((place) => place / rootFirst);
  const outer = gaussianPanels([...firstKinks, ...bends], panelLengths[0], reach);
  // Over w, phi changes more slowly than over z2, by the factor s.
  const innerLength = Math.min(2, panelLengths[1] / Math.max(s, 1e-9));
  const inner = gaussianPanels([], innerLength, reach);
  const innerEdges = panelEdges(-reach, reach, [], innerLength);
  const nodesPerPanel = inner.nodes.length / (innerEdges.length - 1);
  let squares = 0;
  let slopes = 0;
  let innerSquares = 0;
  let innerSlopes = 0;
  let valueFirst = 0;
  let shift = 0;
  const add = (w: number, weight: number): void => {
    const z = shift + rootSecond * s * w;
    const difference = valueFirst + normSecond * value(z);
    innerSquares += weight * difference * difference;
    if (derivative !== null) innerSlopes += weight * derivative(z);
  };
  for (let node = 0; node < outer.nodes.length; node += 1) {
    const x = outer.nodes[node];
    valueFirst = normFirst * value(rootFirst * x);
    shift = rootSecond * c * x;
    innerSquares = 0;
    innerSlopes = 0;
    for (let panel = 0; panel + 1 < innerEdges.length; panel += 1) {
      const [lower, upper] = [innerEdges[panel], innerEdges[panel + 1]];
      const isCut = s > 0 && secondKinks.some((place) => place - c * x > s * lower && place - c * x < s * upper);
      if (isCut) {
        const cuts = secondKinks.map((place) => (place - c * x) / s);
        addCutPanel(panelEdges(lower, upper, cuts, innerLength), add);
        continue;
      }
      for (let at = panel * nodesPerPanel; at < (panel + 1) * nodesPerPanel; at += 1) {
        add(inner.nodes[at], inner.weights[at]);
      }
    }
    squares += outer.weights[node] * innerSquares;
    if (derivative !== null) slopes += outer.weights[node] * derivative(rootFirst * x) * innerSlopes;
  }
  const small = squares / 2;
  out[0] = sign === -1 ? small : 2 - small;
  out[1] = sign === -1 ? 2 - small : small;
  out[2] = derivative === null ? Number.NaN : slopes;
}

function addCutPanel(edges: readonly number[], add: (w: number, weight: number) => void): void {
  const { nodes, weights }: QuadratureRule = legendreOfPanel();
  for (let part = 0; part + 1 < edges.length; part += 1) {
    const middle = (edges[part] + edges[part + 1]) / 2;
    const half = (edges[part + 1] - edges[part]) / 2;
    for (let at = 0; at < nodes.length; at += 1) {
      const w = middle + half * nodes[at];
      add(w, half * weights[at] * gaussianDensity(w));
    }
  }
}
