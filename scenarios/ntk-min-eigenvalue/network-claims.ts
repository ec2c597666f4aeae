import { type Claim, claim } from "meanfield";
import type { Values } from "./parameters.ts";
import type { NetworkMean, Summary } from "./summary.ts";

export const paper = "Nguyen, Mondelli, Montufar, ICML 2021";

/** What finite widths leave of the smallest eigenvalue. */
export function networkClaims({ twoLayer, deep, features }: Summary, values: Values): readonly Claim[] {
  const { networkInputs: inputs } = values;
  const all = [...twoLayer, ...deep];
  return [
    ...values.networkDimensions.map((dimension) => wideClaim(twoLayer, dimension, inputs)),
    ...rankClaims(twoLayer, inputs),
    singularClaim(all),
    deadClaim(all),
    ...oneWideClaims(deep, values),
    ...featureClaims(features),
  ];
}

function ratioOf({ ratio }: NetworkMean) {
  return { measured: ratio.value, low: ratio.low, high: ratio.high };
}

function wideClaim(cells: readonly NetworkMean[], dimension: number, inputs: number): Claim {
  const wide = cells.filter((cell) => cell.dimension === dimension && cell.widths[0] >= 20 * inputs);
  return claim.atLeast({
    id: `wide-d${dimension}`,
    statement: `two layers, ${inputs} Gaussian inputs in d = ${dimension}: (2/n_1) lambda_min of the finite network's kernel over the infinite one's at n_1 = ${wide[0].widths[0]}, mean over ${wide[0].draws} networks`,
    source: `${paper}, theorem 4.1 as we understand it; the constant is our instantiation`,
    ...ratioOf(wide[0]),
    bound: 0.9,
  });
}

/** By n_1 (d + 1) weights, and by one dependence in the gradient for each unit less. */
function rankClaims(cells: readonly NetworkMean[], inputs: number): readonly Claim[] {
  const sizes = (found: readonly NetworkMean[]) =>
    found.map(({ dimension, widths }) => `(${dimension}, ${widths[0]})`).join(", ");
  const largest = (found: readonly NetworkMean[]) =>
    found.length === 0 ? null : Math.max(...found.map((cell) => cell.largest));
  const few = cells.filter(({ dimension, widths }) => widths[0] * (dimension + 1) < inputs);
  const dependent = cells.filter(
    ({ dimension, widths }) => widths[0] * dimension < inputs && widths[0] * (dimension + 1) >= inputs,
  );
  const statement = "the ratio's upper bound, the largest of all draws";
  return [
    claim.atMost({
      id: "rank",
      statement: `fewer weights than inputs, n_1 (d + 1) < ${inputs}, (d, n_1) = ${sizes(few)}: ${statement}`,
      source: "theorem (the rank of J J^T is at most the number of weights)",
      measured: largest(few),
      bound: 1e-6,
    }),
    claim.atMost({
      id: "rank-dependent",
      statement: `enough weights, but n_1 d < ${inputs} <= n_1 (d + 1), (d, n_1) = ${sizes(dependent)}: ${statement}`,
      source: "our derivation: docs/ntk-min-eigenvalue.md",
      measured: largest(dependent),
      bound: 1e-6,
    }),
  ];
}

function singularClaim(cells: readonly NetworkMean[]): Claim {
  let unexplained = 0;
  const counts = { rank: 0, dead: 0, draws: 0 };
  for (const cell of cells) {
    const byRank = cell.rankBound < cell.inputs;
    counts.draws += cell.draws;
    if (byRank) counts.rank += cell.singular;
    else counts.dead += cell.singularDead;
    unexplained += byRank
      ? cell.draws - cell.singular
      : cell.singular - cell.singularDead + (cell.drawsDead - cell.singularDead);
  }
  return claim.atMost({
    id: "singular-explained",
    statement: `of ${counts.draws} finite networks those are singular beyond rounding that have too low a rank (${counts.rank}) or an input at which all units of a layer are off (${counts.dead}), and no others: exceptions to this either way`,
    source: "our derivation: docs/ntk-min-eigenvalue.md",
    measured: unexplained,
    bound: 0,
  });
}

/** Cells in which the count of such inputs over all draws is expected to be large enough for a normal law. */
const enoughDead = 20;

function deadClaim(cells: readonly NetworkMean[]): Claim {
  const scores = cells
    .filter(({ expectedDead, draws }) => expectedDead * draws >= enoughDead)
    .map(({ dead, expectedDead }) => Math.abs(dead.value - expectedDead) / dead.error);
  return claim.atMost({
    id: "dead-inputs",
    statement: `inputs at which all units of a layer are off: N (1 - prod_l (1 - 2^(-n_l))) for each network; the largest distance of the mean in standard errors, over ${scores.length} networks`,
    source: "our derivation: docs/ntk-min-eigenvalue.md",
    measured: scores.length === 0 ? null : Math.max(...scores),
    bound: 4,
  });
}

function oneWideClaims(cells: readonly NetworkMean[], { wideWidth }: Values): readonly Claim[] {
  const find = (widths: readonly number[]) => cells.find((cell) => String(cell.widths) === String(widths));
  return [
    [20, wideWidth],
    [wideWidth, 20],
  ].map((widths, index) => {
    const found = find(widths);
    return claim.interval({
      id: index === 0 ? "one-wide-after-narrow" : "one-wide-before-narrow",
      statement: `three layers of weights, widths (${widths.join(", ")}): normalised lambda_min over the infinite network's, mean over ${found?.draws} networks`,
      source: `${paper}, theorem 4.1 as we understand it (one layer wide in proportion to N suffices); the constants are our instantiation`,
      ...(found === undefined ? { measured: null } : ratioOf(found)),
      from: 0.1,
      to: 1,
    });
  });
}

function featureClaims(features: Summary["features"]): readonly Claim[] {
  const last = features[features.length - 1];
  const gaps = features.map(({ overEdge: { value, low, high } }) => {
    const gap = Math.abs(value - 1);
    const reach = Math.max(value - low, high - value);
    return { gap, low: Math.max(0, gap - reach), high: gap + reach };
  });
  const worst = gaps.toSorted((a, b) => b.gap - a.gap)[0];
  return [
    claim.interval({
      id: "features-limit",
      statement: `first features at n_1 = ${last.width}: sigma_min(F_1)^2/(n_1 d) over lambda_min(G^(2))/(2 d)`,
      source: `${paper}, theorem 5.1 as we understand it; the constants are our instantiation`,
      measured: last.overLimit.value,
      low: last.overLimit.low,
      high: last.overLimit.high,
      from: 0.9,
      to: 1.1,
    }),
    claim.atMost({
      id: "features-edge",
      statement: `the same at n_1 = ${features.map(({ width }) => width).join(", ")} over the left edge for the covariance G^(2)/2 and n_1 independent columns: the largest relative distance of the mean`,
      source: "our derivation (heuristic): docs/ntk-min-eigenvalue.md",
      measured: worst.gap,
      low: worst.low,
      high: worst.high,
      bound: 0.1,
    }),
  ];
}
