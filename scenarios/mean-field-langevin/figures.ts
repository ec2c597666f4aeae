import type { Figure, JsonObject } from "meanfield";
import type { Values } from "./parameters.ts";
import type { PathPoint } from "./paths.ts";

/** The first record is at time 0, which a logarithmic axis does not have. */
const later = (path: readonly PathPoint[]) => path.slice(1);

export function figuresOf(summary: JsonObject, values: Values): readonly Figure[] {
  const { trained, frozen, outer } = summary as unknown as {
    readonly trained: readonly PathPoint[];
    readonly frozen: readonly PathPoint[];
    readonly outer: readonly {
      temperature: number;
      variance: number;
      varianceError: number;
      expectedVariance: number;
    }[];
  };
  const time = { label: "mean-field time", scale: "log" } as const;
  const replicas = `Means over ${values.replicas} replicas with two standard errors; temperature ${values.temperature}, decay ${values.weightDecay}, width ${values.width}.`;
  const points = (
    name: string,
    path: readonly PathPoint[],
    value: "freeEnergy" | "entropy" | "balance",
  ): Figure["series"][number] => ({
    name,
    mark: "points",
    x: path.map((point) => point.time),
    y: path.map((point) => point[value]),
    low: path.map((point) => point[value] - 2 * point[`${value}Error`]),
    high: path.map((point) => point[value] + 2 * point[`${value}Error`]),
    group: name,
  });
  return [
    {
      id: "free-energy",
      title: "The free energy falls",
      caption: `${replicas} The entropy is estimated from nearest neighbours.`,
      x: time,
      y: { label: "free energy", scale: "linear" },
      series: [
        points("all layers", later(trained), "freeEnergy"),
        points("outer weights alone", later(frozen), "freeEnergy"),
      ],
    },
    {
      id: "entropy",
      title: "Estimated and exact entropy",
      caption: `${replicas} Dashed: closed form for the outer weights alone, in the limit of infinite width.`,
      x: time,
      y: { label: "entropy, nats", scale: "linear" },
      series: [
        points("outer weights alone", later(frozen), "entropy"),
        {
          name: "outer weights alone, exact",
          mark: "dashed",
          x: later(frozen).map((point) => point.time),
          y: later(frozen).map((point) => point.exactEntropy),
          group: "outer weights alone",
        },
        points("all layers", later(trained), "entropy"),
      ],
    },
    {
      id: "balance",
      title: "What the gradient flow conserves relaxes under noise and decay",
      caption: `${replicas} Dashed: the exact value at any width, from each replica's start.`,
      x: time,
      y: { label: "E(a^2 - |w|^2 - b^2)", scale: "linear" },
      series: [
        points("all layers", later(trained), "balance"),
        {
          name: "exact",
          mark: "dashed",
          x: later(trained).map((point) => point.time),
          y: later(trained).map((point) => point.expectedBalance),
          group: "all layers",
        },
      ],
    },
    {
      id: "temperature",
      title: "Variance of the outer weights",
      caption: `Means over ${values.replicas} replicas of ${values.outerWidth} weights with two standard errors; dashed: the exact stationary law.`,
      x: { label: "temperature", scale: "log" },
      y: { label: "variance of a about its mean", scale: "log" },
      series: [
        {
          name: "measured",
          mark: "points",
          x: outer.map(({ temperature }) => temperature),
          y: outer.map(({ variance }) => variance),
          low: outer.map(({ variance, varianceError }) => Math.max(variance - 2 * varianceError, variance / 10)),
          high: outer.map(({ variance, varianceError }) => variance + 2 * varianceError),
          group: "outer weights",
        },
        {
          name: "exact",
          mark: "dashed",
          x: outer.map(({ temperature }) => temperature),
          y: outer.map(({ expectedVariance }) => expectedVariance),
          group: "outer weights",
        },
      ],
    },
  ];
}
