import { buildLaw } from "../laws/index.ts";
import type { Law, LawSpec, RadialDistribution } from "../laws/law.ts";
import { gaussLegendre } from "../numerics/index.ts";
import { deriveKey } from "../numerics/random/index.ts";
import { type Property, propertyOf, worstOf } from "./property.ts";

const streams = { directions: deriveKey("checks", "directions"), radii: deriveKey("checks", "radii") };
const sampleCount = 4000;
/** Normal deviations and Kolmogorov statistics beyond these come up by chance less than once in ten thousand times. */
const largestDeviation = 5;
const largestKolmogorov = 2.3;
const probabilities = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999];

/**
 * What every law must do, tried on this one: samples are a function of their position; radial laws have uniform directions, radii that follow the
 * distribution function, a quantile that inverts it, a density that is its slope, partial moments that integrate the distribution function, and a Gauss rule of mass 1.
 * The draws are fixed, so a result repeats.
 *
 * @param law a spec, or a law object of your own
 * @returns one entry a property, in a fixed order; all must hold
 */
export function checkLaw(law: LawSpec | Law): readonly Property[] {
  const built = "sample" in law ? law : buildLaw(law);
  const properties = [samplesByPosition(built), finiteSamples(built)];
  const { radius } = built;
  if (radius === null) return properties;
  return [
    ...properties,
    uniformDirections(built),
    samplesFollowCdf(built, radius),
    propertyOf("the quantile inverts the distribution function", () => ({
      // A point mass has no inverse; its quantile reaches at least the probability.
      worst: worstOf(
        probabilities.map((p) => {
          const reached = radius.cdf(radius.quantile(p));
          return hasDensity(radius) ? Math.abs(reached - p) : Math.max(0, p - reached);
        }),
      ),
      bound: 1e-8,
    })),
    propertyOf("the distribution function rises from 0 to 1", () => {
      const values = [0, ...probabilities.map((p) => radius.cdf(radius.quantile(p))), radius.cdf(Infinity)];
      const falls = values.map((value, k) => (k === 0 ? Math.abs(value) : values[k - 1] - value));
      return { worst: worstOf([...falls, Math.abs(values[values.length - 1] - 1)]), bound: 1e-9 };
    }),
    densityIsSlope(radius),
    momentsIntegrate(radius),
    ruleOfMassOne(radius),
  ];
}

function sampleOf({ dimension, sample }: Law, first: number, count: number, step = 0): Float64Array {
  const out = new Float64Array(count * dimension);
  sample(out, { first, count, step, replica: 0 }, streams);
  return out;
}

function samplesByPosition(law: Law): Property {
  return propertyOf("sample s depends on its position alone, and on the step", () => {
    const whole = sampleOf(law, 0, 60);
    const parts = [...sampleOf(law, 0, 17), ...sampleOf(law, 17, 43)];
    const differing = parts.filter((value, index) => !Object.is(value, whole[index])).length;
    const isSameLater = sampleOf(law, 0, 60, 1).every((value, index) => value === whole[index]);
    return { worst: differing + (isSameLater ? 1 : 0), bound: 0 };
  });
}

function finiteSamples(law: Law): Property {
  return propertyOf("samples are finite", () => ({
    worst: sampleOf(law, 0, sampleCount).filter((value) => !Number.isFinite(value)).length,
    bound: 0,
  }));
}

function radiiOf(samples: Float64Array, dimension: number): Float64Array {
  return Float64Array.from({ length: samples.length / dimension }, (_, s) =>
    Math.hypot(...samples.subarray(s * dimension, (s + 1) * dimension)),
  );
}

/** sqrt(d n) mean_s u_sk is nearly standard normal, and so is sqrt(n (d + 2)/(2 (d - 1))) mean_s (d u_sk^2 - 1). */
function uniformDirections(law: Law): Property {
  return propertyOf("directions are uniform: means of coordinates and of their squares", () => {
    const { dimension: d } = law;
    const samples = sampleOf(law, 0, sampleCount);
    const radii = radiiOf(samples, d);
    const deviations: number[] = [];
    for (let k = 0; k < Math.min(d, 20); k += 1) {
      let [first, second] = [0, 0];
      for (let s = 0; s < sampleCount; s += 1) {
        const u = radii[s] > 0 ? samples[s * d + k] / radii[s] : 0;
        first += u / sampleCount;
        second += (d * u * u - 1) / sampleCount;
      }
      deviations.push(Math.abs(first) * Math.sqrt(d * sampleCount));
      deviations.push(Math.abs(second) * Math.sqrt((sampleCount * (d + 2)) / (2 * (d - 1))));
    }
    return { worst: worstOf(deviations), bound: largestDeviation };
  });
}

