import { MeanfieldError } from "../errors.ts";
import { besselPair } from "../numerics/bessel.ts";
import { besselOnGrid } from "../numerics/bessel-grid.ts";
import { uniformAt } from "../numerics/random/distributions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import { logGamma } from "../numerics/special-functions.ts";
import { besselSquareIntegrals } from "./bessel-square-integrals.ts";
import { checkKeptMass, conditionOnCutoff, massWithin, type SmoothRadius } from "./cutoff.ts";
import { invertIncreasing } from "./invert.ts";
import type { HeavyTailedSpec, Law } from "./law.ts";
import { buildMomentTable, tableAsData } from "./moment-table.ts";
import { radialLaw } from "./radial-law.ts";
import { checkedCutoff, checkedDimension, checkedPositive } from "./spec-checks.ts";

export interface HeavyTailedOptions {
  /** d, an integer in [2, 2000]. */
  readonly dimension: number;
  /** beta > 0. @default sqrt(dimension) */
  readonly scale?: number;
  /** Rc: condition on |x| <= Rc. @default null, no cutoff */
  readonly radiusCutoff?: number | null;
}

/**
 * The law of Eldan and Shamir (COLT 2016): density (R_d/|x|)^d J_{d/2}(kappa |x|)^2 with R_d the radius of the ball of volume 1 and
 * kappa = 2 pi scale R_d, so that p(r) = d J_{d/2}(kappa r)^2 / r. Without a cutoff E|x| is infinite: P(|x| > t) ~ d/(pi kappa t).
 *
 * @throws MeanfieldError `invalid-value`
 */
export function heavyTailed(options: HeavyTailedOptions): HeavyTailedSpec {
  const dimension = checkedDimension(options.dimension, 2000);
  return Object.freeze({
    kind: "heavy-tailed",
    dimension,
    scale: checkedPositive("scale", options.scale ?? Math.sqrt(dimension)),
    radiusCutoff: checkedCutoff(options.radiusCutoff),
  });
}

/** Builds the heavy-tailed law; see `HeavyTailedSpec` and docs/theory/heavy-tailed-law.md. */
export function buildHeavyTailed(spec: HeavyTailedSpec): Law {
  const radius = heavyTailedRadius(spec.dimension, spec.scale, spec.radiusCutoff);
  if (spec.radiusCutoff === null) return radialLaw(spec, radius);
  checkKeptMass(massWithin(radius, spec.radiusCutoff), spec.radiusCutoff);
  return radialLaw(spec, conditionOnCutoff(radius, spec.radiusCutoff));
}

/** kappa = 2 pi scale R_d, R_d = Gamma(d/2 + 1)^(1/d) / sqrt(pi): radii times kappa are arguments of J_{d/2}. */
export function heavyTailedFrequency(dimension: number, scale: number): number {
  return 2 * Math.sqrt(Math.PI) * scale * Math.exp(logGamma(dimension / 2 + 1) / dimension);
}

const nodesPerUnit = 32;
const pair = new Float64Array(2);

/**
 * The radius without a cutoff. Moments, distribution function and its inverse come from a table up to kappa r = max(20 nu, 400), or up to
 * `reach` if that is nearer, and from asymptotic series with errors below 1e-15 beyond.
 *
 * @param reach the largest radius that will be asked for; null if any may be
 */
