import type { JsonObject, MemberResults } from "meanfield";
import { numerics } from "meanfield";
import { type Contestant, contestants } from "./contestants.ts";
import { commonExponentOf, difference, exponentOf, type Interval, quotient, shown, trend, widest } from "./fits.ts";
import type { Values } from "./parameters.ts";
import type { ContestantResult } from "./run-contestant.ts";
import { meanLoss } from "./search.ts";

/** What is fitted in one dimension; intervals of all dimensions together have 95 %. */
export type Exponents = {
  readonly dimension: number;
  readonly bottleneckDiscretization: Interval;
  readonly bottleneckLoss: Interval;
  readonly twoLayerLoss: Interval;
  readonly twoLayerAdamLoss: Interval;
  readonly twoLayerDiscretization: Interval;
  readonly twoLayerAdamDiscretization: Interval;
  /** Exponent of the 2-layer loss minus that of the 3-layer loss. */
  readonly twoLayerFlatter: Interval;
  readonly twoLayerAdamFlatter: Interval;
};

/** Losses at the largest size, geometric means over replicas, in units of the best constant's loss. */
export type Separation = {
  readonly dimension: number;
  readonly parameters: number;
  readonly bottleneck: number;
  readonly twoLayer: number;
  readonly twoLayerAdam: number;
  /** The better of the two 2-layer losses over the 3-layer loss. */
  readonly factor: Interval;
  /** Loss of the limit over the mean loss: what would remain at infinite width. */
  readonly bottleneckLimitShare: number | null;
  readonly twoLayerLimitShare: number | null;
};

/** What a search chose, losses in units of the best constant's. */
export type SearchRow = {
  readonly network: Contestant;
  readonly dimension: number;
  readonly stepSize: number;
  readonly finalFraction: number;
  /** Whether the step size is the smallest or largest of those tried: a wider grid might hold a better one. */
  readonly isOnEdge: boolean;
  /** Mean over the winner's starts; null where one diverged. */
  readonly relativeLoss: number | null;
  /** All choices, in their order: all step sizes with the first final fraction, then with the next; null where one diverged. */
  readonly firstRound: readonly (number | null)[];
  /** Means of those that entered the second round, null for the others. */
  readonly finalists: readonly (number | null)[];
};

/** A point of a ladder, losses in units of the best constant's. */
export type PointRow = {
  readonly network: Contestant;
  readonly dimension: number;
  readonly width: number;
  readonly parameters: number;
  readonly relativeLoss: number;
  readonly relativeLossError: number;
  readonly meanField: number;
  readonly discretization: number;
  readonly limitLoss: number | null;
  readonly replicas: readonly number[];
};

export interface Summary {
  readonly smallestSeparation: number;
  readonly twoLayerCommonDiscretizationExponent: Interval;
  readonly twoLayerExponentPerDoubling: Interval | null;
  readonly twoLayerAdamExponentPerDoubling: Interval | null;
  readonly exponents: readonly Exponents[];
  readonly separation: readonly Separation[];
  readonly searches: readonly SearchRow[];
  readonly points: readonly PointRow[];
}

export function memberName(contestant: Contestant, dimension: number): string {
  return `${contestant}-${dimension}`;
}

export function resultOf(results: MemberResults, contestant: Contestant, dimension: number): ContestantResult {
  return results[memberName(contestant, dimension)].result as unknown as ContestantResult;
}

export function summarise(results: MemberResults, values: Values): JsonObject {
  const { dimensions } = values;
  // Bonferroni: so many intervals of this level hold together with 95 %.
  const level = 1 - 0.05 / dimensions.length;
  const exponents = dimensions.map((dimension) => exponentsIn(results, dimension, level));
  const separation = dimensions.map((dimension) => separationIn(results, dimension, level));
  const summary: Summary = {
    smallestSeparation: Math.min(...separation.map(({ factor }) => factor.value)),
    twoLayerCommonDiscretizationExponent: shown(
      commonExponentOf(
        dimensions.map((dimension) => resultOf(results, "two-layer", dimension).points),
        "discretization",
        0.95,
      ),
    ),
    twoLayerExponentPerDoubling: trend(
      dimensions,
      exponents.map(({ twoLayerLoss }) => twoLayerLoss.value),
    ),
    twoLayerAdamExponentPerDoubling: trend(
      dimensions,
      exponents.map(({ twoLayerAdamLoss }) => twoLayerAdamLoss.value),
    ),
    exponents,
    separation,
    searches: contestants.flatMap((contestant) =>
      dimensions.map((dimension) => searchRow(resultOf(results, contestant, dimension))),
    ),
    points: contestants.flatMap((contestant) =>
      dimensions.flatMap((dimension) => pointRows(resultOf(results, contestant, dimension))),
    ),
  };
  return summary as unknown as JsonObject;
}