/** The statistic of Kolmogorov, sqrt(n) sup |F_n - F|; of a point mass the distance at its ends. */
function samplesFollowCdf(law: Law, radius: RadialDistribution): Property {
  return propertyOf("sampled radii follow the distribution function (Kolmogorov's statistic)", () => {
    const radii = radiiOf(sampleOf(law, 0, sampleCount), law.dimension).sort();
    const distances = Array.from(radii, (r, s) => {
      // Rounding of the norm must not count at a jump.
      const [below, above] = [radius.cdf(r * (1 - 1e-12)), radius.cdf(r * (1 + 1e-12))];
      return Math.max(below - (s + 1) / sampleCount, s / sampleCount - above);
    });
    return { worst: worstOf(distances) * Math.sqrt(sampleCount), bound: largestKolmogorov };
  });
}

function hasDensity(radius: RadialDistribution): boolean {
  return radius.quantile(0.25) < radius.quantile(0.75);
}

function densityIsSlope(radius: RadialDistribution): Property {
  return propertyOf("the density is the slope of the distribution function, relative to the largest", () => {
    if (!hasDensity(radius)) return { worst: 0, bound: 1e-4 };
    const places = [0.1, 0.25, 0.5, 0.75, 0.9].map((p) => radius.quantile(p));
    const largest = worstOf(places.map((r) => radius.pdf(r)));
    const errors = places.map((r) => {
      const step = 1e-5 * r;
      return Math.abs(radius.pdf(r) - (radius.cdf(r + step) - radius.cdf(r - step)) / (2 * step)) / largest;
    });
    return { worst: worstOf(errors), bound: 1e-4 };
  });
}

/** By parts, M_k(R) = R^k F(R) - k integral_0^R r^(k-1) F(r) dr: F is smoother than the quantile, and a point mass at R is no exception. */
function momentsIntegrate(radius: RadialDistribution): Property {
  return propertyOf("partial moments M_0, M_1, M_2 integrate the distribution function, relative to their size", () => {
    const { nodes, weights } = gaussLegendre(16);
    const panels = 400;
    const errors: number[] = [];
    const found = new Float64Array(3);
    for (const p of [0.1, 0.5, 0.9, 0.99]) {
      const upper = radius.quantile(p);
      radius.moments(upper, found, 0);
      const integrals = [0, 0];
      const half = upper / (2 * panels);
      for (let panel = 0; panel < panels; panel += 1) {
        for (const [index, node] of nodes.entries()) {
          const r = (2 * panel + 1 + node) * half;
          const part = weights[index] * half * radius.cdf(r);
          integrals[0] += part;
          integrals[1] += 2 * r * part;
        }
      }
      const mass = radius.cdf(upper);
      errors.push(Math.abs(found[0] - mass));
      for (const power of [1, 2]) {
        errors.push(Math.abs(found[power] - (upper ** power * mass - integrals[power - 1])) / upper ** power);
      }
    }
    return { worst: worstOf(errors), bound: 1e-8 };
  });
}

function ruleOfMassOne(radius: RadialDistribution): Property {
  return propertyOf("the Gauss rule has mass 1 and the law's mean and second moment, with and without breaks", () => {
    if (!Number.isFinite(radius.secondMoment)) return { worst: 0, bound: 1e-9 };
    const errors = [[], [radius.quantile(0.3), radius.quantile(0.8)]].flatMap((breaks) => {
      const { nodes, weights } = radius.rule(breaks, 12);
      const sums = [0, 0, 0];
      for (const [index, node] of nodes.entries())
        for (const power of [0, 1, 2]) sums[power] += weights[index] * node ** power;
      const { mean, secondMoment } = radius;
      return [Math.abs(sums[0] - 1), Math.abs(sums[1] / mean - 1), Math.abs(sums[2] / secondMoment - 1)];
    });
    return { worst: worstOf(errors), bound: 1e-8 };
  });
}
