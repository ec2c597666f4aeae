import { dynamics, limits, networks, problemOf } from "meanfield";
import type { Values } from "./parameters.ts";

/** A network of width m beside its exact limit, on `batch` fresh samples a step. */
export function simulationOf(values: Values, width: number, batch: number) {
  return {
    ...common(values, width),
    dynamics: dynamics.gradientDescent({ ...stepsOf(values), expectation: dynamics.sgd({ batch }) }),
    recordTimes: [values.time / 20, values.time / 4, values.time / 2, values.time],
    probes: 80,
  };
}

/** The same on one fixed, balanced set of directions: what is left to chance is the start. */
export function quietSimulationOf(values: Values, width: number, start: number) {
  return {
    ...common(values, width),
    dynamics: dynamics.gradientDescent({ ...stepsOf(values), expectation: dynamics.population() }),
    recordTimes: 2,
    probes: 1,
    replica: { start, samples: 0 },
  };
}

function stepsOf({ time, stepSize }: Values) {
  return { stepSize, steps: Math.max(1, Math.round(time / stepSize)) };
}

function common(values: Values, width: number) {
  const { start, secondLayerWidth } = values;
  const isBottleneck = values.network === "bottleneck";
  return {
    problem: problemOf(values),
    // Equal atoms: a second layer drawn anew in each run would have a limit of its own in each.
    network: isBottleneck
      ? networks.bottleneck({ firstLayerWidth: width, secondLayerWidth, start, secondLayerStart: "equal" })
      : networks.twoLayer({ width, start }),
    limit: isBottleneck ? limits.bottleneck({ tolerance: null }) : limits.twoLayer(),
    evaluation: { directions: 1 },
    precision: values.precision,
  };
}
