import type { StreamKey } from "../numerics/random/key.ts";

/** The streams a law draws from: one for the direction, one for the radius (a law without that split uses `directions` alone). */
export interface LawStreams {
  readonly directions: StreamKey;
  readonly radii: StreamKey;
}

/** Which draws of the streams are meant: sample `first`, `first + 1`, ... of step `step` in replica `replica`. */
export interface SampleRange {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly replica: number;
}

/** A law: the distribution of the inputs x on R^d. */
export interface Law {
  /** Plain frozen data from which the law was built. */
  readonly spec: LawSpec;
  /** d, at least 2. */
  readonly dimension: number;
  /** The radius when the law is x = r u with u uniform on the unit sphere and r independent of u; null otherwise. */
  readonly radius: RadialDistribution | null;
  /**
   * Writes `range.count` samples as rows of d numbers into `out`, row 0 at `out[0]`.
   * Sample s depends on (key, s, step, replica) only, so any split of a batch gives the same bits.
   */
  sample(out: Float64Array, range: SampleRange, streams: LawStreams): void;
}

/** The distribution of r = |x| on [0, upper]. */
export interface RadialDistribution {
  /** Supremum of the support, Infinity if there is none. */
  readonly upper: number;
  /** E r and E r^2 (Infinity where they diverge). */
  readonly mean: number;
  readonly secondMoment: number;
  /** Density of r (the sphere's is Infinity at its radius, 0 elsewhere). */
  pdf(radius: number): number;
  /** P(r <= radius). */
  cdf(radius: number): number;
  /** The smallest radius with cdf >= probability, probability in [0, 1]. */
  quantile(probability: number): number;
  /**
   * Partial moments M_k(radius) = E[r^k 1(r <= radius)], k = 0, 1, 2, written to out[offset..offset+2]; `radius` may be Infinity.
   * Runs in the innermost loop of exact expectations: allocates nothing, takes radius >= 0 unchecked.
   */
  moments(radius: number, out: Float64Array, offset: number): void;
  /** Tables whose sum gives `moments` to 1e-13, for engines that cannot call functions; null where the moments have no such form. */
  readonly tables: readonly RadialTable[] | null;
  /** Writes `range.count` radii to `out`. */
  sample(out: Float64Array, range: SampleRange, stream: StreamKey): void;
  /**
   * Nodes r_q and weights w_q (sum 1) with sum_q w_q h(r_q) ~ E h(r), as panels between `breaks` so that h may have kinks or
   * jumps there; each panel has `nodesPerPanel` nodes (none if its mass is below 1e-18) and is exact for polynomials of degree
   * 2 nodesPerPanel - 1 in r (weight p(r)). Breaks outside the support do nothing; a point mass is one node.
   * Throws `unsupported-combination` if the mean is infinite.
   */
  rule(breaks: readonly number[], nodesPerPanel: number): RadialRule;
}

/** Partial moments as data: below `upper` what quintic Hermite interpolation of the nodes gives, times `factor`; from there on `beyond`. */
export interface RadialTable {
  /** M_0, M_1, M_2, h p, h^2 p' at each of cellCount + 1 nodes h = `step` apart, the first at radius 0 (see moment-table.ts). */
  readonly nodes: Float64Array;
  readonly step: number;
  readonly cellCount: number;
  readonly factor: number;
  readonly upper: number;
  readonly beyond: readonly [number, number, number];
}

export interface RadialRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

export type LawSpec =
  | HeavyTailedSpec
  | GaussianSpec
  | SphereSpec
  | BallSpec
  | HypercubeSpec
  | MixtureSpec
  | RadialDensitySpec;

export interface HeavyTailedSpec {
  readonly kind: "heavy-tailed";
  readonly dimension: number;
  /** beta; the law's density is (R_d/|x|)^d J_{d/2}(2 pi beta R_d |x|)^2. Default sqrt(dimension). */
  readonly scale: number;
  /** Rc: the law is conditioned on |x| <= Rc; null for no cutoff. */
  readonly radiusCutoff: number | null;
}

/** N(0, I/d), optionally conditioned on |x| <= radiusCutoff. */
export interface GaussianSpec {
  readonly kind: "gaussian";
  readonly dimension: number;
  readonly radiusCutoff: number | null;
}

export interface SphereSpec {
  readonly kind: "sphere";
  readonly dimension: number;
  readonly sphereRadius: number;
}

export interface BallSpec {
  readonly kind: "ball";
  readonly dimension: number;
  readonly ballRadius: number;
}

/** Uniform on {-1, 1}^d. */
export interface HypercubeSpec {
  readonly kind: "hypercube";
  readonly dimension: number;
}

/** 1/2 heavy-tailed + 1/2 N(0, I/d) (Safran, Lee, COLT 2022), optionally conditioned on |x| <= radiusCutoff. */
export interface MixtureSpec {
  readonly kind: "mixture";
  readonly dimension: number;
  readonly scale: number;
  readonly radiusCutoff: number | null;
}

/** Rotation-invariant, the density of |x| linear through (knots[i], densities[i]) up to a factor, 0 beyond the last knot. */
export interface RadialDensitySpec {
  readonly kind: "radial-density";
  readonly dimension: number;
  readonly knots: readonly number[];
  readonly densities: readonly number[];
}
