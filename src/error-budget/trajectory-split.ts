import type { RayBundle } from "../networks/ray.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { chainMeans, type RadialFunction, type RadialMeasure } from "./ray-chain.ts";
import type { TrajectoryTerms } from "./terms.ts";

/**
 * Splits f - f* along a trajectory into [f - f_(inf,eta)] + [f_(inf,eta) - f_(inf,0)] + [f_(inf,0) - f*]: width and sampling, time step, mean field.
 *
 * @param stepped the limit taken with the simulation's own step size
 * @param exact the limit solved by an adaptive integrator
 * @returns the three squares (with 1/2) and the three products of brackets; they add up to the loss to rounding
 */
export function trajectorySplit(
  bundle: RayBundle,
  stepped: RadialFunction,
  exact: RadialFunction,
  target: RadialFunction,
  measure: RadialMeasure,
  evaluation: EvaluationSet,
): TrajectoryTerms {
  const means = chainMeans(bundle, bundle.pieces, [stepped, exact, target], measure, evaluation);
  return {
    gap: means.result(0, 0.5),
    gapTimeStep: means.result(1, 1),
    gapMeanField: means.result(2, 1),
    timeStep: means.result(3, 0.5),
    timeStepMeanField: means.result(4, 1),
    meanField: means.result(5, 0.5),
  };
}

/** 1/2 E(f - f_inf)^2 with its standard error over the evaluation set's groups, where only one of the limits is known. */
export function trajectoryGap(
  bundle: RayBundle,
  limit: RadialFunction,
  measure: RadialMeasure,
  evaluation: EvaluationSet,
) {
  return chainMeans(bundle, bundle.pieces, [limit], measure, evaluation).result(0, 0.5);
}
