import type { RayBundle } from "../networks/ray.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { chainMeans, type RadialFunction, type RadialMeasure } from "./ray-chain.ts";
import type { Measured } from "./terms.ts";

/** The static split and the loss itself, measured on the same points but not computed from each other. */
export interface StaticSplit {
  readonly loss: Measured;
  readonly meanField: Measured;
  readonly cross: Measured;
  /** Null for a network without a bottleneck whose sample mean could be centred. */
  readonly crossCentred: Measured | null;
  readonly discretization: Measured;
}

/**
 * Splits the loss of one state (docs/theory/error-budget.md): with fbar the spherical mean,
 * 1/2 E(f - f*)^2 = 1/2 E(fbar - f*)^2 + E[(fbar - f*)(f - fbar)] + 1/2 E(f - fbar)^2.
 *
 * @param bundle the network along the rays of `evaluation`
 * @returns values with standard errors over the evaluation set's groups; the identity holds to rounding (1e-12 relative)
 */
export function staticSplit(
  bundle: RayBundle,
  sphericalMean: RadialFunction,
  target: RadialFunction,
  measure: RadialMeasure,
  evaluation: EvaluationSet,
): StaticSplit {
  // A rule would measure the loss elsewhere than the split, so the loss takes the rule whenever the split must.
  const onSamePoints = sphericalMean.pieces === null ? { ...target, pieces: null } : target;
  const loss = chainMeans(bundle, bundle.pieces, [onSamePoints], measure, evaluation).result(0, 0.5);
  const split = chainMeans(bundle, bundle.pieces, [sphericalMean, target], measure, evaluation);
  const centred =
    bundle.centredPieces === null
      ? null
      : chainMeans(bundle, bundle.centredPieces, [sphericalMean, target], measure, evaluation);
  return {
    loss,
    discretization: split.result(0, 0.5),
    cross: split.result(1, 1),
    crossCentred: centred === null ? null : centred.result(1, 1),
    meanField: split.result(2, 0.5),
  };
}
