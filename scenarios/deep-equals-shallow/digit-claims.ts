import { type Claim, claim, numerics } from "meanfield";
import type { DigitErrors, DigitResult } from "./digits.ts";
import type { Values } from "./parameters.ts";

/** One entry a repetition. */
export interface DigitSummary {
  readonly repeats: readonly DigitResult[];
}

/** The errors of the kernels, one list a repetition; none where the images are missing. */
export function digitErrors({ repeats }: DigitSummary): readonly (readonly DigitErrors[])[] {
  return repeats.flatMap((result) => ("kernels" in result ? [result.kernels] : []));
}

const source =
  "Bietti, Bach 2021, the table of MNIST with 50 000 training images (as we remember it); our instantiation (fewer images)";

/** The widest range of accuracies over the depths 2 ... 5 in the table, in percentage points: those of Fashion-MNIST. */
const widestSpread = 0.16;

/** Ours: what the seven kernels may differ by on the sphere, relative to the error. */
const relativeSpread = 0.08;

/** What the digits say of depth: the largest difference between two depths in the mean over repetitions, with the 95 % interval of the paired difference. */
export function digitClaims(summary: DigitSummary, { digitSizes }: Values): readonly Claim[] {
  if (summary.repeats.length === 0) return [];
  const repeats = digitErrors(summary);
  const size = digitSizes[digitSizes.length - 1];
  return (["nngp", "ntk"] as const).flatMap((family) => {
    const name = family === "nngp" ? "RF" : "NTK";
    const spread = repeats.length === 0 ? null : largestDifference(repeats, family);
    const missing = summary.repeats.flatMap((result) => ("missing" in result ? [result.missing] : []))[0];
    const without = missing === undefined ? "" : ` (not measured: ${missing}, then run again with --force)`;
    return [
      claim.atMost({
        id: `digits-depth-${family}`,
        statement: `MNIST, n = ${size}: the largest difference of the test accuracy between two depths, ${name}, in percentage points${spread === null ? without : `: L = ${spread.worse} and ${spread.better}`}`,
        source,
        ...inUnits(spread, 100),
        bound: widestSpread,
      }),
      claim.atMost({
        id: `digits-depth-${family}-relative`,
        statement: `the same over the mean test error${spread === null ? without : `, ${(100 * spread.error).toFixed(2)} %`}`,
        source: "our instantiation",
        ...inUnits(spread, spread === null ? 1 : 1 / spread.error),
        bound: relativeSpread,
      }),
    ];
  });
}

interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Depths. */
  readonly worse: number | null;
  readonly better: number | null;
  /** Mean over repetitions and depths. */
  readonly error: number;
}

/** Of the errors with the largest training set. */
function largestDifference(repeats: readonly (readonly DigitErrors[])[], family: "nngp" | "ntk"): Difference {
  const places = repeats[0].flatMap((kernel, place) => (kernel.family === family ? [place] : []));
  const lastOf = (kernels: readonly DigitErrors[], place: number): number => {
    const { errors } = kernels[place];
    return errors[errors.length - 1];
  };
  const means = places.map((place) => numerics.mean(repeats.map((kernels) => lastOf(kernels, place))));
  const worse = places[means.indexOf(Math.max(...means))];
  const better = places[means.indexOf(Math.min(...means))];
  const { value, low, high } = numerics.meanWithInterval(
    repeats.map((kernels) => lastOf(kernels, worse) - lastOf(kernels, better)),
  );
  const depthOf = (place: number) => repeats[0][place].weightLayers;
  return { value, low, high, worse: depthOf(worse), better: depthOf(better), error: numerics.mean(means) };
}

function inUnits(difference: Difference | null, unit: number) {
  if (difference === null) return { measured: null };
  const { value, low, high } = difference;
  return { measured: unit * value, low: unit * low, high: unit * high };
}
