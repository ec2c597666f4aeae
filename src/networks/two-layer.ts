import { invalidValue } from "../errors.ts";
import { createPositiveSorter } from "../numerics/positive-order.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import { deriveKey } from "../numerics/random/key.ts";
import { type Activation, activationOf, buildActivation } from "./activation.ts";
import { firstLayerRows } from "./first-layer-start.ts";
import type { Network, SphericalSymmetrization, TwoLayerSpec } from "./network.ts";
import { type Particles, particleLayout, particlesOn } from "./particles.ts";
import type { RayBundle } from "./ray.ts";
import { rowNorms } from "./row-norms.ts";
import { smoothTwoLayerRays } from "./smooth-rays.ts";
import { createSmoothSphericalMean } from "./smooth-spherical-mean.ts";
import { createSphericalMean } from "./spherical-mean.ts";
import { sphericalProfile } from "./spherical-sums.ts";
import { twoLayerValues } from "./two-layer-values.ts";

/**
 * The two-layer mean-field network f(x) = (1/m) sum_i a_i sigma(w_i.x + b_i) (Mei, Montanari, Nguyen 2018; Chizat, Bach 2018).
 *
 * Start: w on the sphere of radius sqrt(d), b ~ N(0, 1), a = 1, and every neuron followed by its double with a = -1: sums in their order meet
 * each neuron and its negative in turn, so that f = 0 without rounding, and a wider start begins with the narrower one's neurons.
 *
 * @throws MeanfieldError `invalid-value` unless dimension >= 2 and the width is even and >= 2, and what `buildActivation` throws
 */
export function buildTwoLayer(spec: TwoLayerSpec): Network {
  const { dimension, width } = spec;
  if (!(Number.isInteger(dimension) && dimension >= 2)) throw invalidValue("dimension", "an integer >= 2", dimension);
  if (!(Number.isInteger(width) && width >= 2 && width % 2 === 0)) {
    throw invalidValue("width", "an even integer >= 2", width, "every neuron starts doubled by its negative");
  }
  const activation = buildActivation(activationOf(spec));
  const { negativeSlope } = activation;
  const layout = particleLayout({ w: [width, dimension], b: [width], a: [width] });
  const sphericalMean =
    negativeSlope === null ? smoothMean(dimension, activation) : linearMean(dimension, negativeSlope);
  return Object.freeze({
    spec,
    layout,
    size: width * (dimension + 2),
    layers: Object.freeze({ w: "first", b: "first", a: "second" } as const),
    start(seed, replica = 0) {
      const particles = particlesOn(layout);
      const { w, b, a } = particles.arrays;
      const half = width / 2;
      const rows = firstLayerRows(
        half,
        dimension,
        spec.start,
        Math.sqrt(dimension),
        deriveKey(seed, "start", "two-layer", "w"),
        replica,
      );
      const offsets = new Float64Array(half);
      fillNormal(offsets, 0, half, 0, deriveKey(seed, "start", "two-layer", "b"), 0, 0, replica);
      for (let i = 0; i < width; i += 1) {
        const original = i >> 1;
        w.set(rows.subarray(original * dimension, (original + 1) * dimension), i * dimension);
        b[i] = offsets[original];
        a[i] = i % 2 === 0 ? 1 : -1;
      }
      return particles;
    },
    evaluate(particles, points, count, out) {
      const { w, b, a } = particles.arrays;
      out.fill(0, 0, count);
      for (let i = 0; i < width; i += 1) {
        const row = i * dimension;
        for (let sample = 0; sample < count; sample += 1) {
          let z = b[i];
          for (let k = 0; k < dimension; k += 1) z += w[row + k] * points[sample * dimension + k];
          if (negativeSlope === null) out[sample] += a[i] * activation.value(z);
          else if (z > 0) out[sample] += a[i] * z;
          else if (negativeSlope > 0) out[sample] += a[i] * negativeSlope * z;
        }
      }
      for (let sample = 0; sample < count; sample += 1) out[sample] /= width;
    },
    along: (particles, directions, count) =>
      negativeSlope === null
        ? smoothTwoLayerRays(particles, activation, directions, count)
        : twoLayerRays(particles, dimension, negativeSlope, directions, count),
    sphericalMean,
    observe(particles) {
      const { w, b, a } = particles.arrays;
      let conserved = 0;
      let squares = 0;
      for (let i = 0; i < width; i += 1) {
        let square = 0;
        for (let k = i * dimension; k < (i + 1) * dimension; k += 1) square += w[k] * w[k];
        squares += square;
        // a^2 - |w|^2 - b^2 is conserved neuron by neuron where sigma(z) = sigma'(z) z (equal layer speeds); its mean is watched.
        conserved += a[i] * a[i] - square - b[i] * b[i];
      }
      let outer = 0;
      for (const value of a) outer += Math.abs(value);
      const observed = { weightNorm: Math.sqrt(squares / width), outerWeight: outer / width };
      return negativeSlope === null ? observed : { ...observed, conserved: conserved / width };
    },
  } satisfies Network);
}

