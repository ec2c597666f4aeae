import { MeanfieldError } from "../errors.ts";
import { gaussFromMeasure, gaussLegendre } from "../numerics/quadrature.ts";
import type { RadialRule } from "./law.ts";

/** A density of r, up to a factor, with what it takes to integrate it: its effective support and a length over which it is smooth. */
export interface SmoothDensity {
  readonly lower: number;
  readonly upper: number;
  /** On a piece of this length, 16 Gauss-Legendre nodes integrate the density to rounding. */
  readonly panelWidth: number;
  density(radius: number): number;
}

/** Nodes on a fine piece that the density alone needs. */
const densityNodes = 16;
/** A panel with less than this share of the mass cannot change an expectation: it gets no nodes. */
const negligibleMass = 1e-18;
/** Fine nodes below this weight only carry underflow into the recurrence. */
const negligibleWeight = 1e-40;
/** More pieces than this take minutes and gigabytes. */
const mostPieces = 200_000;

/**
 * The Gauss rule of density(r) dr on each panel between the breaks inside the support: exact on a panel for polynomials of degree
 * 2 nodesPerPanel - 1 in r. The weights of all panels add up to 1. Panels without mass get no nodes.
 *
 * Each panel is cut into pieces of at most `panelWidth`, integrated by Gauss-Legendre, and the fine rule reduced to nodesPerPanel nodes.
 *
 * @throws MeanfieldError `unsupported-combination` where the density oscillates too often to be resolved
 */
export function densityRule(density: SmoothDensity, breaks: readonly number[], nodesPerPanel: number): RadialRule {
  checkPieceCount(density);
  const edges = panelEdges(density, breaks);
  const panels: RadialRule[] = [];
  const masses: number[] = [];
  for (let panel = 0; panel + 1 < edges.length; panel += 1) {
    const fine = finePanel(density, edges[panel], edges[panel + 1], nodesPerPanel);
    let mass = 0;
    for (const weight of fine.weights) mass += weight;
    panels.push(fine);
    masses.push(mass);
  }
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const kept = panels.filter((_, panel) => masses[panel] > negligibleMass * total);
  const nodes = new Float64Array(kept.length * nodesPerPanel);
  const weights = new Float64Array(kept.length * nodesPerPanel);
  for (const [panel, fine] of kept.entries()) {
    const rule = gaussFromMeasure(fine.nodes, fine.weights, nodesPerPanel);
    nodes.set(rule.nodes, panel * nodesPerPanel);
    weights.set(rule.weights, panel * nodesPerPanel);
  }
  let sum = 0;
  for (const weight of weights) sum += weight;
  for (let index = 0; index < weights.length; index += 1) weights[index] /= sum;
  return { nodes, weights };
}

function checkPieceCount({ lower, upper, panelWidth }: SmoothDensity): void {
  const pieceCount = Math.ceil((upper - lower) / panelWidth);
  if (pieceCount <= mostPieces) return;
  const got = `${pieceCount} of them up to radius ${upper}`;
  throw new MeanfieldError(
    "unsupported-combination",
    `radiusCutoff: expected at most ${mostPieces} oscillations of the density for a Gauss rule, got ${got}; take a smaller radiusCutoff or scale`,
    { path: "radiusCutoff", got, suggestion: "take a smaller radiusCutoff or scale" },
  );
}

/** lower, the breaks inside the support in ascending order, upper; breaks that rounding cannot tell apart are merged. */
function panelEdges({ lower, upper }: SmoothDensity, breaks: readonly number[]): number[] {
  const gap = 1e-10 * upper;
  const edges = [lower];
  for (const place of [...breaks].sort((left, right) => left - right)) {
    if (place > edges[edges.length - 1] + gap && place < upper - gap) edges.push(place);
  }
  edges.push(upper);
  return edges;
}

function finePanel(density: SmoothDensity, start: number, end: number, nodesPerPanel: number): RadialRule {
  const pieceCount = Math.ceil((end - start) / density.panelWidth);
  // A Gauss polynomial of the panel has about (4 n/pi)/sqrt(pieces) zeros, squared, in its outermost piece.
  const extra = Math.min(nodesPerPanel, Math.ceil((2 * nodesPerPanel) / Math.sqrt(pieceCount)));
  const base = gaussLegendre(densityNodes + extra);
  const size = base.nodes.length;
  const nodes = new Float64Array(pieceCount * size);
  const weights = new Float64Array(pieceCount * size);
  const half = (end - start) / (2 * pieceCount);
  for (let piece = 0; piece < pieceCount; piece += 1) {
    const middle = start + (2 * piece + 1) * half;
    for (let index = 0; index < size; index += 1) {
      const node = middle + half * base.nodes[index];
      const weight = half * base.weights[index] * density.density(node);
      nodes[piece * size + index] = node;
      weights[piece * size + index] = weight > negligibleWeight ? weight : 0;
    }
  }
  return { nodes, weights };
}
