import { invalidValue } from "../errors.ts";
import type { RadialParts } from "./radial-law.ts";
import { densityRule, type SmoothDensity } from "./radial-rule.ts";

/** A radius with a smooth density, which a rule can integrate and a cutoff can condition. */
export interface SmoothRadius extends RadialParts {
  readonly density: SmoothDensity;
}

/** Conditioning on less than this would divide rounding errors of the distribution function by a tiny number. */
const leastMass = 1e-6;

/** Throws `invalid-value` unless a cutoff keeps a mass of at least 1e-6. */
export function checkKeptMass(mass: number, cutoff: number): void {
  if (mass >= leastMass) return;
  throw invalidValue("radiusCutoff", `a radius within which the law has a mass of at least ${leastMass}`, cutoff);
}

/** P(r <= cutoff). */
export function massWithin(radius: RadialParts, cutoff: number): number {
  const kept = new Float64Array(3);
  radius.moments(cutoff, kept, 0);
  return kept[0];
}

/** The radius, of one table at most, conditioned on r <= cutoff, which must have positive mass: M_k(min(r, cutoff)) / M_0(cutoff), samples by inversion. */
export function conditionOnCutoff(radius: SmoothRadius, cutoff: number): SmoothRadius {
  const kept = new Float64Array(3);
  radius.moments(cutoff, kept, 0);
  const mass = kept[0];
  const inverseMass = 1 / mass;
  const mean = kept[1] / mass;
  const secondMoment = kept[2] / mass;
  const density: SmoothDensity = { ...radius.density, upper: Math.min(cutoff, radius.density.upper) };
  return {
    upper: cutoff,
    mean,
    secondMoment,
    density,
    pdf: (r) => radius.pdf(r) * inverseMass,
    cdf: (r) => (r < cutoff ? radius.cdf(r) * inverseMass : 1),
    quantile: (probability) => (probability < 1 ? Math.min(cutoff, radius.quantile(probability * mass)) : cutoff),
    moments(r: number, out: Float64Array, offset: number): void {
      if (!(r < cutoff)) {
        out[offset] = 1;
        out[offset + 1] = mean;
        out[offset + 2] = secondMoment;
        return;
      }
      radius.moments(r, out, offset);
      out[offset] *= inverseMass;
      out[offset + 1] *= inverseMass;
      out[offset + 2] *= inverseMass;
    },
    tables:
      radius.tables?.map((table) => ({
        ...table,
        factor: table.factor * inverseMass,
        upper: cutoff,
        beyond: [1, mean, secondMoment] as const,
      })) ?? null,
    rule: (breaks, nodesPerPanel) => densityRule(density, breaks, nodesPerPanel),
  };
}
