import { type Claim, claim, numerics } from "meanfield";
import type { Convergence } from "./finite-width.ts";
import type { CoefficientRow, OneLayer } from "./one-layer.ts";
import type { Values } from "./parameters.ts";
import type { ParityFit, ParitySplit } from "./parity.ts";
import { type Trained, trainedClaims } from "./trained-claims.ts";

const paper = "Simon, Anand, DeWeese, ICML 2022";
const recomputed = "observation: exact kernel regression on the published task, recomputed independently";

/** What the summary holds, as claims read it. */
export interface Summary {
  readonly layer: Omit<OneLayer, "angles" | "curves">;
  readonly convergence: Convergence;
  readonly splits: readonly ParitySplit[];
  readonly trained: Trained;
}

export function claimsOf({ layer, convergence, splits, trained }: Summary, values: Values): readonly Claim[] {
  return [
    ...layer.rows.map(coefficientClaim),
    claim.atMost({
      id: "deep-in-one-layer",
      statement:
        "the NTK of four hidden layers of ReLU is that of one hidden layer whose activation has the coefficients of the kernel's power series (200 terms); the largest distance at cosines in [-0.9, 0.9]",
      source: `${paper}, theorem (as we understand it); the truncated terms are below 1e-9 there`,
      measured: layer.seriesError,
      bound: 1e-9,
    }),
    claim.atMost({
      id: "mimic",
      statement:
        "sum of squares over 100 angles of the exact NTK of the published mimic activation, one hidden layer, minus that of four hidden layers of ReLU",
      source: `constants: ${paper}, notebooks; bound: our earlier computation`,
      measured: layer.mimicSquares,
      bound: 0.35,
    }),
    claim.atMost({
      id: "mimic-against-relu",
      statement: "the same over the sum of squares of one hidden layer of ReLU",
      source: `constants: ${paper}, notebooks; bound: our earlier computation`,
      measured: layer.mimicSquares / layer.shallowSquares,
      bound: 0.01,
    }),
    claim.within({
      id: "finite-width-slope",
      statement: `log-log slope against the width of the relative L2 error of the mimic's empirical NTK, root mean square over the draws, widths ${convergence.widths.join(", ")}`,
      source: "our derivation: with one hidden layer the kernel is a mean of independent terms, one for each neuron",
      measured: convergence.slope.value,
      low: convergence.slope.low,
      high: convergence.slope.high,
      expected: -0.5,
      tolerance: 0.05,
    }),
    claim.within({
      id: "finite-width-constant",
      statement: `sqrt(width) times that error over all widths and draws, over what it must be, ${layer.errorConstant.toFixed(3)} by quadrature`,
      source: "our derivation: docs/reverse-ntk.md",
      measured: convergence.constant.value / layer.errorConstant,
      low: convergence.constant.low / layer.errorConstant,
      high: convergence.constant.high / layer.errorConstant,
      expected: 1,
      tolerance: 0.1,
    }),
    claim.atMost({
      id: "finite-width-mean",
      statement: `at width ${convergence.widths[0]} the mean of the empirical NTK over the draws is the exact kernel: the largest distance over the angles in standard errors`,
      source: "our derivation: each term has the infinite-width kernel as its mean",
      measured: convergence.largestDeviation,
      bound: 4,
    }),
    ...parityClaims(splits),
    ...trainedClaims(trained, values),
  ];
}

function coefficientClaim({ name, label, found, printed, noise }: CoefficientRow): Claim {
  const gaps = printed.flatMap((entry, degree) => (Math.abs(entry) < noise ? [] : [Math.abs(found[degree] - entry)]));
  return claim.atMost({
    id: `coefficients-${name}`,
    statement: `${label}: Hermite coefficients ${found.map((entry) => shown(entry)).join(", ")} of the activation whose one-hidden-layer NTK comes nearest, largest distance from the printed ones${noise > 0 ? ` above ${noise}` : ""}`,
    source: `${paper}, notebooks`,
    measured: Math.max(...gaps),
    bound: 0.002,
  });
}

function shown(value: number): string {
  return Math.abs(value) < 5e-4 ? "0" : value.toFixed(3);
}

function parityClaims(splits: readonly ParitySplit[]): readonly Claim[] {
  const over = (value: (split: ParitySplit) => number) => numerics.meanWithInterval(splits.map(value));
  const accuracy = (kernel: "sine" | "relu") => over((split) => split[kernel].accuracy);
  const squares = (kernel: "sine" | "relu") => over((split) => split[kernel].meanSquaredError);
  const measured = ({ value, low, high }: numerics.Estimate) => ({ measured: value, low, high });
  const worst = (value: (fit: ParityFit) => number) => Math.max(...splits.map(({ sine }) => value(sine)));
  return [
    claim.within({
      id: "parity-sine-accuracy",
      statement:
        "parity: test accuracy of exact regression with the NTK of 0.5 sin 6z (trained networks of width 128, printed: 1.00)",
      source: recomputed,
      ...measured(accuracy("sine")),
      expected: 0.5,
      tolerance: 0.02,
    }),
    claim.atMost({
      id: "parity-sine-antipodes",
      statement:
        "parity, the same kernel: the larger of the share of wrong signs where -x is a training point and of right signs elsewhere, the worst split",
      source: "our derivation: the kernel is odd, and next to 0 but for neighbours, whose labels are the opposite",
      measured: worst(({ antipodesRight, othersRight }) => Math.max(1 - antipodesRight, othersRight)),
      bound: 0.01,
    }),
    claim.within({
      id: "parity-sine-error",
      statement: "parity, the same kernel: mean squared error (trained networks of width 128, printed: 0.021)",
      source: recomputed,
      ...measured(squares("sine")),
      expected: 0.51,
      tolerance: 0.03,
    }),
    claim.within({
      id: "parity-relu-accuracy",
      statement:
        "parity: test accuracy of exact regression with the NTK of four hidden layers of ReLU (trained networks of width 128, printed: 0.294)",
      source: recomputed,
      ...measured(accuracy("relu")),
      expected: 0.185,
      tolerance: 0.015,
    }),
    claim.within({
      id: "parity-relu-error",
      statement: "parity, the same kernel: mean squared error (trained networks of width 128, printed: 2.816)",
      source: recomputed,
      ...measured(squares("relu")),
      expected: 2.05,
      tolerance: 0.1,
    }),
  ];
}
