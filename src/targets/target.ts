import type { LinkSpec } from "./link.ts";

/** A target: the function f* to learn. */
export interface Target {
  readonly spec: TargetSpec;
  /** The profile if f*(x) depends on |x| alone; null otherwise. */
  readonly radial: RadialProfile | null;
  /** f*(x) for the row of `dimension` numbers at `points[offset]`. */
  value(points: Float64Array, offset: number, dimension: number): number;
}

/** f* as a function of r = |x|. */
export interface RadialProfile {
  value(radius: number): number;
  /** The profile as linear pieces (exact, or within the target's stated tolerance); null when it has no such form. */
  readonly pieces: LinearPieces | null;
  /** Radii where the profile or its slope jumps, ascending, 0 excluded. */
  readonly breaks: readonly number[];
}

/** On [starts[i], starts[i+1]) (the last piece is unbounded) the function is slopes[i] r + intercepts[i]; starts[0] = 0. */
export interface LinearPieces {
  readonly starts: Float64Array;
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
}

export type TargetSpec =
  | HingeSpec
  | BallIndicatorSpec
  | PiecewiseLinearSpec
  | NormSpec
  | RadialFunctionSpec
  | SingleIndexSpec
  | QuadraticFeatureSpec
  | LocalProductSpec
  | GlobalProductSpec
  | ScaledSpec;

/** ReLU(1 - |x|). */
export interface HingeSpec {
  readonly kind: "hinge";
}

/** 1(|x| <= radius) (Safran, Lee, COLT 2022). */
export interface BallIndicatorSpec {
  readonly kind: "ball-indicator";
  readonly radius: number;
}

/** Linear between (knots[i], values[i]), knots[0] = 0; beyond the last knot it goes on with `finalSlope`. */
export interface PiecewiseLinearSpec {
  readonly kind: "piecewise-linear";
  readonly knots: readonly number[];
  readonly values: readonly number[];
  readonly finalSlope: number;
}

/** |x|. */
export interface NormSpec {
  readonly kind: "norm";
}

/**
 * profile(min(|x|, upper)). Where exact radial integrals are needed the profile is replaced by its linear interpolant on [0, upper] with
 * error at most `tolerance`.
 */
export interface RadialFunctionSpec {
  readonly kind: "radial-function";
  readonly profile: (radius: number) => number;
  readonly upper: number;
  readonly tolerance: number;
}

/** g(s theta.x): theta the first axis, the diagonal, or a unit vector; s null for sqrt(d). */
export interface SingleIndexSpec {
  readonly kind: "single-index";
  readonly link: LinkSpec;
  readonly direction: "axis" | "diagonal" | readonly number[];
  readonly scale: number | null;
}

/** g(s x^T A x): A diagonal with alternating signs, d numbers, or d x d of them; s null for d. */
export interface QuadraticFeatureSpec {
  readonly kind: "quadratic-feature";
  readonly link: LinkSpec;
  readonly matrix: "alternating" | readonly number[];
  readonly scale: number | null;
}

/** prod_i s x_i over the indices; s null for sqrt(d). */
export interface LocalProductSpec {
  readonly kind: "local-product";
  readonly indices: readonly number[];
  readonly scale: number | null;
}

/** d^(-1/2) sum_j prod_i s x_(j + i) over the offsets, indices modulo d; s null for sqrt(d). */
export interface GlobalProductSpec {
  readonly kind: "global-product";
  readonly offsets: readonly number[];
  readonly scale: number | null;
}

/** factor times another target. */
export interface ScaledSpec {
  readonly kind: "scaled";
  readonly target: TargetSpec;
  readonly factor: number;
}
