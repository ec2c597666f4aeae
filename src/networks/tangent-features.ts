import { activationOf, buildActivation } from "./activation.ts";
import { evaluateFirstLayer } from "./bottleneck.ts";
import type { BottleneckSpec, DenseSpec, NetworkSpec, TwoLayerSpec } from "./network.ts";
import type { Particles } from "./particles.ts";
import { rowNorms } from "./row-norms.ts";

/** A matrix whose rows belong to points: count x width, row by row. */
export interface PointFeatures {
  readonly width: number;
  readonly rows: Float64Array;
}

/** A part of the tangent kernel: K += scale * product over the factors of (row of x) . (row of x'). */
export interface TangentPart {
  readonly scale: number;
  readonly factors: readonly PointFeatures[];
}

/** Speed of each particle array by its name. */
export type ArraySpeeds = Readonly<Record<string, number>>;

/**
 * The parts of a network's tangent kernel at `count` points, from the gradients as they stand in the three functions below. No part has a row for each
 * parameter: the gradient in a weight matrix is an outer product, so its Gram matrix is a product of two small ones.
 *
 * @param points count x dimension, row by row
 */
export function tangentParts(
  spec: NetworkSpec,
  particles: Particles,
  points: Float64Array,
  count: number,
  speeds: ArraySpeeds,
): readonly TangentPart[] {
  switch (spec.kind) {
    case "two-layer":
      return twoLayerParts(spec, particles, points, count, speeds);
    case "dense":
      return denseParts(spec, particles, points, count, speeds);
    case "bottleneck":
      return bottleneckParts(spec, particles, points, count, speeds);
  }
}

/** m df/dw_i = a_i sigma'(z_i) x, m df/db_i = a_i sigma'(z_i), m df/da_i = sigma(z_i); z_i = w_i.x + b_i. */
function twoLayerParts(
  spec: TwoLayerSpec,
  { arrays: { w, b, a } }: Particles,
  points: Float64Array,
  count: number,
  speeds: ArraySpeeds,
): readonly TangentPart[] {
  const { dimension, width } = spec;
  const { value: sigma, derivative: slope } = buildActivation(activationOf(spec));
  const z = preactivations(w, b, points, count, dimension, width);
  return [
    {
      scale: 1 / width,
      factors: [
        features(count, width, (s, i) => a[i] * slope(z[s * width + i])),
        withConstant(points, count, dimension, speeds.w, speeds.b),
      ],
    },
    { scale: speeds.a / width, factors: [features(count, width, (s, i) => sigma(z[s * width + i]))] },
  ];
}

/**
 * With h_i = sigma(w_i.x + c_i), g_j = a_j sigma'(H_j), p_i = sigma'(w_i.x + c_i) (1/m2) sum_j g_j U_ji:
 * m1 dy/dw_i = p_i x, m1 dy/dc_i = p_i, m1 m2 dy/dU_ji = g_j h_i, m2 dy/de_j = g_j, m2 dy/da_j = sigma(H_j).
 */
function denseParts(
  spec: DenseSpec,
  { arrays: { w, c, u, e, a } }: Particles,
  points: Float64Array,
  count: number,
  speeds: ArraySpeeds,
): readonly TangentPart[] {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const { value: sigma, derivative: slope } = buildActivation(activationOf(spec));
  const z = preactivations(w, c, points, count, dimension, m1);
  const hidden = features(count, m1, (at, i) => sigma(z[at * m1 + i]));
  const inner = features(count, m2, (s, j) => {
    let sum = 0;
    for (let i = 0; i < m1; i += 1) sum += u[j * m1 + i] * hidden.rows[s * m1 + i];
    return e[j] + sum / m1;
  }).rows;
  const outer = features(count, m2, (s, j) => a[j] * slope(inner[s * m2 + j]));
  const back = features(count, m1, () => 0);
  for (let s = 0; s < count; s += 1) {
    for (let j = 0; j < m2; j += 1) {
      const factor = outer.rows[s * m2 + j] / m2;
      if (factor !== 0) for (let i = 0; i < m1; i += 1) back.rows[s * m1 + i] += factor * u[j * m1 + i];
    }
    for (let i = 0; i < m1; i += 1) back.rows[s * m1 + i] *= slope(z[s * m1 + i]);
  }
  return [
    { scale: 1 / m1, factors: [back, withConstant(points, count, dimension, speeds.w, speeds.c)] },
    { scale: 1 / m2, factors: [outer, withConstant(hidden.rows, count, m1, speeds.u / m1, speeds.e)] },
    { scale: speeds.a / m2, factors: [features(count, m2, (s, j) => sigma(inner[s * m2 + j]))] },
  ];
}

