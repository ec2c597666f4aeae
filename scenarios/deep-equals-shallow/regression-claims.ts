import { type Claim, claim, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import type { Family, Floor, KernelErrors } from "./regression.ts";

/** The kernels' errors, one list a repetition. */
export interface RegressionSummary {
  readonly repeats: readonly (readonly KernelErrors[])[];
}

const source = "Bietti, Bach 2021, the synthetic experiment (the effect); our instantiation (bounds)";

/** What kernel regression with the largest training set says of depth: means over the repetitions with their 95 % intervals. */
export function regressionClaims({ repeats }: RegressionSummary, { trainingSizes }: Values): readonly Claim[] {
  if (repeats.length === 0) return [];
  const size = trainingSizes[trainingSizes.length - 1];
  const measure = (of: (kernels: readonly KernelErrors[]) => number) => {
    const { value, low, high } = numerics.meanWithInterval(repeats.map(of));
    return { measured: value, low, high };
  };
  return [
    claim.atMost({
      id: "loose-ridge-kernels-agree",
      statement: `regression of a cap on S^3, n = ${size}, lambda down to 10^-8: (largest - smallest)/mean of the seven kernels' test errors`,
      source,
      ...measure((kernels) => spread(kernels.map((kernel) => lastError(kernel, "loose")))),
      bound: 0.08,
    }),
    claim.atMost({
      id: "tight-ridge-ntk-wins",
      statement: `the same with lambda down to 10^-4 only, where slower decay helps: largest test error of the tangent kernels over the smallest of the random-feature kernels`,
      source,
      ...measure(
        (kernels) => Math.max(...errorsOf(kernels, "ntk", "tight")) / Math.min(...errorsOf(kernels, "nngp", "tight")),
      ),
      bound: 0.9,
    }),
    claim.atMost({
      id: "depth-does-not-matter-regression",
      statement: `the same, L = 3 against 4: relative difference of the test errors, the largest of RF and NTK and of both ranges of lambda`,
      source,
      ...measure((kernels) =>
        Math.max(
          ...(["tight", "loose"] as const).flatMap((floor) =>
            (["nngp", "ntk"] as const).map((family) => spread(errorsOf(kernels, family, floor, 3))),
          ),
        ),
      ),
      bound: 0.05,
    }),
  ];
}

function errorsOf(kernels: readonly KernelErrors[], family: Family, floor: Floor, shallowest = 2): readonly number[] {
  return kernels
    .filter((kernel) => kernel.family === family && (kernel.weightLayers ?? 0) >= shallowest)
    .map((kernel) => lastError(kernel, floor));
}

function lastError({ errors }: KernelErrors, floor: Floor): number {
  return errors[floor][errors[floor].length - 1];
}

function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / numerics.mean(values);
}