function exponentsIn(results: MemberResults, dimension: number, level: number): Exponents {
  const [three, two, adam] = contestants.map((contestant) => resultOf(results, contestant, dimension).points);
  const threeLoss = exponentOf(three, "losses", level);
  const twoLoss = exponentOf(two, "losses", level);
  const adamLoss = exponentOf(adam, "losses", level);
  return {
    dimension,
    bottleneckDiscretization: shown(exponentOf(three, "discretization", level)),
    bottleneckLoss: shown(threeLoss),
    twoLayerLoss: shown(twoLoss),
    twoLayerAdamLoss: shown(adamLoss),
    twoLayerDiscretization: shown(exponentOf(two, "discretization", level)),
    twoLayerAdamDiscretization: shown(exponentOf(adam, "discretization", level)),
    twoLayerFlatter: shown(difference(twoLoss, threeLoss, level)),
    twoLayerAdamFlatter: shown(difference(adamLoss, threeLoss, level)),
  };
}

function separationIn(results: MemberResults, dimension: number, level: number): Separation {
  const [three, two, adam] = contestants.map((contestant) => resultOf(results, contestant, dimension));
  const [bottleneck, twoLayer, twoLayerAdam] = [three, two, adam].map(
    (result) => geometricMean(widest(result).losses) / result.nullLoss,
  );
  const baseline = twoLayer < twoLayerAdam ? two : adam;
  return {
    dimension,
    parameters: widest(three).parameters,
    bottleneck,
    twoLayer,
    twoLayerAdam,
    factor: quotient(widest(baseline).losses, widest(three).losses, level),
    bottleneckLimitShare: limitShare(three),
    twoLayerLimitShare: limitShare(two),
  };
}

function limitShare(result: ContestantResult): number | null {
  const { limitLoss, losses } = widest(result);
  return limitLoss === null ? null : limitLoss / numerics.mean(losses);
}

function searchRow({ contestant, dimension, search, nullLoss }: ContestantResult): SearchRow {
  const { trials, chosen } = search;
  const sizes = trials.map(({ stepSize }) => stepSize);
  const relative = (losses: readonly (number | null)[]) => {
    const loss = meanLoss(losses);
    return loss === Infinity ? null : loss / nullLoss;
  };
  const { stepSize, finalFraction } = chosen;
  const winner = trials.find((trial) => trial.stepSize === stepSize && trial.finalFraction === finalFraction);
  return {
    network: contestant,
    dimension,
    stepSize,
    finalFraction,
    isOnEdge: stepSize === Math.min(...sizes) || stepSize === Math.max(...sizes),
    relativeLoss: relative(winner?.losses ?? [null]),
    firstRound: trials.map(({ losses }) => relative(losses.slice(0, 1))),
    finalists: trials.map(({ losses }) => (losses.length > 1 ? relative(losses) : null)),
  };
}

function pointRows({ contestant, dimension, nullLoss, points }: ContestantResult): PointRow[] {
  return points.map(({ width, parameters, losses, meanField, discretization, limitLoss }) => ({
    network: contestant,
    dimension,
    width,
    parameters,
    relativeLoss: numerics.mean(losses) / nullLoss,
    relativeLossError: numerics.standardError(losses) / nullLoss,
    meanField: numerics.mean(meanField) / nullLoss,
    discretization: numerics.mean(discretization) / nullLoss,
    limitLoss: limitLoss === null ? null : limitLoss / nullLoss,
    replicas: losses.map((loss) => loss / nullLoss),
  }));
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(numerics.mean(values.map(Math.log)));
}