/**
 * With g = df/dF = (1/m2) sum_j a_j v_j 1_j, 1_j = 1(v_j F + b_j > 0): m1 df/dw_i = g ((w_i/|w_i|) relu(w_i.x) + |w_i| 1(w_i.x > 0) x), of which the
 * inner product at x and x' is g g' (3 relu(w_i.x) relu(w_i.x') + |w_i|^2 1(w_i.x > 0) 1(w_i.x' > 0) x.x');
 * m2 df/dv_j = a_j 1_j F, m2 df/db_j = a_j 1_j, m2 df/da_j = relu(v_j F + b_j).
 */
function bottleneckParts(
  spec: BottleneckSpec,
  particles: Particles,
  points: Float64Array,
  count: number,
  speeds: ArraySpeeds,
): readonly TangentPart[] {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const { w, v, b, a } = particles.arrays;
  const norms = rowNorms(particles, dimension);
  const bottleneck = new Float64Array(count);
  evaluateFirstLayer(particles, dimension, points, count, bottleneck);
  const z = preactivations(w, null, points, count, dimension, m1);
  const inner = features(count, m2, (s, j) => v[j] * bottleneck[s] + b[j]).rows;
  const on = features(count, m2, (s, j) => (inner[s * m2 + j] > 0 ? a[j] : 0));
  const slopes = features(count, 1, (s) => {
    let sum = 0;
    for (let j = 0; j < m2; j += 1) sum += on.rows[s * m2 + j] * v[j];
    return sum / m2;
  });
  const inputs: PointFeatures = { width: dimension, rows: points };
  return [
    {
      scale: (3 * speeds.w) / m1,
      factors: [slopes, features(count, m1, (s, i) => Math.max(0, z[s * m1 + i]))],
    },
    {
      scale: speeds.w / m1,
      factors: [slopes, features(count, m1, (s, i) => (z[s * m1 + i] > 0 ? norms[i] : 0)), inputs],
    },
    { scale: 1 / m2, factors: [on, withConstant(bottleneck, count, 1, speeds.v, speeds.b)] },
    { scale: speeds.a / m2, factors: [features(count, m2, (s, j) => Math.max(0, inner[s * m2 + j]))] },
  ];
}

/** w_i.x + offset_i, count x width. */
function preactivations(
  weights: Float64Array,
  offsets: Float64Array | null,
  points: Float64Array,
  count: number,
  dimension: number,
  width: number,
): Float64Array {
  return features(count, width, (s, i) => {
    let z = offsets === null ? 0 : offsets[i];
    for (let k = 0; k < dimension; k += 1) z += weights[i * dimension + k] * points[s * dimension + k];
    return z;
  }).rows;
}

function features(count: number, width: number, value: (point: number, column: number) => number): PointFeatures {
  const rows = new Float64Array(count * width);
  for (let point = 0; point < count; point += 1) {
    for (let column = 0; column < width; column += 1) rows[point * width + column] = value(point, column);
  }
  return { width, rows };
}

/** Rows (sqrt(weight) row, sqrt(constant)), so that the product of two is weight row.row' + constant. */
function withConstant(
  rows: Float64Array,
  count: number,
  width: number,
  weight: number,
  constant: number,
): PointFeatures {
  const [factor, last] = [Math.sqrt(weight), Math.sqrt(constant)];
  return features(count, width + 1, (point, column) => (column < width ? factor * rows[point * width + column] : last));
}
