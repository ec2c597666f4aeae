import { type Figure, type MemberResults, numerics, type Series } from "meanfield";
import type { Values } from "./parameters.ts";
import type { Rung } from "./run-width.ts";
import { ladder, type Summary } from "./summary.ts";

export function figuresOf(results: MemberResults, summary: Summary, values: Values): readonly Figure[] {
  const rungs = ladder(results, values);
  return [slopeFigure(rungs, summary, values), collapseFigure(rungs, values)];
}

function slopeFigure(rungs: readonly Rung[], { points, slopes }: Summary, values: Values): Figure {
  const widths = points.map(({ width }) => width);
  const { value, low, high, intercept } = slopes[slopes.length - 1];
  const last = slopes.length - 1;
  return {
    id: "gap-by-width",
    title: "Squared gap to infinite width",
    caption: `Every replica, and means with two standard errors, at time ${values.time}; dashed: fitted power law, slope ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}].`,
    x: { label: "width n of both layers", scale: "log" },
    y: { label: "1/2 E(f - f_M)^2 / (1 - m/M)", scale: "log" },
    series: [
      {
        name: "replicas",
        mark: "points",
        x: rungs.flatMap(({ width, corrected }) => corrected.map(() => width)),
        y: rungs.flatMap(({ corrected }) => corrected.map((gaps) => gaps[last])),
        group: "replicas",
      },
      {
        name: "mean",
        mark: "points",
        x: widths,
        y: points.map(({ gap }) => gap),
        low: points.map(({ gap, gapError }) => Math.max(gap - 2 * gapError, gap / 10)),
        high: points.map(({ gap, gapError }) => gap + 2 * gapError),
        group: "mean",
      },
      {
        name: "fit to the logarithms",
        mark: "dashed",
        x: widths,
        y: widths.map((width) => Math.exp(intercept + value * Math.log(width))),
        group: "replicas",
      },
    ],
  };
}

/** n times the gap against time: one curve a width. */
function collapseFigure(rungs: readonly Rung[], values: Values): Figure {
  return {
    id: "scaled-gap",
    title: "Width times squared gap",
    caption: `Means over ${values.replicas} replicas, bands of two standard errors: curves of different widths agree where the gap falls as 1/n.`,
    x: { label: "mean-field time", scale: "linear" },
    y: { label: "n/2 E(f - f_M)^2 / (1 - m/M)", scale: "log" },
    series: rungs.flatMap(({ width, times, corrected }): Series[] => {
      const scaled = times.map((_, at) => corrected.map((gaps) => width * gaps[at]));
      const means = scaled.map((gaps) => numerics.mean(gaps));
      const reach = scaled.map((gaps) => 2 * numerics.standardError(gaps));
      const name = `n = ${width}`;
      return [
        { name, mark: "line", x: times, y: means, group: name },
        {
          name,
          mark: "band",
          x: times,
          y: means,
          low: means.map((mean, at) => Math.max(mean - reach[at], mean / 10)),
          high: means.map((mean, at) => mean + reach[at]),
          group: name,
        },
      ];
    }),
  };
}
