import type { Figure, Series } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import { sharpConstant } from "./edge.ts";
import type { Values } from "./parameters.ts";
import type { RateMedian } from "./rate.ts";
import type { CellMean, NetworkMean, Summary } from "./summary.ts";

export function figuresOf(summary: Summary, values: Values): readonly Figure[] {
  return [
    ...values.inputRatios.map((ratio) => dimensionFigure(summary, ratio, values)),
    boundsFigure(summary.bounds, values),
    ...values.lowDimensions.map((dimension) =>
      rateFigure(
        summary.medians.filter((median) => median.dimension === dimension),
        values,
      ),
    ),
    widthFigure(summary.twoLayer, values),
    oneWideFigure(summary.deep, values),
    featureFigure(summary, values),
  ];
}

function marks(intervals: readonly Interval[]) {
  return {
    mark: "points" as const,
    y: intervals.map(({ value }) => value),
    low: intervals.map(({ low }) => low),
    high: intervals.map(({ high }) => high),
  };
}

function dimensionFigure({ proportional }: Summary, ratio: number, { weightLayers, dimensions }: Values): Figure {
  const inRatio = proportional.filter(({ inputs, dimension }) => inputs === Math.round(ratio * dimension));
  return {
    id: `dimension-ratio${String(ratio).replace(".", "p")}`,
    title: `N = ${ratio} d inputs on the sphere: the sharp constant`,
    caption: `lambda_min/d against d for L layers of weights, means with 95 % intervals. Dashed: the edge at that size. Dotted: its limit, ${ratio < 1 ? `a_1 (1 - sqrt ${ratio})^2 + sum of a_k from 2 on` : "the sum of the power series' coefficients a_k from 2 on"}.`,
    x: { label: "dimension d", scale: "log" },
    y: { label: "lambda_min/d", scale: "linear" },
    series: [
      ...weightLayers.flatMap((layers): Series[] => {
        const cells = inRatio.filter((cell) => cell.weightLayers === layers);
        const x = cells.map(({ dimension }) => dimension);
        const group = `L = ${layers}`;
        return [
          { name: group, group, x, ...marks(cells.map(({ mean }) => mean)) },
          { name: group, group, mark: "dashed", x, y: cells.map(({ edge }) => edge) },
        ];
      }),
      ...weightLayers.map((layers): Series => {
        const limit = sharpConstant(layers, ratio);
        const ends = [dimensions[0], dimensions[dimensions.length - 1]];
        return { name: "limits", group: "limits", mark: "dotted", x: ends, y: [limit, limit] };
      }),
    ],
  };
}

function boundsFigure(cells: readonly CellMean[], { weightLayers }: Values): Figure {
  const dimensions = [...new Set(cells.map(({ dimension }) => dimension))];
  const ends = [dimensions[0], dimensions[dimensions.length - 1]];
  return {
    id: "bounds",
    title: "N = 2 d Gaussian inputs: between two bounds",
    caption:
      "lambda_min/d against d for L layers of weights: means, and the least and the largest of the draws. Dashed: the upper bound L. Dotted: the lower bound 2 mu_2^2, the same for all depths.",
    x: { label: "dimension d", scale: "log" },
    y: { label: "lambda_min/d", scale: "log" },
    series: [
      ...weightLayers.flatMap((layers): Series[] => {
        const own = cells.filter((cell) => cell.weightLayers === layers);
        const group = `L = ${layers}`;
        const draws = own.map(({ mean, smallest, largest }) => ({ value: mean.value, low: smallest, high: largest }));
        return [
          { name: group, group, x: dimensions, ...marks(draws) },
          { name: group, group, mark: "dashed", x: ends, y: [layers, layers] },
        ];
      }),
      { name: "2 mu_2^2", mark: "dotted", x: ends, y: [1 / (2 * Math.PI), 1 / (2 * Math.PI)] },
    ],
  };
}

