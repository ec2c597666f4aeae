import type { Figure, JsonObject } from "meanfield";
import type { Exponent, LimitTimes } from "./claims.ts";
import type { NetworkTime } from "./network-time.ts";
import { type Start, startLabels, starts, type Values } from "./parameters.ts";

export function figuresOf(summary: JsonObject, values: Values): readonly Figure[] {
  return starts.map((start) => figureOf(summary, values, start));
}

function figureOf(summary: JsonObject, values: Values, start: Start): Figure {
  const { dimensions, times } = (summary.limit as JsonObject)[start] as unknown as LimitTimes;
  const exponents = (summary.exponents as JsonObject)[start] as unknown as readonly Exponent[];
  const networks = ((summary.networks as JsonObject)[start] as unknown as readonly NetworkTime[]).filter(
    ({ time }) => time !== null,
  );
  const fitted = dimensions.filter((dimension) => dimension >= values.fitFrom);
  return {
    id: `time-${start}`,
    title: `Time to accuracy from ${startLabels[start]}`,
    caption: `Mean-field time at which the limit's loss falls to eps, against the dimension; dashed: power laws fitted from d = ${values.fitFrom} on (exponents ${exponents.map(({ exponent }) => exponent.toFixed(2)).join(", ")} from the finest eps up). Marks with bars: networks of finite width, ${epsilon(values.networkAccuracy)}, 95 % intervals.`,
    x: { label: "dimension d", scale: "log" },
    y: { label: "mean-field time", scale: "log" },
    series: [
      ...values.accuracies.map((accuracy, column) => ({
        name: epsilon(accuracy),
        mark: "line" as const,
        x: dimensions,
        y: times.map((row) => row[column]),
        group: epsilon(accuracy),
      })),
      ...exponents.map(({ accuracy, exponent, intercept }) => ({
        name: `${epsilon(accuracy)}, fit`,
        mark: "dashed" as const,
        x: fitted,
        y: fitted.map((dimension) => Math.exp(intercept + exponent * Math.log(dimension))),
        group: epsilon(accuracy),
      })),
      {
        name: "networks",
        mark: "points" as const,
        x: networks.map(({ dimension }) => dimension),
        y: networks.map(({ time }) => time),
        low: networks.map(({ low }) => low),
        high: networks.map(({ high }) => high),
      },
    ],
  };
}

function epsilon(accuracy: number): string {
  return `eps = ${accuracy.toExponential()}`;
}
