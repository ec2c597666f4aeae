import { type Claim, claim, numerics } from "meanfield";
import type { DigitErrors, DigitResult, MissingImages } from "./digits.ts";
import type { Values } from "./parameters.ts";
import type { Family } from "./regression.ts";
import { type Interval, interval, lastOf } from "./repetitions.ts";

/** A kernel with the largest training set. */
export interface DigitRow {
  readonly family: Family;
  readonly weightLayers: number | null;
  /** Shares of wrong test images, one a repetition, and their mean. */
  readonly errors: readonly number[];
  readonly error: Interval;
}

/** What the regressions leave for claims: kernels, or why there are none; null without repetitions. */
export type DigitSummary = { readonly kernels: readonly DigitRow[] } | MissingImages | null;

/** The kernels' errors by kernel. */
export function digitSummary(results: readonly DigitResult[]): DigitSummary {
  if (results.length === 0) return null;
  for (const result of results) if ("missing" in result) return result;
  const repeats = kernelsOf(results);
  const kernels = repeats[0].map(({ family, weightLayers }, place) => {
    const errors = repeats.map((each) => lastOf(each[place].errors));
    return { family, weightLayers, error: interval(errors), errors };
  });
  return { kernels };
}

/** The kernels of each repetition; none where the images are missing. */
export function kernelsOf(results: readonly DigitResult[]): readonly (readonly DigitErrors[])[] {
  return results.flatMap((result) => ("kernels" in result ? [result.kernels] : []));
}

const source =
  "Bietti, Bach 2021, the table of MNIST with 50 000 training images (as we remember it); our instantiation (fewer images)";

/** The widest range of accuracies over the depths 2 ... 5 in the table, in percentage points: those of Fashion-MNIST. */
const widestSpread = 0.16;

/** Ours: what the seven kernels may differ by on the sphere, relative to the error. */
const relativeSpread = 0.08;

/** What the digits say of depth: the largest difference between two depths in the mean over repetitions, with the 95 % interval of the paired difference. */
export function digitClaims(summary: DigitSummary, { digitSizes }: Values): readonly Claim[] {
  if (summary === null) return [];
  return (["nngp", "ntk"] as const).flatMap((family) => {
    const spread = "kernels" in summary ? largestDifference(summary.kernels, family) : null;
    const [which, of] =
      spread === null
        ? ["missing" in summary ? ` (not measured: ${summary.missing}, then run again with --force)` : "", ""]
        : [`: L = ${spread.worse} and ${spread.better}`, `, ${(100 * spread.error).toFixed(2)} %`];
    return [
      claim.atMost({
        id: `digits-depth-${family}`,
        statement: `MNIST, n = ${lastOf(digitSizes)}: the largest difference of the test accuracy between two depths, ${family === "nngp" ? "RF" : "NTK"}, in percentage points${which}`,
        source,
        ...inUnits(spread, 100),
        bound: widestSpread,
      }),
      claim.atMost({
        id: `digits-depth-${family}-relative`,
        statement: `the same over the mean test error${of}`,
        source: "our instantiation",
        ...inUnits(spread, 1 / (spread?.error ?? 1)),
        bound: relativeSpread,
      }),
    ];
  });
}

interface Difference extends Interval {
  /** Depths. */
  readonly worse: number | null;
  readonly better: number | null;
  /** Mean over repetitions and depths. */
  readonly error: number;
}

function largestDifference(kernels: readonly DigitRow[], family: Family): Difference {
  const rows = kernels.filter((row) => row.family === family);
  const byError = [...rows].sort((left, right) => left.error.value - right.error.value);
  const [better, worse] = [byError[0], byError[byError.length - 1]];
  return {
    ...interval(worse.errors.map((error, repeat) => error - better.errors[repeat])),
    worse: worse.weightLayers,
    better: better.weightLayers,
    error: numerics.mean(rows.map(({ error }) => error.value)),
  };
}

function inUnits(difference: Difference | null, unit: number) {
  if (difference === null) return { measured: null };
  const { value, low, high } = difference;
  return { measured: unit * value, low: unit * low, high: unit * high };
}
