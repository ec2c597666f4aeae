import { invalidValue } from "../errors.ts";
import { fillUniform } from "../numerics/random/distributions.ts";
import { deriveKey } from "../numerics/random/key.ts";
import { firstLayerRows } from "./first-layer-start.ts";
import type { BottleneckSpec, Network } from "./network.ts";
import { reluSums } from "./neuron-sums.ts";
import { type Particles, particleLayout, particlesOn } from "./particles.ts";
import { createPieceBuffer, type PieceBuffer, type RayBundle, type RayPieces, valuesOfPieces } from "./ray.ts";
import { rowNorms } from "./row-norms.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * The three-layer bottleneck network, our instantiation of Ren, Zhou, Ge (ICLR 2023):
 * F(x) = (1/m1) sum_i |w_i| relu(w_i.x), f(x) = (1/m2) sum_j a_j relu(v_j F(x) + b_j).
 */
export function buildBottleneck(spec: BottleneckSpec): Network {
  const { dimension, firstLayerWidth, secondLayerWidth } = spec;
  checkBottleneck(spec);
  const layout = particleLayout({
    w: [firstLayerWidth, dimension],
    v: [secondLayerWidth],
    b: [secondLayerWidth],
    a: [secondLayerWidth],
  });
  const meanRelu = meanReluOfCoordinate(dimension);
  return Object.freeze({
    spec,
    layout,
    size: firstLayerWidth * dimension + secondLayerWidth * (spec.trainOuterWeights ? 3 : 2),
    layers: Object.freeze({ w: "first", v: "second", b: "second", a: "second" } as const),
    start(seed, replica = 0) {
      const particles = particlesOn(layout);
      const norm = Math.sqrt(spec.initialAlpha / meanRelu);
      const firstLayer = deriveKey(seed, "start", "first-layer");
      particles.arrays.w.set(firstLayerRows(firstLayerWidth, dimension, spec.start, norm, firstLayer, replica));
      startSecondLayer(spec, particles, seed, replica);
      return particles;
    },
    evaluate(particles, points, count, out) {
      const bottleneck = new Float64Array(count);
      evaluateFirstLayer(particles, dimension, points, count, bottleneck);
      for (let sample = 0; sample < count; sample += 1) out[sample] = outerLayer(particles, bottleneck[sample]);
    },
    along: (particles, directions, count) => bottleneckRays(particles, dimension, directions, count),
    sphericalMean(particles) {
      const alpha = bottleneckAlpha(particles, dimension);
      const pieces = createPieces(particles);
      pieces.write(alpha, pieces.buffer);
      const { starts, slopes, intercepts, count } = pieces.buffer;
      return {
        value: (radius) => outerLayer(particles, alpha * radius),
        pieces: {
          starts: starts.slice(0, count),
          slopes: slopes.slice(0, count),
          intercepts: intercepts.slice(0, count),
        },
      };
    },
    observe(particles, bundle) {
      const alpha = bottleneckAlpha(particles, dimension);
      const { v, b, a } = particles.arrays;
      const observed: Record<string, number> = { alpha, v: mean(v), b: mean(b), a: mean(a) };
      // |w|^2 mean - 2 v^2 mean is conserved by the exact flow at every width (equal layer speeds).
      observed.conserved = alpha / meanRelu - 2 * meanSquare(v);
      // With every first-layer neuron at 0 there is nothing to be relative to.
      if (bundle !== null && isBottleneckBundle(bundle) && alpha > 0) {
        let sum = 0;
        for (const value of bundle.bottleneck) sum += (value - alpha) ** 2;
        observed.relativeVariance = (firstLayerWidth * sum) / (bundle.count * alpha * alpha);
      }
      return observed;
    },
  } satisfies Network);
}

/**
 * alpha = C_d (1/m1) sum_i |w_i|^2 >= 0: the slope of F averaged over rotations, F(x) -> alpha |x| as m1 grows (docs/theory/bottleneck-limit.md).
 *
 * @param particles with the array w, m1 x dimension
 */
export function bottleneckAlpha(particles: Particles, dimension: number): number {
  const { w } = particles.arrays;
  return meanReluOfCoordinate(dimension) * dimension * meanSquare(w);
}

/**
 * F at the rows of `points`: (1/m1) sum_i |w_i| relu(w_i.x), 2-homogeneous in w and 1-homogeneous in x.
 *
 * @param points count x dimension, row by row
 * @param out receives `count` values
 */
export function evaluateFirstLayer(
  particles: Particles,
  dimension: number,
  points: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { w } = particles.arrays;
  const norms = rowNorms(particles, dimension);
  reluSums(w, norms, dimension, points, count, out);
  for (let s = 0; s < count; s += 1) out[s] /= norms.length;
}

/** (1/m2) sum_j a_j relu(v_j s + b_j) */
function outerLayer(particles: Particles, s: number): number {
  const { v, b, a } = particles.arrays;
  let sum = 0;
  for (let j = 0; j < v.length; j += 1) {
    const z = v[j] * s + b[j];
    if (z > 0) sum += a[j] * z;
  }
  return sum / v.length;
}

interface BottleneckBundle extends RayBundle {
  readonly bottleneck: Float64Array;
}

function isBottleneckBundle(bundle: RayBundle): bundle is BottleneckBundle {
  return "bottleneck" in bundle;
}

