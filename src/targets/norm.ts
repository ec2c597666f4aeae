import { radialTarget } from "./radial-target.ts";
import type { NormSpec, Target } from "./target.ts";

const spec: NormSpec = Object.freeze({ kind: "norm" });

/** |x|. */
export function norm(): NormSpec {
  return spec;
}

/** Builds |x|. */
export function buildNorm(): Target {
  return radialTarget(spec, {
    value: (radius) => radius,
    pieces: { starts: Float64Array.of(0), slopes: Float64Array.of(1), intercepts: Float64Array.of(0) },
    breaks: [],
  });
}
