import type { DenseSpec } from "../../networks/network.ts";

/** The arrays of a dense network in a flat buffer: w (m1 x d), c (m1), u (m2 x m1, row j into neuron j), e (m2), a (m2). */
export interface DenseViews {
  readonly w: Float64Array;
  readonly c: Float64Array;
  readonly u: Float64Array;
  readonly e: Float64Array;
  readonly a: Float64Array;
}

/** Where the arrays start in the flat buffer (w at 0), and its length. */
export function denseOffsets({ dimension, firstLayerWidth, secondLayerWidth }: DenseSpec) {
  const c = firstLayerWidth * dimension;
  const u = c + firstLayerWidth;
  const e = u + firstLayerWidth * secondLayerWidth;
  const a = e + secondLayerWidth;
  return { c, u, e, a, length: a + secondLayerWidth };
}

/** The arrays of a dense network as views of `buffer`. */
export function denseViews(buffer: Float64Array, spec: DenseSpec): DenseViews {
  const { c, u, e, a, length } = denseOffsets(spec);
  return {
    w: buffer.subarray(0, c),
    c: buffer.subarray(c, u),
    u: buffer.subarray(u, e),
    e: buffer.subarray(e, a),
    a: buffer.subarray(a, length),
  };
}
