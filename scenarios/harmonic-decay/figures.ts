import type { Figure, JsonObject, MemberResults, Series } from "meanfield";
import { type LadderFit, lastOf } from "./claims.ts";
import type { Decay, DrawnDecay } from "./measure.ts";
import type { Values } from "./parameters.ts";
import { partsOf } from "./parts.ts";

export function figuresOf(results: MemberResults, summary: JsonObject, values: Values): readonly Figure[] {
  const decays = (kind: string) =>
    partsOf(values)
      .filter((part) => part.kind === kind)
      .map((part) => results[part.name].result as unknown as DrawnDecay);
  const training = values.degrees.map((degree) => ({
    id: `training-degree${degree}`,
    title: `Degree ${degree} along the training trajectory`,
    caption: `Amplitude of the degree-${degree} part of F/alpha over its start: means over ${values.replicas} starts with simultaneous 95 % intervals; dashed: first-order theory, no fitted number.`,
    x: { label: "mean-field time", scale: "linear" as const },
    y: { label: "amplitude / start", scale: "linear" as const },
    series: decays("training")
      .filter((decay) => decay.degree === degree)
      .flatMap((decay) => curves(decay, `d = ${decay.dimension}`)),
  }));
  return [
    ...training,
    {
      id: "optimum",
      title: "At the optimum every harmonic decays at its own rate",
      caption: `Amplitudes over their start against time in units of 1/(predicted rate), all dimensions and degrees; means over ${values.replicas} starts with simultaneous 95 % intervals. Dashed: exp(-time).`,
      x: { label: "time x predicted rate", scale: "linear" },
      y: { label: "amplitude / start", scale: "linear" },
      series: [
        ...decays("optimum").map((decay) => {
          const scale = -Math.log(lastOf(decay).predicted) / lastOf(decay).time;
          return measured(decay, `d = ${decay.dimension}, degree ${decay.degree}`, ({ time }) => scale * time);
        }),
        {
          name: "predicted",
          mark: "dashed" as const,
          x: [0, 0.25, 0.5, 0.75, 1].map((fraction) => fraction * values.optimumDecay),
          y: [0, 0.25, 0.5, 0.75, 1].map((fraction) => Math.exp(-fraction * values.optimumDecay)),
        },
      ],
    },
    {
      id: "growth",
      title: "Where A < 0 the asymmetry grows",
      caption: `Degree 1 in d = ${values.ladderDimension}, from a kink at radius 0.3; means over ${values.replicas} starts with simultaneous 95 % intervals; dashed: first-order theory.`,
      x: { label: "mean-field time", scale: "linear" },
      y: { label: "amplitude / start", scale: "linear" },
      series: decays("growth").flatMap((decay) => curves(decay, `degree ${decay.degree}`)),
    },
    ladderFigure(decays("ladder"), summary.ladderFit as unknown as LadderFit | null, values),
  ];
}

function curves(decay: DrawnDecay, name: string): Series[] {
  return [
    measured(decay, name, ({ time }) => time),
    {
      name: `${name}, predicted`,
      mark: "dashed",
      x: decay.curve.times,
      y: decay.curve.predicted,
      group: name,
    },
  ];
}

function measured(decay: Decay, name: string, place: (point: Decay["points"][number]) => number): Series {
  return {
    name,
    mark: "points",
    x: decay.points.map(place),
    y: decay.points.map(({ ratio }) => ratio),
    low: decay.points.map(({ low }) => low),
    high: decay.points.map(({ high }) => high),
    group: name,
  };
}

function ladderFigure(decays: readonly Decay[], fit: LadderFit | null, values: Values): Figure {
  const widths = decays.map(({ width }) => width);
  return {
    id: "narrow",
    title: "Where first-order theory ends",
    caption: `Measured over predicted decay of degree 1 at time ${values.ladderTime} in d = ${values.ladderDimension}, against width; means over ${values.ladderReplicas} starts with 95 % intervals${fit === null ? "" : `; dashed: 1 plus the fitted power law, slope ${fit.slope.toFixed(2)}`}.`,
    x: { label: "first-layer width", scale: "log" },
    y: { label: "measured decay / predicted", scale: "linear" },
    series: [
      {
        name: "measured",
        mark: "points",
        x: widths,
        y: decays.map((decay) => lastOf(decay).agreement),
        low: decays.map((decay) => lastOf(decay).agreementLow),
        high: decays.map((decay) => lastOf(decay).agreementHigh),
        group: "measured",
      },
      ...(fit === null
        ? []
        : [
            {
              name: "fit",
              mark: "dashed" as const,
              x: fine(widths),
              y: fine(widths).map(
                (width) =>
                  1 +
                  Math.sign(lastOf(decays[0]).agreement - 1) * Math.exp(fit.intercept + fit.slope * Math.log(width)),
              ),
              group: "measured",
            },
          ]),
      { name: "first-order theory", mark: "dotted", x: [widths[0], widths[widths.length - 1]], y: [1, 1] },
    ],
  };
}

/** Points close enough together that a curve drawn through them looks smooth on a logarithmic axis. */
function fine(values: readonly number[]): readonly number[] {
  const [first, last] = [values[0], values[values.length - 1]];
  return Array.from({ length: 41 }, (_, index) => first * (last / first) ** (index / 40));
}
