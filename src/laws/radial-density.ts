import { invalidValue } from "../errors.ts";
import { gaussFromMeasure, gaussLegendre } from "../numerics/quadrature.ts";
import type { Law, RadialDensitySpec, RadialRule } from "./law.ts";
import { radialLaw } from "./radial-law.ts";
import { checkedDimension } from "./spec-checks.ts";

export interface RadialDensityOptions {
  /** d, an integer in [2, 100000]. */
  readonly dimension: number;
  /** Density of r = |x| at the knots, up to a factor: a function, or one number a knot. */
  readonly density: ((radius: number) => number) | readonly number[];
  /** Radii ascending from 0, 2 to 20001 of them; or the last one, for `pieces` equal steps up to it. */
  readonly knots: readonly number[] | number;
  /** Steps where `knots` is one number. @default 512 */
  readonly pieces?: number;
}

/**
 * A radial law of your own: the density of r is linear between knots, 0 beyond the last. A function is asked at the knots only, so the spec is data and
 * goes to every thread; between knots the law is the linear interpolant, exactly: moments, quantile and samples are its own.
 *
 * The compiled engines have no table of it: exact radial modes run on the reference engine, samples on any.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function radialDensity(options: RadialDensityOptions): RadialDensitySpec {
  const { density, pieces = 512 } = options;
  const knots = typeof options.knots === "number" ? equalKnots(options.knots, pieces) : options.knots;
  const densities = typeof density === "function" ? knots.map((radius) => density(radius)) : density;
  return checkedRadialDensity({ kind: "radial-density", dimension: options.dimension, knots, densities });
}

const mostKnots = 20_001;

/** The spec, checked and frozen. Throws `invalid-value`. */
export function checkedRadialDensity({ dimension, knots, densities }: RadialDensitySpec): RadialDensitySpec {
  if (!(Array.isArray(knots) && knots.length >= 2 && knots.length <= mostKnots && knots[0] === 0)) {
    throw invalidValue("knots", `2 to ${mostKnots} radii of which the first is 0`, knots);
  }
  for (let k = 1; k < knots.length; k += 1) {
    if (!(knots[k] > knots[k - 1] && knots[k] <= 1e6)) {
      throw invalidValue(`knots[${k}]`, `a radius in (${knots[k - 1]}, 1e6]`, knots[k]);
    }
  }
  if (!(Array.isArray(densities) && densities.length === knots.length)) {
    throw invalidValue("density", `${knots.length} numbers, one for each knot`, densities);
  }
  for (const [k, value] of densities.entries()) {
    if (!(value >= 0 && value < Infinity)) throw invalidValue(`density[${k}]`, "a finite number >= 0", value);
  }
  if (!densities.some((value) => value > 0)) throw invalidValue("density", "a number above 0 at some knot", densities);
  return Object.freeze({
    kind: "radial-density",
    dimension: checkedDimension(dimension, 100_000),
    knots: Object.freeze([...knots]),
    densities: Object.freeze([...densities]),
  });
}

