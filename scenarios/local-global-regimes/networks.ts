import { dynamics, networks, type Problem, type SimulateOptions } from "meanfield";
import type { Values } from "./parameters.ts";

export const families = ["two-layer", "dense"] as const;
export type Family = (typeof families)[number];

/** The family's network; both start as f = 0. */
export function planOf(family: Family, { twoLayerWidth, denseWidth }: Values): SimulateOptions["network"] {
  if (family === "two-layer") return networks.twoLayer({ width: twoLayerWidth });
  return networks.dense({ firstLayerWidth: denseWidth, secondLayerWidth: denseWidth, outputStart: "zero" });
}

/** Full-batch descent of a network on N examples. Precision is the parameter's in the rich regime only. */
export function optionsOf(family: Family, problem: Problem, count: number, outputScale: number, values: Values) {
  const { stepSize } = values;
  return {
    problem,
    network: planOf(family, values),
    dynamics: dynamics.gradientDescent({
      stepSize,
      steps: stepsOf(values),
      expectation: dynamics.fixedSamples({ samples: count }),
    }),
    outputScale,
    evaluation: { samples: 2 },
    recordTimes: recordTimes(values),
    precision: outputScale === 1 ? values.precision : ("float64" as const),
  };
}

/** Steps of all runs. */
export function stepsOf({ stepSize, time }: Values): number {
  return Math.max(1, Math.round(time / stepSize));
}

/** Times of the records of all runs: 0 and about fifteen up to the end, evenly in the logarithm, each a whole number of steps. */
export function recordTimes(values: Values): readonly number[] {
  const steps = stepsOf(values);
  const at = Array.from({ length: 15 }, (_, index) => Math.round(steps ** (index / 14)));
  return [0, ...new Set(at)].map((step) => step * values.stepSize);
}
