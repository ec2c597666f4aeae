import { type Claim, claim, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import { type FeatureErrors, featureNetworks } from "./random-features.ts";
import { geometricInterval, type Interval, interval, lastOf } from "./repetitions.ts";

/** One of `featureNetworks`. */
export interface FeatureRow {
  readonly name: string;
  /** Mean square errors with the largest training set, one a repetition, and their geometric mean. */
  readonly errors: readonly number[];
  readonly error: Interval;
  /** Exponent of n in the error, of each repetition and their mean; null where too few sizes are large enough. */
  readonly slopes: readonly number[] | null;
  readonly slope: Interval | null;
}

/** What the regressions leave for claims; null without repetitions. */
export type FeatureSummary = readonly FeatureRow[] | null;

/** Below it the number of features is too small for a power. */
const smallestFitted = 128;

/** The networks' errors, one list a repetition, by network. */
export function featureSummary(
  repeats: readonly (readonly FeatureErrors[])[],
  { featureSizes }: Values,
): FeatureSummary {
  if (repeats.length === 0) return null;
  const fitted = featureSizes.flatMap((size, at) => (size >= smallestFitted ? [at] : []));
  const sizes = fitted.map((at) => featureSizes[at]);
  return featureNetworks.map(({ name }, place) => {
    const each = repeats.map((networks) => networks[place].errors);
    const errors = each.map(lastOf);
    const slopeOf = (all: readonly number[]) =>
      numerics.fitPowerLaw(
        sizes,
        fitted.map((at) => all[at]),
      ).slope.value;
    const slopes = fitted.length < 3 ? null : each.map(slopeOf);
    return { name, error: geometricInterval(errors), slope: slopes === null ? null : interval(slopes), errors, slopes };
  });
}

const source = "Bietti, Bach 2021, the experiment with random features (the effect); our instantiation (bounds)";

/** What random features say of depth: a second hidden layer does not help, and a narrow layer anywhere hurts. 95 % intervals over the repetitions. */
export function featureClaims(rows: FeatureSummary, { featureSizes }: Values): readonly Claim[] {
  if (rows === null) return [];
  const { slope } = rows[0];
  return [
    ...rows.slice(1).map((row, index) => {
      const before = rows[index];
      // Paired: the same inputs.
      const gap = geometricInterval(row.errors.map((error, repeat) => error / before.errors[repeat]));
      return claim.atLeast({
        id: `random-features-${featureNetworks[index + 1].id}`,
        statement: `random features, n = ${lastOf(featureSizes)}: test error of the network ${row.name} over that of ${before.name} (widths of the hidden layers; geometric mean)`,
        source,
        measured: gap.value,
        low: gap.low,
        high: gap.high,
        bound: 2,
      });
    }),
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
