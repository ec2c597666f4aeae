import type { RadialProfile, Target, TargetSpec } from "./target.ts";

/** The target whose value at x is profile(|x|). */
export function radialTarget(spec: TargetSpec, profile: RadialProfile): Target {
  return Object.freeze({
    spec,
    radial: Object.freeze(profile),
    value(points: Float64Array, offset: number, dimension: number): number {
      let square = 0;
      for (let k = offset; k < offset + dimension; k += 1) square += points[k] * points[k];
      return profile.value(Math.sqrt(square));
    },
  });
}
