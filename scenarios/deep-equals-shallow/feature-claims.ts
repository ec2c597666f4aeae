import { type Claim, claim, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import { type FeatureErrors, featureNetworks } from "./random-features.ts";

/** The errors of `featureNetworks`, one list a repetition. */
export interface FeatureSummary {
  readonly repeats: readonly (readonly FeatureErrors[])[];
}

const source = "Bietti, Bach 2021, the experiment with random features (the effect); our instantiation (bounds)";

/** Below it the number of features is too small for a power. */
const smallestFitted = 128;

/** What random features say of depth: a second hidden layer does not help, and a narrow layer anywhere hurts. 95 % intervals over the repetitions. */
export function featureClaims({ repeats }: FeatureSummary, { featureSizes }: Values): readonly Claim[] {
  if (repeats.length === 0) return [];
  const largest = featureSizes[featureSizes.length - 1];
  const fitted = featureSizes.flatMap((size, at) => (size >= smallestFitted ? [at] : []));
  const slopes = repeats.map(([{ errors }]) =>
    fitted.length < 3
      ? Number.NaN
      : numerics.fitPowerLaw(
          fitted.map((at) => featureSizes[at]),
          fitted.map((at) => errors[at]),
        ).slope.value,
  );
  const slope = slopes.every(Number.isFinite) ? numerics.meanWithInterval(slopes) : null;
  return [
    ...featureNetworks.slice(1).map(({ id, name }, index) =>
      claim.atLeast({
        id: `random-features-${id}`,
        statement: `random features, n = ${largest}: test error of the network ${name} over that of ${featureNetworks[index].name} (hidden widths; geometric mean)`,
        source,
        ...gap(repeats, index),
        bound: 2,
      }),
    ),
    claim.interval({
      id: "random-features-slope",
      statement: `random features of one hidden layer of sqrt n neurons: exponent of n in the test error, n >= ${smallestFitted}`,
      source,
      measured: slope?.value ?? null,
      low: slope?.low ?? null,
      high: slope?.high ?? null,
      from: -1.6,
      to: -1,
    }),
  ];
}

/** How many times larger the last error of a network is than that of the one before it, by the mean logarithm over repetitions, which are paired. */
function gap(repeats: FeatureSummary["repeats"], index: number) {
  const last = ({ errors }: FeatureErrors): number => errors[errors.length - 1];
  const { value, low, high } = numerics.meanWithInterval(
    repeats.map((networks) => Math.log(last(networks[index + 1]) / last(networks[index]))),
  );
  return { measured: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}