/** On ray k the network is the outer layer at s = F(u_k) r, since F(r u) = r F(u). */
function bottleneckRays(
  particles: Particles,
  dimension: number,
  directions: Float64Array,
  count: number,
): BottleneckBundle {
  const bottleneck = new Float64Array(count);
  evaluateFirstLayer(particles, dimension, directions, count, bottleneck);
  const shift = mean(bottleneck) - bottleneckAlpha(particles, dimension);
  const { write, buffer } = createPieces(particles);
  const capacity = buffer.starts.length;
  const pieces: RayPieces = (ray, into) => write(bottleneck[ray], into);
  return {
    count,
    capacity,
    bottleneck,
    pieces,
    valuesAt: (nodes) => valuesOfPieces({ capacity }, pieces, nodes),
    // F is never negative, and a negative one would make the network grow without end where v < 0 keeps it bounded.
    centredPieces: (ray, into) => write(Math.max(0, bottleneck[ray] - shift), into),
  };
}

/** Writes r -> outer(slope r) as pieces; the atoms' order along the ray does not depend on the slope, so it is sorted once. */
function createPieces(particles: Particles): {
  write(slope: number, into: PieceBuffer): void;
  buffer: PieceBuffer;
} {
  const { v, b, a } = particles.arrays;
  const atoms = v.length;
  const kinked: number[] = [];
  let baseSlope = 0;
  let baseIntercept = 0;
  let on = 0;
  for (let j = 0; j < atoms; j += 1) {
    const isOnAtZero = b[j] > 0 || (b[j] === 0 && v[j] > 0);
    if (isOnAtZero) {
      on += 1;
      baseSlope += a[j] * v[j];
      baseIntercept += a[j] * b[j];
    }
    if (b[j] * v[j] < 0) kinked.push(j);
  }
  kinked.sort((left, right) => b[right] / v[right] - b[left] / v[left]);
  const capacity = kinked.length + 1;
  // What is summed over the atoms that are on does not depend on the slope either.
  const slopes = new Float64Array(capacity);
  const intercepts = new Float64Array(capacity);
  slopes[0] = baseSlope;
  intercepts[0] = baseIntercept / atoms;
  let runningIntercept = baseIntercept;
  for (let at = 1; at < capacity; at += 1) {
    const j = kinked[at - 1];
    const sign = v[j] < 0 ? -1 : 1;
    on += sign;
    // With every atom off the sums must vanish exactly: what rounding leaves would meet an infinite moment.
    slopes[at] = on === 0 ? 0 : slopes[at - 1] + sign * a[j] * v[j];
    runningIntercept = on === 0 ? 0 : runningIntercept + sign * a[j] * b[j];
    intercepts[at] = runningIntercept / atoms;
  }
  const negatedOffsets = Float64Array.from(kinked, (j) => -b[j]);
  const speeds = Float64Array.from(kinked, (j) => v[j]);
  return {
    buffer: createPieceBuffer(capacity),
    write(slope, into) {
      // A slope that is not positive never reaches a kink: the whole ray stays on the first piece.
      const count = slope > 0 ? capacity : 1;
      into.count = count;
      into.starts[0] = 0;
      for (let at = 0; at < count; at += 1) {
        into.slopes[at] = (slope * slopes[at]) / atoms;
        into.intercepts[at] = intercepts[at];
      }
      for (let at = 1; at < count; at += 1) into.starts[at] = negatedOffsets[at - 1] / (speeds[at - 1] * slope);
    },
  };
}

function startSecondLayer(spec: BottleneckSpec, particles: Particles, seed: string | number, replica: number): void {
  const { v, b, a } = particles.arrays;
  a.fill(1);
  if (spec.secondLayerStart === "equal") {
    v.fill(spec.initialV);
    b.fill(spec.initialB);
    return;
  }
  fillUniform(v, 0, v.length, 0, deriveKey(seed, "start", "second-layer", "v"), 0, 0, replica);
  fillUniform(b, 0, b.length, 0, deriveKey(seed, "start", "second-layer", "b"), 0, 0, replica);
  for (let j = 0; j < v.length; j += 1) {
    v[j] = -0.6 + 0.58 * v[j];
    b[j] = 0.1 + 0.8 * b[j];
  }
}

function checkBottleneck(spec: BottleneckSpec): void {
  const counts = {
    dimension: spec.dimension,
    firstLayerWidth: spec.firstLayerWidth,
    secondLayerWidth: spec.secondLayerWidth,
  };
  for (const [name, value] of Object.entries(counts)) {
    const least = name === "dimension" ? 2 : 1;
    if (!(Number.isInteger(value) && value >= least)) throw invalidValue(name, `an integer >= ${least}`, value);
  }
  if (spec.secondLayerStart !== "uniform" && spec.secondLayerStart !== "equal") {
    throw invalidValue("secondLayerStart", "uniform or equal", spec.secondLayerStart);
  }
  if (!(spec.initialAlpha > 0 && spec.initialAlpha < 1e6)) {
    throw invalidValue("initialAlpha", "a number in (0, 1e6)", spec.initialAlpha);
  }
  for (const name of ["initialV", "initialB"] as const) {
    if (!(Math.abs(spec[name]) <= 1e6)) throw invalidValue(name, "a number in [-1e6, 1e6]", spec[name]);
  }
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index];
  return sum / values.length;
}

function meanSquare(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] * values[index];
  return sum / values.length;
}
