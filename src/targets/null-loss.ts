import { MeanfieldError } from "../errors.ts";
import type { Law, RadialDistribution } from "../laws/law.ts";
import type { LinearPieces, Target } from "./target.ts";

/**
 * E f*(x), exact through the target's linear pieces and the law's partial moments. Infinite where it diverges.
 *
 * @throws MeanfieldError `unsupported-combination` unless the target is radial with linear pieces and the law has a radius (or is the hypercube)
 */
export function meanOfTarget(law: Law, target: Target): number {
  const constant = constantValue(law, target);
  if (constant !== null) return constant;
  const { radius, pieces } = radialParts(law, target);
  let mean = 0;
  forEachPiece(radius, pieces, (slope, intercept, mass, first) => {
    mean += intercept * mass + (slope === 0 ? 0 : slope * first);
  });
  return mean;
}

/**
 * The loss of the best constant, 1/2 Var f*(x): what a loss is to be compared with. Exact through the target's linear pieces and the law's
 * partial moments; Infinity where the variance diverges.
 *
 * @throws MeanfieldError `unsupported-combination` as `meanOfTarget`
 */
export function nullLoss(law: Law, target: Target): number {
  if (constantValue(law, target) !== null) return 0;
  const mean = meanOfTarget(law, target);
  if (!Number.isFinite(mean)) return Infinity;
  const { radius, pieces } = radialParts(law, target);
  let variance = 0;
  forEachPiece(radius, pieces, (slope, intercept, mass, first, second) => {
    // Centred first, so that a large mean does not cancel.
    const centred = intercept - mean;
    variance += centred * centred * mass;
    if (slope !== 0) variance += second === Infinity ? Infinity : slope * (slope * second + 2 * centred * first);
  });
  return Math.max(0, variance / 2);
}

/** f* on a law all of whose points have the same norm: the hypercube's is sqrt(d). */
function constantValue(law: Law, target: Target): number | null {
  if (law.spec.kind !== "hypercube" || target.radial === null) return null;
  return target.radial.value(Math.sqrt(law.dimension));
}

function radialParts(law: Law, target: Target): { radius: RadialDistribution; pieces: LinearPieces } {
  const { radius } = law;
  const pieces = target.radial?.pieces ?? null;
  if (radius !== null && pieces !== null) return { radius, pieces };
  throw new MeanfieldError(
    "unsupported-combination",
    `target: expected a radial target and a radial law for an exact mean, got ${target.spec.kind} under ${law.spec.kind}; estimate it with targets.estimateNullLoss instead`,
    { path: "target", expected: "a radial target and a radial law", got: `${target.spec.kind} under ${law.spec.kind}` },
  );
}

/** Calls back with each piece's slope and intercept and the differences of M_0, M_1, M_2 over it, leaving out pieces without mass. */
function forEachPiece(
  radius: RadialDistribution,
  pieces: LinearPieces,
  visit: (slope: number, intercept: number, mass: number, first: number, second: number) => void,
): void {
  const { starts, slopes, intercepts } = pieces;
  let before = new Float64Array(3);
  let after = new Float64Array(3);
  for (let piece = 0; piece < starts.length; piece += 1) {
    radius.moments(piece + 1 < starts.length ? starts[piece + 1] : Infinity, after, 0);
    const mass = after[0] - before[0];
    if (mass > 0) visit(slopes[piece], intercepts[piece], mass, after[1] - before[1], after[2] - before[2]);
    [before, after] = [after, before];
  }
}
