import { gaussLegendre, type QuadratureRule } from "./quadrature.ts";

/** Beyond it the standard Gaussian density, 2e-39, and with any growth up to exp(z^2/4) still 1e-18, counts for nothing. */
export const gaussianReach = 13;

const nodesPerPanel = 16;
let panelRule: QuadratureRule | undefined;

/** The 16-point rule that panels share. */
export function legendreOfPanel(): QuadratureRule {
  panelRule ??= gaussLegendre(nodesPerPanel);
  return panelRule;
}

/**
 * A rule for E g(z), z standard Gaussian: 16-point Gauss-Legendre panels between the breaks, none longer than `panelLength`, on [-13, 13], weighted with the
 * density. Geometrically exact for g that are analytic between the breaks, however they bend or jump there, where Gauss-Hermite rules are not.
 *
 * @param breaks where g or a derivative of it jumps
 * @param reach another end than 13
 */
export function gaussianPanels(
  breaks: readonly number[],
  panelLength: number,
  reach: number = gaussianReach,
): QuadratureRule {
  const edges = panelEdges(-reach, reach, breaks, panelLength);
  const { nodes, weights } = legendreOfPanel();
  const out = { nodes: new Float64Array(nodesPerPanel * (edges.length - 1)), weights: new Float64Array(0) };
  out.weights = new Float64Array(out.nodes.length);
  for (let panel = 0; panel + 1 < edges.length; panel += 1) {
    const middle = (edges[panel] + edges[panel + 1]) / 2;
    const half = (edges[panel + 1] - edges[panel]) / 2;
    for (let index = 0; index < nodesPerPanel; index += 1) {
      const at = panel * nodesPerPanel + index;
      const z = middle + half * nodes[index];
      out.nodes[at] = z;
      out.weights[at] = half * weights[index] * gaussianDensity(z);
    }
  }
  return out;
}

/** exp(-z^2/2)/sqrt(2 pi). */
export function gaussianDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Edges of panels from lower to upper: every break inside is one, and no panel is longer than `panelLength`. */
export function panelEdges(lower: number, upper: number, breaks: readonly number[], panelLength: number): number[] {
  const stops = breaks.filter((place) => place > lower && place < upper).sort((left, right) => left - right);
  const edges = [lower];
  for (const stop of [...stops, upper]) {
    const from = edges[edges.length - 1];
    const panels = Math.ceil((stop - from) / panelLength);
    for (let panel = 1; panel < panels; panel += 1) edges.push(from + ((stop - from) * panel) / panels);
    if (stop > from) edges.push(stop);
  }
  return edges;
}
