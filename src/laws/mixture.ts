import { checkKeptMass, conditionOnCutoff, massWithin, type SmoothRadius } from "./cutoff.ts";
import { gaussianRadius } from "./gaussian.ts";
import { heavyTailedRadius, refuseRule } from "./heavy-tailed.ts";
import { invertIncreasing } from "./invert.ts";
import type { Law, MixtureSpec, RadialTable } from "./law.ts";
import { radialLaw, radiusDrawer } from "./radial-law.ts";
import { densityRule, type SmoothDensity } from "./radial-rule.ts";
import { checkedCutoff, checkedDimension, checkedPositive } from "./spec-checks.ts";

export interface MixtureOptions {
  /** d, an integer in [2, 2000]. */
  readonly dimension: number;
  /** beta > 0 of the heavy-tailed half. @default sqrt(dimension) */
  readonly scale?: number;
  /** Rc: condition on |x| <= Rc. @default null, no cutoff */
  readonly radiusCutoff?: number | null;
}

/**
 * 1/2 heavy-tailed + 1/2 N(0, I/d) (Safran, Lee, COLT 2022); a cutoff conditions the mixture, so the halves keep unequal shares.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function mixture(options: MixtureOptions): MixtureSpec {
  const dimension = checkedDimension(options.dimension, 2000);
  return Object.freeze({
    kind: "mixture",
    dimension,
    scale: checkedPositive("scale", options.scale ?? Math.sqrt(dimension)),
    radiusCutoff: checkedCutoff(options.radiusCutoff),
  });
}

/** Builds the equal mixture of the heavy-tailed law and N(0, I/d); see `MixtureSpec`. */
export function buildMixture(spec: MixtureSpec): Law {
  const { dimension, radiusCutoff } = spec;
  const heavy = heavyTailedRadius(dimension, spec.scale, radiusCutoff);
  const normal = gaussianRadius(dimension);
  if (radiusCutoff === null) {
    return radialLaw(spec, { ...mix(0.5, heavy, normal), rule: () => refuseRule("mixture") });
  }
  const heavyMass = massWithin(heavy, radiusCutoff);
  const normalMass = massWithin(normal, radiusCutoff);
  const mass = heavyMass + normalMass;
  checkKeptMass(mass / 2, radiusCutoff);
  // A half without mass cannot be conditioned, and its absence changes nothing.
  if (!(heavyMass > 1e-18 * mass)) return radialLaw(spec, conditionOnCutoff(normal, radiusCutoff));
  if (!(normalMass > 1e-18 * mass)) return radialLaw(spec, conditionOnCutoff(heavy, radiusCutoff));
  return radialLaw(
    spec,
    mix(heavyMass / mass, conditionOnCutoff(heavy, radiusCutoff), conditionOnCutoff(normal, radiusCutoff)),
  );
}

function scaled(tables: readonly RadialTable[], share: number): readonly RadialTable[] {
  return tables.map((table) => {
    const [mass, first, second] = table.beyond;
    return { ...table, factor: share * table.factor, beyond: [share * mass, share * first, share * second] };
  });
}

/** share * first + (1 - share) * second; a draw's uniform chooses the component and, stretched to [0, 1), draws from it. */
function mix(share: number, first: SmoothRadius, second: SmoothRadius): SmoothRadius {
  const rest = 1 - share;
  const secondMoments = new Float64Array(3);
  const drawFirst = radiusDrawer(first);
  const drawSecond = radiusDrawer(second);
  const pdf = (radius: number) => share * first.pdf(radius) + rest * second.pdf(radius);
  const cdf = (radius: number) => share * first.cdf(radius) + rest * second.cdf(radius);
  const density: SmoothDensity = {
    lower: 0,
    upper: Math.max(first.density.upper, second.density.upper),
    panelWidth: Math.min(first.density.panelWidth, second.density.panelWidth),
    density: pdf,
  };
  return {
    upper: Math.max(first.upper, second.upper),
    mean: share * first.mean + rest * second.mean,
    secondMoment: share * first.secondMoment + rest * second.secondMoment,
    density,
    pdf,
    cdf,
    quantile(probability: number): number {
      const one = first.quantile(probability);
      const other = second.quantile(probability);
      if (one === other || probability === 0 || probability === 1) return Math.max(one, other);
      const lower = Math.min(one, other);
      const upper = Math.max(one, other);
      return invertIncreasing(cdf, pdf, probability, lower, upper, (lower + upper) / 2);
    },
    draw: (uniform, position, stream, step, replica) =>
      uniform < share
        ? drawFirst(uniform / share, position, stream, step, replica)
        : drawSecond((uniform - share) / rest, position, stream, step, replica),
    moments(radius: number, out: Float64Array, offset: number): void {
      first.moments(radius, out, offset);
      second.moments(radius, secondMoments, 0);
      out[offset] = share * out[offset] + rest * secondMoments[0];
      out[offset + 1] = share * out[offset + 1] + rest * secondMoments[1];
      out[offset + 2] = share * out[offset + 2] + rest * secondMoments[2];
    },
    tables:
      first.tables === null || second.tables === null
        ? null
        : [...scaled(first.tables, share), ...scaled(second.tables, rest)],
    rule: (breaks, nodesPerPanel) => densityRule(density, breaks, nodesPerPanel),
  };
}
