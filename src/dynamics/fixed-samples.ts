import { invalidValue } from "../errors.ts";
import type { ExpectationSpec, FixedSamplesSpec } from "./expectation.ts";

/**
 * The expectation over one fixed training set: `samples` independent draws of the law (those of sgd's step 0), the same at every step. So the
 * right-hand side does not change from step to step, and any integrator keeps its order between kinks. It serves every law, target and network.
 *
 * @param options samples: n, an integer in [1, 2^24]
 * @throws MeanfieldError `invalid-value`
 */
export function fixedSamples(options: { readonly samples: number }): FixedSamplesSpec {
  const { samples } = options;
  if (!(Number.isInteger(samples) && samples >= 1 && samples <= 2 ** 24)) {
    throw invalidValue("samples", "an integer in [1, 16777216]", samples);
  }
  return Object.freeze({ kind: "fixed-samples", samples });
}

/** Whether the expectation is a mean over samples, fresh or fixed, rather than over rays with the radius integrated. */
export function isSampled(
  expectation: ExpectationSpec,
): expectation is Extract<ExpectationSpec, { readonly kind: "sgd" | "fixed-samples" }> {
  return expectation.kind === "sgd" || expectation.kind === "fixed-samples";
}

/** Whether every step sees the same points. */
export function hasFixedPoints(expectation: ExpectationSpec): boolean {
  return expectation.kind === "population" || expectation.kind === "fixed-samples";
}
