import type { OwnedRange } from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { partition } from "./partition.ts";

/** The arrays w (m x d), b, a of a two-layer network in a flat buffer. */
export interface TwoLayerViews {
  readonly w: Float64Array;
  readonly b: Float64Array;
  readonly a: Float64Array;
}

/** The arrays of a two-layer network as views of `buffer`. */
export function twoLayerViews(buffer: Float64Array, dimension: number, width: number): TwoLayerViews {
  const rows = width * dimension;
  return {
    w: buffer.subarray(0, rows),
    b: buffer.subarray(rows, rows + width),
    a: buffer.subarray(rows + width, rows + 2 * width),
  };
}

/** Neurons [from, to) of a part: whole blocks. */
export function neuronsOf(width: number, part: number, parts: number): OwnedRange {
  const [first, last] = partition(Math.ceil(width / particleBlock), part, parts);
  return [first * particleBlock, Math.min(width, last * particleBlock)];
}

/** What a part owns of the flat buffer. */
export function ownedNeurons(dimension: number, width: number, part: number, parts: number): readonly OwnedRange[] {
  const [from, to] = neuronsOf(width, part, parts);
  const rows = width * dimension;
  return [
    [from * dimension, to * dimension],
    [rows + from, rows + to],
    [rows + width + from, rows + width + to],
  ];
}

/**
 * Velocities of the neurons [from, to) from their gradient rows G_i = (E[r 1_i x], E[r 1_i]) of length d + 1:
 * (w_i, b_i)' = -a_i G_i, a_i' = -(w_i, b_i).G_i, each times its speed.
 */
export function writeVelocity(
  particles: TwoLayerViews,
  velocity: TwoLayerViews,
  gradient: Float64Array,
  speeds: Readonly<Record<string, number>>,
  dimension: number,
  from: number,
  to: number,
): void {
  const { w, b, a } = particles;
  const n = dimension + 1;
  for (let i = from; i < to; i += 1) {
    let product = b[i] * gradient[i * n + dimension];
    for (let k = 0; k < dimension; k += 1) {
      product += w[i * dimension + k] * gradient[i * n + k];
      velocity.w[i * dimension + k] = -speeds.w * a[i] * gradient[i * n + k];
    }
    velocity.b[i] = -speeds.b * a[i] * gradient[i * n + dimension];
    velocity.a[i] = -speeds.a * product;
  }
}
