import { type Claim, claim, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import type { Family, Floor, KernelErrors } from "./regression.ts";
import { type Interval, interval, lastOf } from "./repetitions.ts";

/** A kernel with the largest training set. */
export interface RegressionRow {
  readonly name: string;
  readonly family: Family;
  readonly weightLayers: number | null;
  /** Mean square errors, one a repetition, for each range of lambda; and their means with 95 % intervals. */
  readonly tightErrors: readonly number[];
  readonly looseErrors: readonly number[];
  readonly tight: Interval;
  readonly loose: Interval;
}

/** What the regressions leave for claims; null without repetitions. */
export type RegressionSummary = readonly RegressionRow[] | null;

/** The kernels' errors, one list a repetition, by kernel. */
export function regressionSummary(repeats: readonly (readonly KernelErrors[])[]): RegressionSummary {
  if (repeats.length === 0) return null;
  return repeats[0].map(({ name, family, weightLayers }, place) => {
    const last = (floor: Floor) => repeats.map((kernels) => lastOf(kernels[place].errors[floor]));
    const [tightErrors, looseErrors] = [last("tight"), last("loose")];
    const [tight, loose] = [interval(tightErrors), interval(looseErrors)];
    return { name, family, weightLayers, tight, loose, tightErrors, looseErrors };
  });
}

const source = "Bietti, Bach 2021, the synthetic experiment (the effect); our instantiation (bounds)";

/** What kernel regression with the largest training set says of depth: means over the repetitions with their 95 % intervals. */
export function regressionClaims(rows: RegressionSummary, { trainingSizes }: Values): readonly Claim[] {
  if (rows === null) return [];
  const size = lastOf(trainingSizes);
  /** Of the errors of each repetition. */
  const measure = (of: (errors: (floor: Floor, isChosen?: (row: RegressionRow) => boolean) => number[]) => number) => {
    const each = rows[0].tightErrors.map((_, repeat) =>
      of((floor, isChosen = () => true) => rows.filter(isChosen).map((row) => row[`${floor}Errors`][repeat])),
    );
    const { value, low, high } = interval(each);
    return { measured: value, low, high };
  };
  const isOf = (family: Family, shallowest: number) => (row: RegressionRow) =>
    row.family === family && (row.weightLayers ?? 0) >= shallowest;
  return [
    claim.atMost({
      id: "loose-ridge-kernels-agree",
      statement: `regression of a cap on S^3, n = ${size}, lambda down to 10^-8: (largest - smallest)/mean of the seven kernels' test errors`,
      source,
      ...measure((errors) => spread(errors("loose"))),
      bound: 0.08,
    }),
    claim.atMost({
      id: "tight-ridge-ntk-wins",
      statement: `the same with lambda down to 10^-4 only, where slower decay helps: largest test error of the tangent kernels over the smallest of the random-feature kernels`,
      source,
      ...measure(
        (errors) => Math.max(...errors("tight", isOf("ntk", 2))) / Math.min(...errors("tight", isOf("nngp", 2))),
      ),
      bound: 0.9,
    }),
    claim.atMost({
      id: "depth-does-not-matter-regression",
      statement: `the same, L = 3 against 4: relative difference of the test errors, the largest of RF and NTK and of both ranges of lambda`,
      source,
      ...measure((errors) =>
        Math.max(
          ...(["tight", "loose"] as const).flatMap((floor) =>
            (["nngp", "ntk"] as const).map((family) => spread(errors(floor, isOf(family, 3)))),
          ),
        ),
      ),
      bound: 0.05,
    }),
  ];
}

function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / numerics.mean(values);
}