function rateFigure(medians: readonly RateMedian[], { rateInputs: inputs, rateLayers }: Values): Figure {
  const [{ dimension, smallest }] = medians;
  return {
    id: `rate-d${dimension}`,
    title: `N inputs on the unit sphere in d = ${dimension}: two come close to each other`,
    caption: `Median smallest eigenvalue against N for L layers of weights, with 95 % intervals. Dashed: what the closest pair's bound must be, of order N^(${(-2 / (dimension - 1)).toFixed(2)}). Dotted: the order of the proved lower bound, N^(${(-4 / (dimension - 1)).toFixed(2)}), from the first point on.`,
    x: { label: "inputs N", scale: "log" },
    y: { label: "median of lambda_min", scale: "log" },
    series: [
      ...rateLayers.flatMap((layers): Series[] => {
        const own = medians.filter(({ weightLayers }) => weightLayers === layers);
        const group = `L = ${layers}`;
        return [
          { name: group, group, x: inputs, ...marks(own.map((median) => median.smallest)) },
          { name: group, group, mark: "dashed", x: inputs, y: own.map(({ expectedPair }) => expectedPair) },
        ];
      }),
      {
        name: "lower bound's order",
        mark: "dotted",
        x: inputs,
        y: inputs.map((count) => smallest.value * (count / inputs[0]) ** (-4 / (dimension - 1))),
      },
    ],
  };
}

function widthFigure(cells: readonly NetworkMean[], { networkDimensions, networkInputs, widths }: Values): Figure {
  return {
    id: "finite-width",
    title: "Finite two-layer networks",
    caption: `(2/n_1) lambda_min of the finite network's kernel over the infinite one's, ${networkInputs} Gaussian inputs in d dimensions, means over networks with 95 % intervals. 0 where the rank is too low or inputs have all units off. Dotted: 0.9.`,
    x: { label: "width n1", scale: "log" },
    y: { label: "ratio of smallest eigenvalues", scale: "linear" },
    series: [
      ...networkDimensions.map((dimension): Series => {
        const own = cells.filter((cell) => cell.dimension === dimension);
        return {
          name: `d = ${dimension}`,
          x: own.map(({ widths: [width] }) => width),
          ...marks(own.map(({ ratio }) => ratio)),
        };
      }),
      {
        name: "0.9",
        mark: "dotted",
        x: [Math.min(...cells.map((cell) => cell.widths[0])), widths[widths.length - 1]],
        y: [0.9, 0.9],
      },
    ],
  };
}

function oneWideFigure(cells: readonly NetworkMean[], { narrowWidths, wideWidth, networkInputs }: Values): Figure {
  const find = (...widths: number[]) => cells.find((cell) => String(cell.widths) === String(widths));
  const series = (name: string, widthsOf: (narrow: number) => number[]): Series => {
    const found = narrowWidths.flatMap((narrow) => {
      const cell = find(...widthsOf(narrow));
      return cell === undefined ? [] : [{ narrow, ratio: cell.ratio }];
    });
    return { name, x: found.map(({ narrow }) => narrow), ...marks(found.map(({ ratio }) => ratio)) };
  };
  return {
    id: "one-wide",
    title: "One wide layer among narrow ones",
    caption: `Three layers of weights, ${networkInputs} Gaussian inputs: normalised lambda_min over the infinite network's against the narrow layer's width n, means over networks with 95 % intervals; the wide layer has ${wideWidth} units.`,
    x: { label: "narrow width n", scale: "log" },
    y: { label: "ratio of smallest eigenvalues", scale: "linear" },
    series: [
      series("wide, then narrow", (narrow) => [wideWidth, narrow]),
      series("narrow, then wide", (narrow) => [narrow, wideWidth]),
      series("both narrow", (narrow) => [narrow, narrow]),
    ],
  };
}

function featureFigure({ features, featureLimit }: Summary, { featureWidths, networkInputs }: Values): Figure {
  return {
    id: "features",
    title: "The first layer's features",
    caption: `sigma_min(F_1)^2/(n_1 d) for ${networkInputs} Gaussian inputs over its limit lambda_min(G^(2))/(2 d) = ${featureLimit.value.toFixed(4)}, means with 95 % intervals. Dashed: the edge for n_1 independent columns. Dotted: the limit.`,
    x: { label: "width n1", scale: "log" },
    y: { label: "over the limit", scale: "linear" },
    series: [
      { name: "features", group: "features", x: featureWidths, ...marks(features.map(({ overLimit }) => overLimit)) },
      { name: "features", group: "features", mark: "dashed", x: featureWidths, y: features.map(({ edge }) => edge) },
      { name: "limit", mark: "dotted", x: [featureWidths[0], featureWidths[featureWidths.length - 1]], y: [1, 1] },
    ],
  };
}
