import { invalidValue } from "../errors.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import { deriveKey, type RootSeed } from "../numerics/random/key.ts";
import { type Activation, activationOf, buildActivation } from "./activation.ts";
import { denseRays } from "./dense-rays.ts";
import { firstLayerRows } from "./first-layer-start.ts";
import { type DenseSpec, type Network, outputStarts } from "./network.ts";
import { type Particles, particleLayout, particlesOn } from "./particles.ts";
import { rowNorms } from "./row-norms.ts";
import { smoothDenseRays } from "./smooth-rays.ts";
import { createSmoothSphericalMean } from "./smooth-spherical-mean.ts";
import { createSphericalMean } from "./spherical-mean.ts";

/**
 * The dense three-layer mean-field network (Nguyen, Pham 2020, arXiv 2001.11443; Pham, Nguyen, ICLR 2021):
 * y(x) = (1/m2) sum_j a_j sigma(H_j(x)), H_j(x) = e_j + (1/m1) sum_i U_ji sigma(w_i.x + c_i), one sigma in both layers.
 *
 * Arrays, in this order: w (m1 x d), c (m1), u (m2 x m1), e (m2), a (m2). u is row-major: its row j holds the weights into neuron j of the second
 * layer, U_ji = u[j m1 + i] (the papers write them U_ij). Layers: w, c are the first, u, e the second, a the third.
 *
 * Start, all independent: w as the spec says, with E|w|^2 = d (Gaussian: N(0, I)), and c, U, e, a ~ N(0, 1). For every such start
 * E y(x)^2 = E sigma(H)^2 / m2, for ReLU and leaky ReLU (k/m2) (1 + (k/m1) (|x|^2 + 1)), k = (1 + negativeSlope^2)/2: near 0, as near as it is wide.
 * With outputStart "zero" every second-layer neuron (U_j., e_j, a_j) is followed by its double with -a_j: sums in their order meet each neuron and
 * its negative in turn, so that y = 0 without rounding.
 * A wider start begins with the narrower one's neurons. See docs/theory/dense-network.md.
 *
 * @throws MeanfieldError `invalid-value` unless dimension >= 2 and widths >= 1 (m2 even for outputStart "zero"), and what `buildActivation` throws
 */
export function buildDense(spec: DenseSpec): Network {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  checkSizes(spec);
  const activation = buildActivation(activationOf(spec));
  const { negativeSlope, value: sigma } = activation;
  const layout = particleLayout({ w: [m1, dimension], c: [m1], u: [m2, m1], e: [m2], a: [m2] });
  const phi = neuronMean(dimension, activation);

  /** y from the first layer's activations: U is read once for all of them. */
  function output({ arrays: { u, e, a } }: Particles, hidden: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < m2; j += 1) {
      let product = 0;
      for (let i = 0, at = j * m1; i < m1; i += 1, at += 1) product += u[at] * hidden[i];
      sum += a[j] * sigma(e[j] + product / m1);
    }
    return sum / m2;
  }

  return Object.freeze({
    spec,
    layout,
    size: layout.length,
    layers: Object.freeze({ w: "first", c: "first", u: "second", e: "second", a: "third" } as const),
    start(seed, replica = 0) {
      const particles = particlesOn(layout);
      startDense(spec, particles, seed, replica);
      return particles;
    },
    evaluate(particles, points, count, out) {
      const { w, c } = particles.arrays;
      const hidden = new Float64Array(m1);
      for (let sample = 0; sample < count; sample += 1) {
        const point = sample * dimension;
        for (let i = 0; i < m1; i += 1) {
          let z = c[i];
          for (let k = 0; k < dimension; k += 1) z += w[i * dimension + k] * points[point + k];
          hidden[i] = sigma(z);
        }
        out[sample] = output(particles, hidden);
      }
    },
    along: (particles, directions, count) =>
      negativeSlope === null
        ? smoothDenseRays(particles, activation, directions, count)
        : denseRays(particles, dimension, negativeSlope, directions, count),
    sphericalMean(particles) {
      const { c } = particles.arrays;
      const norms = rowNorms(particles, dimension);
      const hidden = new Float64Array(m1);
      return {
        value(radius) {
          for (let i = 0; i < m1; i += 1) hidden[i] = phi(norms[i] * radius, c[i]);
          return output(particles, hidden);
        },
        pieces: null,
      };
    },
    observe(particles) {
      const { w, c, u, e, a } = particles.arrays;
      const first = sumOfSquares(w) / m1;
      const offsets = sumOfSquares(c) / m1;
      const middle = sumOfSquares(u) / (m1 * m2);
      let outer = 0;
      for (const value of a) outer += Math.abs(value);
      const observed = {
        weightNorm: Math.sqrt(first),
        middleWeight: Math.sqrt(middle),
        outerWeight: outer / m2,
      };
      if (negativeSlope === null) return observed;
      return {
        ...observed,
        // Where sigma(z) = sigma'(z) z, conserved neuron by neuron under the exact flow with equal layer speeds; the means are watched.
        conservedFirst: first + offsets - middle,
        conservedSecond: sumOfSquares(a) / m2 - sumOfSquares(e) / m2 - middle,
      };
    },
  } satisfies Network);
}

