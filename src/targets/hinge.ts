import { radialTarget } from "./radial-target.ts";
import type { HingeSpec, Target } from "./target.ts";

const spec: HingeSpec = Object.freeze({ kind: "hinge" });

/** ReLU(1 - |x|). */
export function hinge(): HingeSpec {
  return spec;
}

/** Builds ReLU(1 - |x|). */
export function buildHinge(): Target {
  return radialTarget(spec, {
    value: (radius) => (radius < 1 ? 1 - radius : 0),
    pieces: {
      starts: Float64Array.of(0, 1),
      slopes: Float64Array.of(-1, 0),
      intercepts: Float64Array.of(1, 0),
    },
    breaks: [1],
  });
}
