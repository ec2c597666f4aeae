import { dynamics, laws, limits, networks, problemOf } from "meanfield";
import type { Values } from "./parameters.ts";

export type NetworkName = "bottleneck" | "two-layer";

/** The networks that the run simulates. */
export function networksOf(values: { readonly networks: "both" | NetworkName }): readonly NetworkName[] {
  return values.networks === "both" ? ["bottleneck", "two-layer"] : [values.networks];
}

/** The simulation of one of the two networks. */
export function simulationOptions(values: Values, name: NetworkName) {
  const isBottleneck = name === "bottleneck";
  const problem = problemOf(values);
  const isRadial = laws.buildLaw(problem.law).radius !== null;
  const stepSize = isBottleneck ? values.stepSize : values.twoLayerStepSize;
  const finalStepSize = isBottleneck ? values.finalStepSize : values.twoLayerFinalStepSize;
  return {
    problem,
    network: isBottleneck
      ? bottleneckOf(values, values.firstLayerWidth)
      : networks.twoLayer({ width: values.twoLayerWidth, start: values.twoLayerStart }),
    dynamics: dynamics.gradientDescent({
      ...(values.tolerance === null
        ? { stepSize, steps: stepsOf(values) }
        : { tolerance: values.tolerance, time: values.time ?? Number.NaN }),
      schedule: finalStepSize === 1 ? { kind: "constant" } : { kind: "linear", to: finalStepSize },
      expectation: expectationOf(values),
      clip: values.clip,
    }),
    limit: isRadial ? (isBottleneck ? limits.bottleneck() : limits.twoLayer()) : null,
    evaluation: { directions: values.evaluationDirections, arrangement: values.directionArrangement },
    recordTimes: values.recordTimes ?? 40,
    precision: values.precision,
  };
}

/** The bottleneck network at a width of its own: the checks use smaller ones than the run. */
export function bottleneckOf(values: Values, firstLayerWidth: number) {
  return networks.bottleneck({
    firstLayerWidth,
    secondLayerWidth: values.secondLayerWidth,
    start: values.start,
    initialAlpha: values.initialAlpha,
    secondLayerStart: values.secondLayerStart,
    initialV: values.initialV,
    initialB: values.initialB,
    trainOuterWeights: values.trainOuterWeights,
  });
}

function expectationOf({ expectation, batch, directions, directionArrangement }: Values): dynamics.ExpectationSpec {
  if (expectation === "sgd") return dynamics.sgd({ batch });
  const options = { directions, arrangement: directionArrangement };
  return expectation === "population" ? dynamics.population(options) : dynamics.radialExact(options);
}

/** Both networks take this many steps. */
function stepsOf({ time, steps, stepSize }: Values): number {
  return time === null ? steps : Math.max(1, Math.round(time / stepSize));
}