type Mean = (particles: Particles) => SphericalSymmetrization;

/** (1/m) sum_i a_i phi(|w_i| r, b_i), phi the mean of sigma = (1 - negativeSlope) relu + negativeSlope z; the mean of z over rotations is b. */
function linearMean(dimension: number, negativeSlope: number): Mean {
  const phi = createSphericalMean(dimension);
  return (particles) => {
    const { b, a } = particles.arrays;
    const norms = rowNorms(particles, dimension);
    return {
      value(radius) {
        let sum = 0;
        for (let i = 0; i < b.length; i += 1) {
          const relu = phi.value(norms[i] * radius, b[i]);
          sum += a[i] * (negativeSlope > 0 ? (1 - negativeSlope) * relu + negativeSlope * b[i] : relu);
        }
        return sum / b.length;
      },
      valuesAt(radii) {
        const values = sphericalProfile(dimension, a, norms, b, radii);
        if (negativeSlope === 0) return values;
        const linear = a.reduce((sum, outer, i) => sum + outer * b[i], 0) / b.length;
        return values.map((value) => (1 - negativeSlope) * value + negativeSlope * linear);
      },
      pieces: null,
    };
  };
}

/** The same with phi by quadrature. */
function smoothMean(dimension: number, activation: Activation): Mean {
  const phi = createSmoothSphericalMean(dimension, activation);
  return (particles) => {
    const { b, a } = particles.arrays;
    const norms = rowNorms(particles, dimension);
    return {
      value: (radius) => a.reduce((sum, outer, i) => sum + outer * phi.value(norms[i] * radius, b[i]), 0) / b.length,
      pieces: null,
    };
  };
}

/** On ray k neuron i switches at r = -b_i/(w_i.u_k) where that is positive: at most m + 1 pieces. */
function twoLayerRays(
  particles: Particles,
  dimension: number,
  negativeSlope: number,
  directions: Float64Array,
  count: number,
): RayBundle {
  const change = 1 - negativeSlope;
  const { w, b, a } = particles.arrays;
  const width = b.length;
  const products = new Float64Array(width);
  const kinks = new Float64Array(width);
  const neuronOf = new Uint32Array(width);
  const order = new Uint32Array(width);
  const sorter = createPositiveSorter(width);
  return {
    count,
    capacity: width + 1,
    centredPieces: null,
    valuesAt: (nodes) => twoLayerValues(particles, dimension, negativeSlope, directions, count, nodes),
    pieces(ray, into) {
      const direction = ray * dimension;
      let slope = 0;
      let intercept = 0;
      let kinked = 0;
      for (let i = 0; i < width; i += 1) {
        let product = 0;
        for (let k = 0; k < dimension; k += 1) product += w[i * dimension + k] * directions[direction + k];
        products[i] = product;
        if (b[i] > 0 || (b[i] === 0 && product > 0)) {
          slope += a[i] * product;
          intercept += a[i] * b[i];
        } else if (negativeSlope > 0) {
          slope += a[i] * negativeSlope * product;
          intercept += a[i] * negativeSlope * b[i];
        }
        if (b[i] * product < 0) {
          kinks[kinked] = -b[i] / product;
          neuronOf[kinked] = i;
          kinked += 1;
        }
      }
      sorter.sort(kinks, kinked, order);
      into.starts[0] = 0;
      into.slopes[0] = slope / width;
      into.intercepts[0] = intercept / width;
      for (let at = 1; at <= kinked; at += 1) {
        const i = neuronOf[order[at - 1]];
        const sign = b[i] > 0 ? -change : change;
        slope += sign * a[i] * products[i];
        intercept += sign * a[i] * b[i];
        into.starts[at] = kinks[order[at - 1]];
        into.slopes[at] = slope / width;
        into.intercepts[at] = intercept / width;
      }
      into.count = kinked + 1;
    },
  };
}
