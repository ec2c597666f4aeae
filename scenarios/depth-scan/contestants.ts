import { dynamics, laws, limits, networks, targets } from "meanfield";
import type { Values } from "./parameters.ts";

/** A network with the dynamics that trains it: what is tuned and compared. */
export const contestants = ["bottleneck", "two-layer", "two-layer-adam"] as const;
export type Contestant = (typeof contestants)[number];

export const labels: Readonly<Record<Contestant, string>> = {
  bottleneck: "3-layer",
  "two-layer": "2-layer, gradient descent",
  "two-layer-adam": "2-layer, Adam",
};

/** One choice of the search. */
export interface Tuning {
  readonly stepSize: number;
  readonly finalFraction: number;
}

/** The choices that the search tries: as many for each contestant. */
export function tuningsOf(values: Values, contestant: Contestant): readonly Tuning[] {
  const stepSizes = contestant === "two-layer-adam" ? values.adamStepSizes : values.stepSizes;
  return values.finalFractions.flatMap((finalFraction) => stepSizes.map((stepSize) => ({ stepSize, finalFraction })));
}

/** The problem in d dimensions: ReLU(1 - |x|) under the law, with its cutoff. */
export function problemIn(dimension: number, { law, radiusCutoff }: Values) {
  return {
    law:
      law === "gaussian" ? laws.gaussian({ dimension, radiusCutoff }) : laws.heavyTailed({ dimension, radiusCutoff }),
    target: targets.hinge(),
  };
}

/** Width of the contestant's first layer where the 3-layer network has `firstLayerWidth` neurons in its own: as few parameters as reach its number. */
export function widthOf(contestant: Contestant, dimension: number, firstLayerWidth: number, values: Values): number {
  if (contestant === "bottleneck") return firstLayerWidth;
  return 2 * Math.ceil((firstLayerWidth * dimension + 2 * values.secondLayerWidth) / (dimension + 2) / 2);
}

/** One simulation of a contestant; `limit` asks for its infinite-width reference, which Adam does not have. */
export function simulationOf(
  contestant: Contestant,
  dimension: number,
  firstLayerWidth: number,
  tuning: Tuning,
  values: Values,
  { replica, hasLimit }: { readonly replica: number; readonly hasLimit: boolean },
) {
  const { secondLayerWidth, start, steps, directions } = values;
  const { stepSize, finalFraction } = tuning;
  const options = {
    stepSize,
    steps,
    schedule: finalFraction === 1 ? ({ kind: "constant" } as const) : ({ kind: "linear", to: finalFraction } as const),
    expectation: dynamics.radialExact({ directions }),
  };
  const isBottleneck = contestant === "bottleneck";
  const limit = isBottleneck ? limits.bottleneck({ tolerance: null }) : limits.twoLayer();
  return {
    problem: problemIn(dimension, values),
    network: isBottleneck
      ? networks.bottleneck({ firstLayerWidth, secondLayerWidth, start })
      : networks.twoLayer({ width: widthOf(contestant, dimension, firstLayerWidth, values), start }),
    dynamics: contestant === "two-layer-adam" ? dynamics.adam(options) : dynamics.gradientDescent(options),
    limit: hasLimit && contestant !== "two-layer-adam" ? limit : null,
    evaluation: { directions: values.evaluationDirections },
    recordTimes: 2,
    replica,
    precision: values.precision,
  };
}
