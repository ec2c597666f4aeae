import type { Figure, MemberResults, Series } from "meanfield";
import type { Values } from "./parameters.ts";
import type { ScaleCurve } from "./run-scales.ts";
import { labels, settings } from "./settings.ts";
import { curvesOf, type Interval, meanOver } from "./slopes.ts";

type Curve = "movement" | "kernelChange" | "distance" | "testLoss";

/** Movement, kernel change, distance to kernel descent and test loss against the output scale. */
export function figuresOf(results: MemberResults, values: Values): Figure[] {
  const { replicas, scales } = values;
  const mean = `Means over ${replicas} starts with 95 % intervals`;
  const curves = (quantity: Curve): Series[] =>
    settings.map((setting) => {
      const all = curvesOf(results, setting, values);
      return series(
        labels[setting],
        scales,
        scales.map((_, index) => meanOver(all.map((curve) => curve[quantity][index]))),
      );
    });
  const figure = (id: string, title: string, caption: string, label: string, shown: Series[]): Figure => ({
    id,
    title,
    caption,
    x: { label: "output scale gamma", scale: "log" },
    y: { label, scale: "log" },
    series: shown,
  });
  return [
    figure(
      "distance",
      "Distance to kernel descent",
      `${mean}; root mean square over test points, relative to kernel descent's own. Dotted: 1/gamma and 1/gamma^2 through the last points of ridges and pairs.`,
      "relative distance",
      [...curves("distance"), ...guides(results, values)],
    ),
    figure(
      "kernel-change",
      "Change of the tangent kernel",
      `${mean}, at the end of the runs.`,
      "|K_t - K_0| / |K_0|",
      curves("kernelChange"),
    ),
    figure(
      "movement",
      "Movement of the particles",
      `${mean}, at the end of the runs.`,
      "|theta_t - theta_0| / |theta_0|",
      curves("movement"),
    ),
    figure(
      "test-loss",
      "Test loss in both regimes",
      `${mean}. Dashed: kernel descent, which knows no gamma.`,
      "test loss",
      [
        ...curves("testLoss"),
        ...settings.map((setting): Series => {
          const level = meanOver(curvesOf(results, setting, values).map(({ kernelTestLoss }) => kernelTestLoss)).value;
          const name = `${labels[setting]}: kernel`;
          return { name, mark: "dashed", x: scales, y: scales.map(() => level), group: labels[setting] };
        }),
      ],
    ),
  ];
}

function series(name: string, x: readonly number[], points: readonly Interval[]): Series {
  return {
    name,
    mark: "points",
    x,
    y: points.map(({ value }) => value),
    // Logarithmic axes cannot show an interval that reaches 0.
    low: points.map(({ value, low }) => Math.max(low, value / 10)),
    high: points.map(({ high }) => high),
    group: name,
  };
}

/** Lines of slope -1 and -2 through the largest scale's mean distance. */
function guides(results: MemberResults, values: Values): Series[] {
  const { scales, fitFrom } = values;
  const shown = scales.filter((scale) => scale >= fitFrom / 4);
  const last = scales.length - 1;
  return (
    [
      ["ridges", 1],
      ["pairs", 2],
    ] as const
  ).map(([setting, order]): Series => {
    const all: readonly ScaleCurve[] = curvesOf(results, setting, values);
    const end = meanOver(all.map(({ distance }) => distance[last])).value;
    return {
      name: order === 1 ? "1/gamma" : "1/gamma^2",
      mark: "dotted",
      x: shown,
      y: shown.map((scale) => end * (scales[last] / scale) ** order),
    };
  });
}
