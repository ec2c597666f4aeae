import type { RayBundle } from "../networks/ray.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import type { GroupMeans } from "./group-mean.ts";
import { type Chain, chainMeans, type RadialMeasure } from "./ray-chain.ts";

/** A split of the loss: the chains it needs, and its terms from their means. */
export interface Split<Terms> {
  readonly chains: readonly Chain[];
  /** @param means those of `chains`, in their order */
  terms(means: readonly GroupMeans[]): Terms;
}

/** The terms of several splits of one state, with one look at each ray of `evaluation` for all of them. */
export function measureSplits<const Terms extends readonly unknown[]>(
  bundle: RayBundle,
  splits: { readonly [Index in keyof Terms]: Split<Terms[Index]> },
  measure: RadialMeasure,
  evaluation: EvaluationSet,
): Terms {
  const means = chainMeans(
    bundle,
    splits.flatMap(({ chains }) => chains),
    measure,
    evaluation,
  );
  let next = 0;
  return splits.map((split) => {
    const first = next;
    next += split.chains.length;
    return split.terms(means.slice(first, next));
  }) as unknown as Terms;
}
