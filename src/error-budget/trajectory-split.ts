import type { RayBundle } from "../networks/ray.ts";
import type { RadialFunction } from "./ray-chain.ts";
import type { Split } from "./split.ts";
import type { Measured, TrajectoryTerms } from "./terms.ts";

/**
 * Splits f - f* along a trajectory into [f - f_(inf,eta)] + [f_(inf,eta) - f_(inf,0)] + [f_(inf,0) - f*]: width and sampling, time step, mean field.
 *
 * @param stepped the limit taken with the simulation's own step size
 * @param exact the limit solved by an adaptive integrator
 * @returns the split, for `measureSplits`: three squares (with 1/2) and three products of brackets, which add up to the loss to rounding
 */
export function trajectorySplit(
  bundle: RayBundle,
  stepped: RadialFunction,
  exact: RadialFunction,
  target: RadialFunction,
): Split<TrajectoryTerms> {
  return {
    chains: [{ network: bundle.pieces, functions: [stepped, exact, target] }],
    terms: ([means]) => ({
      gap: means.result(0, 0.5),
      gapTimeStep: means.result(1, 1),
      gapMeanField: means.result(2, 1),
      timeStep: means.result(3, 0.5),
      timeStepMeanField: means.result(4, 1),
      meanField: means.result(5, 0.5),
    }),
  };
}

/** 1/2 E(f - f_inf)^2 with its standard error over the evaluation set's groups, where only one of the limits is known. */
export function trajectoryGap(bundle: RayBundle, limit: RadialFunction): Split<Measured> {
  return {
    chains: [{ network: bundle.pieces, functions: [limit] }],
    terms: ([means]) => means.result(0, 0.5),
  };
}
