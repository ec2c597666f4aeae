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
