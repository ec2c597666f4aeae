import type { RayBundle } from "../networks/ray.ts";
import type { Chain, RadialFunction } from "./ray-chain.ts";
import type { Split } from "./split.ts";
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
 * @param bundle the network along the rays of an evaluation set
 * @returns the split, for `measureSplits`: values with standard errors over the set's groups; the identity holds to rounding (1e-12 relative)
 */
export function staticSplit(
  bundle: RayBundle,
  sphericalMean: RadialFunction,
  target: RadialFunction,
): Split<StaticSplit> {
  // A rule would measure the loss elsewhere than the split, so the loss takes the rule whenever the split must.
  const onSamePoints = sphericalMean.pieces === null ? { ...target, pieces: null } : target;
  const functions = [sphericalMean, target];
  const chains: Chain[] = [
    { network: bundle.pieces, functions: [onSamePoints] },
    { network: bundle.pieces, functions },
  ];
  if (bundle.centredPieces !== null) chains.push({ network: bundle.centredPieces, functions });
  return {
    chains,
    terms: ([loss, split, ...centred]) => ({
      loss: loss.result(0, 0.5),
      discretization: split.result(0, 0.5),
      cross: split.result(1, 1),
      crossCentred: centred.length === 0 ? null : centred[0].result(1, 1),
      meanField: split.result(2, 0.5),
    }),
  };
}