/** The mean phi(s, c) of a first-layer neuron over rotations. */
function neuronMean(dimension: number, activation: Activation): (scale: number, offset: number) => number {
  const { negativeSlope } = activation;
  if (negativeSlope === null) return createSmoothSphericalMean(dimension, activation).value;
  const phi = createSphericalMean(dimension);
  if (negativeSlope === 0) return phi.value;
  // sigma = (1 - negativeSlope) relu + negativeSlope z, and the mean of z over rotations is c.
  return (scale, offset) => (1 - negativeSlope) * phi.value(scale, offset) + negativeSlope * offset;
}

function startDense(spec: DenseSpec, { arrays }: Particles, seed: RootSeed, replica: number): void {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const { w, c, u, e, a } = arrays;
  const key = (name: string) => deriveKey(seed, "start", "dense", name);
  w.set(firstLayerRows(m1, dimension, spec.start, Math.sqrt(dimension), key("w"), replica));
  fillNormal(c, 0, m1, 0, key("c"), 0, 0, replica);
  // A neuron is drawn once, and stands once or, doubled, twice.
  const copies = spec.outputStart === "zero" ? 2 : 1;
  const drawn = m2 / copies;
  const middle = key("u");
  const offsets = new Float64Array(drawn);
  const outer = new Float64Array(drawn);
  fillNormal(offsets, 0, drawn, 0, key("e"), 0, 0, replica);
  fillNormal(outer, 0, drawn, 0, key("a"), 0, 0, replica);
  for (let j = 0; j < m2; j += 1) {
    const original = Math.floor(j / copies);
    // The row takes the place of the step in the counter, so that U_ji is one number whatever the widths.
    fillNormal(u, j * m1, m1, 0, middle, 0, original, replica);
    e[j] = offsets[original];
    a[j] = j % copies === 0 ? outer[original] : -outer[original];
  }
}

function checkSizes({ dimension, firstLayerWidth, secondLayerWidth, outputStart = "random" }: DenseSpec): void {
  for (const [name, value] of Object.entries({ dimension, firstLayerWidth, secondLayerWidth })) {
    const least = name === "dimension" ? 2 : 1;
    if (!(Number.isInteger(value) && value >= least)) throw invalidValue(name, `an integer >= ${least}`, value);
  }
  if (!outputStarts.includes(outputStart)) {
    throw invalidValue("outputStart", `one of ${outputStarts.join(", ")}`, outputStart);
  }
  if (outputStart === "zero" && secondLayerWidth % 2 !== 0) {
    const why = "outputStart=zero doubles every second-layer neuron by its negative";
    throw invalidValue("secondLayerWidth", "an even integer >= 2", secondLayerWidth, why);
  }
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
