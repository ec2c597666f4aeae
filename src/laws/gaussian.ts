import { fillNormal } from "../numerics/random/distributions.ts";
import { halfStepGammaRatio } from "../numerics/special-functions.ts";
import { checkKeptMass, conditionOnCutoff, massWithin, type SmoothRadius } from "./cutoff.ts";
import type { GaussianSpec, Law, LawStreams, SampleRange } from "./law.ts";
import { buildMomentTable, tableAsData } from "./moment-table.ts";
import { radialDistribution, radialLaw } from "./radial-law.ts";
import { densityRule, type SmoothDensity } from "./radial-rule.ts";
import { checkRange } from "./sample-directions.ts";
import { checkedCutoff, checkedDimension } from "./spec-checks.ts";

export interface GaussianOptions {
  /** d, an integer in [2, 100000]. */
  readonly dimension: number;
  /** Rc: condition on |x| <= Rc. @default null, no cutoff */
  readonly radiusCutoff?: number | null;
}

/**
 * N(0, I/d), so that E|x|^2 = 1, optionally conditioned on |x| <= radiusCutoff.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function gaussian(options: GaussianOptions): GaussianSpec {
  return Object.freeze({
    kind: "gaussian",
    dimension: checkedDimension(options.dimension, 100_000),
    radiusCutoff: checkedCutoff(options.radiusCutoff),
  });
}

/** Builds N(0, I/d), conditioned on the cutoff if there is one; see `GaussianSpec`. */
export function buildGaussian(spec: GaussianSpec): Law {
  const { dimension, radiusCutoff } = spec;
  const radius = gaussianRadius(dimension);
  if (radiusCutoff !== null) {
    checkKeptMass(massWithin(radius, radiusCutoff), radiusCutoff);
    return radialLaw(spec, conditionOnCutoff(radius, radiusCutoff));
  }
  const scale = 1 / Math.sqrt(dimension);
  return Object.freeze({
    spec,
    dimension,
    radius: radialDistribution(radius),
    // Normals need no split into direction and radius: coordinate k of sample s is the normal at position s d + k of `directions`.
    sample(out: Float64Array, range: SampleRange, streams: LawStreams): void {
      checkRange(range, dimension, out);
      const size = range.count * dimension;
      fillNormal(out, 0, size, range.first * dimension, streams.directions, 0, range.step, range.replica);
      for (let at = 0; at < size; at += 1) out[at] *= scale;
    },
  });
}

// The density is a bump of width 1/sqrt(2) without oscillations, so errors of neighbouring cells add up: twice as fine as for Bessel functions.
const nodesPerUnit = 64;
/** The mass of |sqrt(d) r - sqrt(d)| > 9.5 is below 1e-18 for every d >= 2. */
const reach = 9.5;

/** r = chi_d / sqrt(d): density proportional to s^(d-1) exp(-s^2/2) in s = sqrt(d) r. Mass 1 - 1e-18 lies in the table. */
export function gaussianRadius(dimension: number): SmoothRadius {
  const root = Math.sqrt(dimension);
  const mode = Math.sqrt(dimension - 1);
  // Relative to the mode, so that no large logarithms cancel; the table finds the factor that makes the mass 1.
  const relative = (s: number): number => {
    if (!(s > 0)) return 0;
    return Math.exp((dimension - 1) * Math.log1p((s - mode) / mode) - 0.5 * (s - mode) * (s + mode));
  };
  const table = buildMomentTable({
    step: 1 / (nodesPerUnit * root),
    cellCount: Math.ceil((root + reach) * nodesPerUnit),
    density(radius: number, out: Float64Array): void {
      const s = root * radius;
      if (s === 0) {
        out[0] = 0;
        out[1] = dimension === 2 ? root * root * Math.exp(0.5) : 0;
        out[2] = dimension === 3 ? root ** 3 * Math.E : 0;
        return;
      }
      const value = relative(s);
      const logSlope = (dimension - 1) / s - s;
      out[0] = root * value;
      out[1] = root * root * value * logSlope;
      out[2] = root ** 3 * value * (logSlope * logSlope - (dimension - 1) / (s * s) - 1);
    },
    normalize: true,
  });
  const mean = (Math.SQRT2 * halfStepGammaRatio(dimension / 2)) / root;
  const pdf = (radius: number) => table.densityFactor * root * relative(root * radius);
  const density: SmoothDensity = {
    lower: Math.max(0, root - reach) / root,
    upper: table.upper,
    panelWidth: 1 / root,
    density: pdf,
  };
  return {
    upper: Infinity,
    mean,
    secondMoment: 1,
    density,
    pdf,
    cdf: table.mass,
    quantile: (probability) => (probability < 1 ? table.radiusOfMass(probability) : Infinity),
    moments(radius: number, out: Float64Array, offset: number): void {
      if (radius < table.upper) {
        table.moments(radius, out, offset);
        return;
      }
      out[offset] = 1;
      out[offset + 1] = mean;
      out[offset + 2] = 1;
    },
    tables: [tableAsData(table, table.upper, [1, mean, 1])],
    rule: (breaks, nodesPerPanel) => densityRule(density, breaks, nodesPerPanel),
  };
}