export function heavyTailedRadius(dimension: number, scale: number, reach: number | null): SmoothRadius {
  const order = dimension / 2;
  const kappa = heavyTailedFrequency(dimension, scale);
  const seriesFrom = Math.max(20 * order, 400);
  const wanted = reach === null ? seriesFrom : Math.min(seriesFrom, kappa * reach);
  const cellCount = Math.ceil(wanted * nodesPerUnit);
  const values = new Float64Array(cellCount + 1);
  const slopes = new Float64Array(cellCount + 1);
  besselOnGrid(order, 1 / nodesPerUnit, values, slopes);
  const table = buildMomentTable({
    step: 1 / (nodesPerUnit * kappa),
    cellCount,
    density: (_, out, node) =>
      densityWithDerivatives(order, kappa, node / nodesPerUnit, values[node], slopes[node], out),
    normalize: false,
  });
  const tableEnd = cellCount / nodesPerUnit;
  const isWhole = tableEnd >= seriesFrom;
  const integrals = besselSquareIntegrals(order);
  const atEnd = new Float64Array(3);
  table.moments(Infinity, atEnd, 0);
  const squareIntegralAtEnd = isWhole ? integrals.squareIntegral(tableEnd) : 0;
  const massAtEnd = isWhole ? 1 - dimension * integrals.tail(tableEnd) : atEnd[0];

  function moments(radius: number, out: Float64Array, offset: number): void {
    if (!isWhole || radius < table.upper) {
      table.moments(radius, out, offset);
      return;
    }
    if (radius === Infinity) {
      out[offset] = 1;
      out[offset + 1] = Infinity;
      out[offset + 2] = Infinity;
      return;
    }
    const s = kappa * radius;
    out[offset] = 1 - dimension * integrals.tail(s);
    out[offset + 1] = atEnd[1] + (dimension / kappa) * (integrals.squareIntegral(s) - squareIntegralAtEnd);
    out[offset + 2] = (dimension / (kappa * kappa)) * integrals.weightedIntegral(s);
  }

  function pdf(radius: number): number {
    besselPair(order, kappa * radius, pair);
    return (dimension * pair[0] * pair[0]) / radius;
  }

  function cdf(radius: number): number {
    return !isWhole || radius < table.upper ? table.mass(radius) : 1 - dimension * integrals.tail(kappa * radius);
  }

  /** The s with P(kappa r > s) = probability, beyond the table. */
  function tailQuantile(probability: number): number {
    if (probability <= 0) return Infinity;
    let upper = Math.max(2 * tableEnd, (2 * dimension) / (Math.PI * probability));
    while (dimension * integrals.tail(upper) > probability) upper *= 2;
    return invertIncreasing(
      (s) => -dimension * integrals.tail(s),
      (s) => pdf(s / kappa) / kappa,
      -probability,
      tableEnd,
      upper,
      Math.max(tableEnd, dimension / (Math.PI * probability)),
    );
  }

  function quantile(probability: number): number {
    if (!isWhole || probability <= massAtEnd) return table.radiusOfMass(probability);
    return tailQuantile(1 - probability) / kappa;
  }

  // J^2 <= 2/(pi sqrt(s^2 - nu^2)) (Watson 13.74), so the proposal s = end/U is accepted with probability J^2 pi s/(2 bound) <= 1.
  const bound = 1 / Math.sqrt(1 - (order / tableEnd) ** 2);

  function draw(uniform: number, position: number, stream: StreamKey, step: number, replica: number): number {
    if (uniform <= massAtEnd) return table.radiusOfMass(uniform);
    for (let attempt = 1; ; attempt += 2) {
      const s = tableEnd / (1 - uniformAt(position, stream, attempt, step, replica));
      besselPair(order, s, pair);
      const acceptance = (pair[0] * pair[0] * Math.PI * s) / (2 * bound);
      if (uniformAt(position, stream, attempt + 1, step, replica) < acceptance) return s / kappa;
    }
  }

  return {
    upper: Infinity,
    mean: Infinity,
    secondMoment: Infinity,
    pdf,
    cdf,
    quantile,
    moments,
    // Beyond the table stand series, which are no table.
    tables: isWhole ? null : [tableAsData(table, table.upper, [atEnd[0], atEnd[1], atEnd[2]])],
    ...(isWhole ? { draw } : {}),
    // J^2 oscillates with period pi: panels of length 2 in kappa r are resolved by 16 Gauss-Legendre nodes.
    density: { lower: 0, upper: Infinity, panelWidth: 2 / kappa, density: pdf },
    rule: () => refuseRule("heavy-tailed"),
  };
}

/** A Gauss rule needs finite moments. */
export function refuseRule(kind: string): never {
  throw new MeanfieldError(
    "unsupported-combination",
    `radiusCutoff: expected a number for a Gauss rule under the ${kind} law, whose mean radius is infinite without a cutoff, got null; take radiusCutoff = 3`,
    { path: "radiusCutoff", expected: "a number", got: "null", suggestion: "take radiusCutoff = 3" },
  );
}

/** p, p', p'' of p(r) = d J_nu(kappa r)^2 / r at s = kappa r, from J, J' there and Bessel's equation. */
function densityWithDerivatives(
  order: number,
  kappa: number,
  s: number,
  value: number,
  slope: number,
  out: Float64Array,
): void {
  const dimension = 2 * order;
  if (s === 0) {
    // J_1^2 ~ s^2/4 and J_{3/2}^2 ~ 2 s^3/(9 pi); higher orders start with at least the third power of s.
    out[0] = 0;
    out[1] = dimension === 2 ? kappa * kappa * 0.5 : 0;
    out[2] = dimension === 3 ? (kappa ** 3 * 4) / (3 * Math.PI) : 0;
    return;
  }
  const curve = -slope / s - (1 - (order / s) ** 2) * value;
  const square = value * value;
  const squareSlope = 2 * value * slope;
  const squareCurve = 2 * (slope * slope + value * curve);
  out[0] = (kappa * dimension * square) / s;
  out[1] = kappa * kappa * dimension * (squareSlope - square / s) * (1 / s);
  out[2] = kappa ** 3 * dimension * (squareCurve - (2 * squareSlope) / s + (2 * square) / (s * s)) * (1 / s);
}
