import { fillUniform } from "../numerics/random/distributions.ts";
import type { HypercubeSpec, Law, LawStreams, SampleRange } from "./law.ts";
import { checkRange } from "./sample-directions.ts";
import { checkedDimension } from "./spec-checks.ts";

export interface HypercubeOptions {
  /** d, an integer in [2, 100000]. */
  readonly dimension: number;
}

/** Uniform on {-1, 1}^d: |x| = sqrt(d) always, but the direction is not uniform on the sphere. */
export function hypercube(options: HypercubeOptions): HypercubeSpec {
  return Object.freeze({ kind: "hypercube", dimension: checkedDimension(options.dimension, 100_000) });
}

/** Coordinate k of sample s is the sign of u - 1/2, with u the uniform at position s d + k of the stream `directions`. */
export function buildHypercube(spec: HypercubeSpec): Law {
  const { dimension } = spec;
  return Object.freeze({
    spec,
    dimension,
    radius: null,
    sample(out: Float64Array, range: SampleRange, streams: LawStreams): void {
      checkRange(range, dimension, out);
      const size = range.count * dimension;
      fillUniform(out, 0, size, range.first * dimension, streams.directions, 0, range.step, range.replica);
      for (let at = 0; at < size; at += 1) out[at] = out[at] < 0.5 ? -1 : 1;
    },
  });
}