/** Builds the law; partial moments of a linear piece are polynomials, taken from its left knot so that nothing cancels. */
export function buildRadialDensity(spec: RadialDensitySpec): Law {
  const knots = Float64Array.from(spec.knots);
  const last = knots.length - 1;
  const total = spec.densities.reduce(
    (sum, value, k) => (k === 0 ? 0 : sum + 0.5 * (value + spec.densities[k - 1]) * (knots[k] - knots[k - 1])),
    0,
  );
  const density = Float64Array.from(spec.densities, (value) => value / total);
  const slopes = Float64Array.from(
    { length: last },
    (_, k) => (density[k + 1] - density[k]) / (knots[k + 1] - knots[k]),
  );
  /** M_0, M_1, M_2 at the knots. */
  const sums = new Float64Array(3 * knots.length);
  for (let k = 0; k < last; k += 1) addPiece(k, knots[k + 1] - knots[k], sums, 3 * (k + 1));
  const upper = knots[last];

  function addPiece(k: number, t: number, out: Float64Array, offset: number): void {
    const [left, p, slope] = [knots[k], density[k], slopes[k]];
    const zeroth = t * (p + 0.5 * slope * t);
    const first = t * t * (p / 2 + (slope * t) / 3);
    const second = t * t * t * (p / 3 + (slope * t) / 4);
    out[offset] = sums[3 * k] + zeroth;
    out[offset + 1] = sums[3 * k + 1] + left * zeroth + first;
    out[offset + 2] = sums[3 * k + 2] + left * (left * zeroth + 2 * first) + second;
  }

  /** The piece that holds a radius in [0, upper). */
  function pieceAt(radius: number): number {
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (knots[middle] <= radius) low = middle;
      else high = middle;
    }
    return low;
  }

  function moments(radius: number, out: Float64Array, offset: number): void {
    if (!(radius < upper)) {
      out[offset] = 1;
      out[offset + 1] = sums[3 * last + 1];
      out[offset + 2] = sums[3 * last + 2];
      return;
    }
    const k = pieceAt(radius);
    addPiece(k, radius - knots[k], out, offset);
  }

  function quantile(probability: number): number {
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (sums[3 * middle] < probability) low = middle;
      else high = middle;
    }
    const mass = Math.max(0, probability - sums[3 * low]);
    if (mass === 0) return knots[low];
    const [p, slope] = [density[low], slopes[low]];
    const root = Math.sqrt(Math.max(0, p * p + 2 * slope * mass));
    return Math.min(knots[low + 1], knots[low] + (2 * mass) / (p + root));
  }

  const mass = new Float64Array(3);
  return radialLaw(spec, {
    upper,
    mean: sums[3 * last + 1],
    secondMoment: sums[3 * last + 2],
    pdf(radius) {
      const k = pieceAt(radius);
      return density[k] + slopes[k] * (radius - knots[k]);
    },
    moments,
    tables: null,
    cdf(radius) {
      moments(radius, mass, 0);
      return mass[0];
    },
    quantile,
    rule: (breaks, nodesPerPanel) => piecewiseRule(knots, density, breaks, nodesPerPanel),
  });
}

/** A Gauss rule a panel, from Gauss-Legendre on each part of a linear piece inside it, which is exact for the polynomials that count. */
function piecewiseRule(
  knots: Float64Array,
  density: Float64Array,
  breaks: readonly number[],
  nodesPerPanel: number,
): RadialRule {
  const upper = knots[knots.length - 1];
  const gap = 1e-10 * upper;
  const edges = [0];
  for (const place of [...breaks].sort((left, right) => left - right)) {
    if (place > edges[edges.length - 1] + gap && place < upper - gap) edges.push(place);
  }
  edges.push(upper);
  const base = gaussLegendre(nodesPerPanel + 1);
  const [nodes, weights]: [number[], number[]] = [[], []];
  for (let panel = 0; panel + 1 < edges.length; panel += 1) {
    const [fineNodes, fineWeights]: [number[], number[]] = [[], []];
    for (let k = 0; k + 1 < knots.length; k += 1) {
      const [from, to] = [Math.max(edges[panel], knots[k]), Math.min(edges[panel + 1], knots[k + 1])];
      if (!(to > from) || density[k] + density[k + 1] === 0) continue;
      const half = (to - from) / 2;
      for (const [index, node] of base.nodes.entries()) {
        const r = from + half * (1 + node);
        const share = (r - knots[k]) / (knots[k + 1] - knots[k]);
        fineNodes.push(r);
        fineWeights.push(half * base.weights[index] * ((1 - share) * density[k] + share * density[k + 1]));
      }
    }
    const panelMass = fineWeights.reduce((sum, weight) => sum + weight, 0);
    if (!(panelMass > 1e-18)) continue;
    const rule = gaussFromMeasure(Float64Array.from(fineNodes), Float64Array.from(fineWeights), nodesPerPanel);
    nodes.push(...rule.nodes);
    weights.push(...rule.weights);
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights, (weight) => weight / sum) };
}

function equalKnots(upper: number, pieces: number): number[] {
  if (!(Number.isInteger(pieces) && pieces >= 1 && pieces < mostKnots)) {
    throw invalidValue("pieces", `an integer in [1, ${mostKnots - 1}]`, pieces);
  }
  if (!(upper > 0 && upper <= 1e6)) throw invalidValue("knots", "a last radius in (0, 1e6]", upper);
  return Array.from({ length: pieces + 1 }, (_, k) => (upper * k) / pieces);
}
