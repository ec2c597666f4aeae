import { invalidValue } from "../errors.ts";
import type { RadialRule } from "./law.ts";
import type { RadialParts } from "./radial-law.ts";
import { densityRule, type SmoothDensity } from "./radial-rule.ts";

/** A radius that can still be conditioned: its density with what a rule needs to know of it. */
export interface UnboundedRadius extends RadialParts {
  readonly density: SmoothDensity;
}

/** Conditioning on less than this would divide rounding errors of the distribution function by a tiny number. */
const leastMass = 1e-6;

/**
 * The radius conditioned on r <= cutoff: M_k(min(r, cutoff)) / M_0(cutoff), samples by inversion.
 *
 * @throws MeanfieldError `invalid-value` if the cutoff keeps less than 1e-6 of the mass
 */
export function conditionOnCutoff(radius: UnboundedRadius, cutoff: number): RadialParts {
  const kept = new Float64Array(3);
  radius.moments(cutoff, kept, 0);
  const mass = kept[0];
  if (!(mass >= leastMass)) {
    throw invalidValue("radiusCutoff", `a radius within which the law has a mass of at least ${leastMass}`, cutoff);
  }
  const mean = kept[1] / mass;
  const secondMoment = kept[2] / mass;
  const density: SmoothDensity = { ...radius.density, upper: Math.min(cutoff, radius.density.upper) };
  return {
    upper: cutoff,
    mean,
    secondMoment,
    pdf: (r) => radius.pdf(r) / mass,
    cdf: (r) => (r < cutoff ? radius.cdf(r) / mass : 1),
    quantile: (probability) => (probability < 1 ? Math.min(cutoff, radius.quantile(probability * mass)) : cutoff),
    moments(r: number, out: Float64Array, offset: number): void {
      if (!(r < cutoff)) {
        out[offset] = 1;
        out[offset + 1] = mean;
        out[offset + 2] = secondMoment;
        return;
      }
      radius.moments(r, out, offset);
      out[offset] /= mass;
      out[offset + 1] /= mass;
      out[offset + 2] /= mass;
    },
    rule: (breaks, nodesPerPanel): RadialRule => densityRule(density, breaks, nodesPerPanel),
  };
}
