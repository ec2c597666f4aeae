import { invalidValue } from "../errors.ts";
import type { LinearPieces, RadialProfile, ScaledSpec, Target, TargetSpec } from "./target.ts";

/**
 * `factor` times another target: its values, and its radial profile with its pieces where it has one.
 *
 * @param factor not 0, |factor| in [1e-9, 1e9]; a power of two changes no digit
 * @throws MeanfieldError `invalid-value`
 */
export function scaled(target: TargetSpec, factor: number): ScaledSpec {
  if (!(Math.abs(factor) >= 1e-9 && Math.abs(factor) <= 1e9)) {
    throw invalidValue("factor", "a number with absolute value in [1e-9, 1e9]", factor);
  }
  return Object.freeze({ kind: "scaled", target, factor });
}

/** Builds factor times `inner`, which was built from the spec's own target. */
export function buildScaled(spec: ScaledSpec, inner: Target): Target {
  const { factor } = spec;
  return Object.freeze({
    spec,
    radial: inner.radial === null ? null : Object.freeze(scaledProfile(inner.radial, factor)),
    value: (points: Float64Array, offset: number, dimension: number) => factor * inner.value(points, offset, dimension),
  });
}

function scaledProfile(profile: RadialProfile, factor: number): RadialProfile {
  return {
    value: (radius) => factor * profile.value(radius),
    pieces: profile.pieces === null ? null : scaledPieces(profile.pieces, factor),
    breaks: profile.breaks,
  };
}

function scaledPieces({ starts, slopes, intercepts }: LinearPieces, factor: number): LinearPieces {
  return { starts, slopes: slopes.map((slope) => factor * slope), intercepts: intercepts.map((each) => factor * each) };
}

/** The target that was scaled, however often; any other target itself. */
export function unscaled(spec: TargetSpec): Exclude<TargetSpec, ScaledSpec> {
  return spec.kind === "scaled" ? unscaled(spec.target) : spec;
}
