import { invalidValue } from "../errors.ts";
import { radialTarget } from "./radial-target.ts";
import type { BallIndicatorSpec, Target } from "./target.ts";

export interface BallIndicatorOptions {
  /** In (0, 1e6]. */
  readonly radius: number;
}

/** 1(|x| <= radius) (Safran, Lee, COLT 2022). */
export function ballIndicator(options: BallIndicatorOptions): BallIndicatorSpec {
  const { radius } = options;
  if (!(radius > 0 && radius <= 1e6)) throw invalidValue("radius", "a number in (0, 1000000]", radius);
  return Object.freeze({ kind: "ball-indicator", radius });
}

/** Builds 1(|x| <= radius). */
export function buildBallIndicator(spec: BallIndicatorSpec): Target {
  return radialTarget(spec, {
    value: (radius) => (radius <= spec.radius ? 1 : 0),
    pieces: {
      starts: Float64Array.of(0, spec.radius),
      slopes: Float64Array.of(0, 0),
      intercepts: Float64Array.of(1, 0),
    },
    breaks: [spec.radius],
  });
}
