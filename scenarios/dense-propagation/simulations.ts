import { activations, dynamics, limits, networks, problemOf } from "meanfield";
import type { Values } from "./parameters.ts";

/** Steps up to the time of the last record. */
export function stepsOf({ time, stepSize }: Values): number {
  return Math.max(1, Math.round(time / stepSize));
}

/** A dense network of width n, both layers, beside a reference `factor` times as wide. */
export function simulationOf(values: Values, width: number, factor: number, replica: number) {
  const { stepSize, batch, time, activation } = values;
  return {
    problem: problemOf(values),
    network: denseOf(width, activation),
    dynamics: dynamics.gradientDescent({ stepSize, steps: stepsOf(values), expectation: dynamics.sgd({ batch }) }),
    limit: limits.wideCoupling({ factor }),
    evaluation: { directions: values.evaluationDirections },
    recordTimes: [time / 8, time / 4, time / 2, time],
    precision: values.precision,
    replica,
  };
}

/** The same network without a reference and without records on the way, at a step `share` times as large: for the balance that its flow conserves. */
export function driftOf(values: Values, width: number, share: number, replica: number) {
  const { batch, activation } = values;
  const stepSize = values.stepSize * share;
  const steps = Math.max(1, Math.round(values.time / 4 / stepSize));
  return {
    problem: problemOf(values),
    network: denseOf(width, activation),
    dynamics: dynamics.gradientDescent({ stepSize, steps, expectation: dynamics.sgd({ batch }) }),
    evaluation: { directions: 1 },
    recordTimes: 2,
    precision: values.precision,
    replica,
  };
}

function denseOf(width: number, activation: Values["activation"]) {
  return networks.dense({
    firstLayerWidth: width,
    secondLayerWidth: width,
    ...(activation === "tanh" ? { activation: activations.tanh() } : {}),
  });
}
