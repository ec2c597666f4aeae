import { type Figure, type MemberResults, numerics, type Series } from "meanfield";
import { type Contestant, contestants, labels } from "./contestants.ts";
import type { Interval } from "./fits.ts";
import type { Values } from "./parameters.ts";
import type { ContestantResult } from "./run-contestant.ts";
import { meanLoss } from "./search.ts";
import { type Exponents, resultOf, type Summary } from "./summary.ts";

const relativeLoss = "loss / loss of the best constant";

export function figuresOf(results: MemberResults, summary: Summary, values: Values): readonly Figure[] {
  return [
    ...values.dimensions.map((dimension) => lossFigure(results, dimension)),
    exponentFigure(summary.exponents),
    separationFigure(summary),
    partsFigure(results, values),
    ...contestants.map((contestant) => searchFigure(results, contestant, values)),
  ];
}

/** Loss against the number of parameters, limits dashed. */
function lossFigure(results: MemberResults, dimension: number): Figure {
  const series: Series[] = contestants.flatMap((contestant) => {
    const { points, nullLoss } = resultOf(results, contestant, dimension);
    const x = points.map((point) => point.parameters);
    const name = labels[contestant];
    const means = points.map(({ losses }) => numerics.mean(losses) / nullLoss);
    const reach = points.map(({ losses }) => (2 * numerics.standardError(losses)) / nullLoss);
    const curve: Series[] = [
      {
        name,
        mark: "points",
        x,
        y: means,
        low: means.map((value, index) => Math.max(value - reach[index], value / 10)),
        high: means.map((value, index) => value + reach[index]),
        group: name,
      },
      { name, mark: "line", x, y: means, group: name },
    ];
    const limit = points.map(({ limitLoss }) => (limitLoss === null ? null : limitLoss / nullLoss));
    if (limit.some((value) => value !== null)) {
      curve.push({ name: `${name}: limit`, mark: "dashed", x, y: limit, group: name });
    }
    return curve;
  });
  return {
    id: `loss-${dimension}`,
    title: `Loss against size, d = ${dimension}`,
    caption:
      "Means over replicas with two standard errors, after the same number of steps, each network with the step size that its search chose; dashed: the infinite-width limit of the first replica's atoms, at the same step.",
    x: { label: "parameters", scale: "log" },
    y: { label: relativeLoss, scale: "log" },
    series,
  };
}

function exponentFigure(exponents: readonly Exponents[]): Figure {
  const x = exponents.map(({ dimension }) => dimension);
  const curve = (name: string, of: (row: Exponents) => Interval, mark: "line" | "dashed"): Series[] => [
    {
      name,
      mark: "points",
      x,
      y: exponents.map((row) => of(row).value),
      low: exponents.map((row) => of(row).low),
      high: exponents.map((row) => of(row).high),
      group: name,
    },
    { name, mark, x, y: exponents.map((row) => of(row).value), group: name },
  ];
  return {
    id: "exponents",
    title: "Fitted width exponents",
    caption:
      "Slope of log loss against log width, with intervals that hold together with 95 % over the dimensions; dashed: of the discretisation part of the 3-layer loss, for which theory says -1.",
    x: { label: "dimension", scale: "log" },
    y: { label: "exponent", scale: "linear" },
    series: [
      ...curve("3-layer", (row) => row.bottleneckLoss, "line"),
      ...curve("3-layer, discretisation", (row) => row.bottleneckDiscretization, "dashed"),
      ...curve(labels["two-layer"], (row) => row.twoLayerLoss, "line"),
      ...curve(labels["two-layer-adam"], (row) => row.twoLayerAdamLoss, "line"),
    ],
  };
}

function separationFigure({ separation }: Summary): Figure {
  const x = separation.map(({ dimension }) => dimension);
  const y = separation.map(({ factor }) => factor.value);
  return {
    id: "separation",
    title: "Separation at the largest size",
    caption:
      "The better 2-layer loss (gradient descent or Adam) over the 3-layer loss, quotient of geometric means over replicas, with intervals that hold together with 95 %. An observation at these sizes and steps, not the theorem.",
    x: { label: "dimension", scale: "log" },
    y: { label: "2-layer loss / 3-layer loss", scale: "log" },
    series: [
      {
        name: "separation",
        mark: "points",
        x,
        y,
        low: separation.map(({ factor }) => factor.low),
        high: separation.map(({ factor }) => factor.high),
      },
    ],
  };
}

/** At the largest width: what the loss is made of. */
function partsFigure(results: MemberResults, { dimensions }: Values): Figure {
  const at = (contestant: Contestant, of: (result: ContestantResult) => number | null): (number | null)[] =>
    dimensions.map((dimension) => {
      const result = resultOf(results, contestant, dimension);
      const value = of(result);
      return value === null || value <= 0 ? null : value / result.nullLoss;
    });
  const last = ({ points }: ContestantResult) => points[points.length - 1];
  return {
    id: "parts",
    title: "Width and time at the largest size",
    caption:
      "Lines: the loss. Points: its mean-field part, that of the network with its first layer averaged over rotations, which more width does not lower. Dashed: the loss of the limit at the same step (none with Adam).",
    x: { label: "dimension", scale: "log" },
    y: { label: relativeLoss, scale: "log" },
    series: contestants.flatMap((contestant) => {
      const group = labels[contestant];
      const limit = at(contestant, (result) => last(result).limitLoss);
      const curves: Series[] = [
        {
          name: group,
          mark: "line",
          x: dimensions,
          y: at(contestant, (result) => numerics.mean(last(result).losses)),
          group,
        },
        {
          name: `${group}: mean-field part`,
          mark: "points",
          x: dimensions,
          y: at(contestant, (result) => numerics.mean(last(result).meanField)),
          group,
        },
      ];
      if (limit.some((value) => value !== null)) {
        curves.push({ name: `${group}: limit`, mark: "dashed", x: dimensions, y: limit, group });
      }
      return curves;
    }),
  };
}

/** The search's grid. */
function searchFigure(results: MemberResults, contestant: Contestant, { dimensions, finalFractions }: Values): Figure {
  return {
    id: `search-${contestant}`,
    title: `The search: ${labels[contestant]}`,
    caption: `Loss at the last step against the first step size, at the search's width, finalists' means over all their starts. ${finalFractions
      .map((fraction, index) => `${index === 0 ? "Lines" : "Dashed"}: ${describe(fraction)}`)
      .slice(0, 2)
      .join(". ")}.`,
    x: { label: "step size", scale: "log" },
    y: { label: relativeLoss, scale: "log" },
    series: dimensions.flatMap((dimension) => {
      const { search, nullLoss } = resultOf(results, contestant, dimension);
      const group = `d = ${dimension}`;
      return finalFractions.slice(0, 2).map((fraction, index): Series => {
        const shown = search.trials.filter(({ finalFraction }) => finalFraction === fraction);
        return {
          name: index === 0 ? group : `${group}, ${describe(fraction)}`,
          mark: index === 0 ? "line" : "dashed",
          x: shown.map(({ stepSize }) => stepSize),
          y: shown.map(({ losses }) => (meanLoss(losses) === Infinity ? null : meanLoss(losses) / nullLoss)),
          group,
        };
      });
    }),
  };
}

function describe(fraction: number): string {
  return fraction === 1 ? "constant" : `falling to ${fraction} of it`;
}
