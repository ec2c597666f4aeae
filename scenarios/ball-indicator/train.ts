import { dynamics, type JsonObject, laws, limits, networks, type RunContext, targets } from "meanfield";
import { learnedProfile } from "../networks-compared/learned-profile.ts";
import { largestSplitError } from "../networks-compared/split-error.ts";
import { bestHingeLoss } from "./best-hinge.ts";
import type { Values } from "./parameters.ts";

export const networkNames = ["bottleneck", "convex", "two-layer"] as const;
export type NetworkName = (typeof networkNames)[number];

export const labels: Readonly<Record<NetworkName, string>> = {
  bottleneck: "3-layer bottleneck",
  convex: "3-layer, convex",
  "two-layer": "2-layer",
};

export function networksOf(values: { readonly networks: "all" | NetworkName }): readonly NetworkName[] {
  return values.networks === "all" ? networkNames : [values.networks];
}

export function problemOf({ dimension, scale, radiusCutoff, targetRadius }: Values) {
  return {
    law: laws.mixture({ dimension, scale, radiusCutoff }),
    target: targets.ballIndicator({ radius: targetRadius }),
  };
}

export function simulationOptions(values: Values, name: NetworkName) {
  const isTwoLayer = name === "two-layer";
  const final = isTwoLayer ? values.twoLayerFinalStepSize : values.finalStepSize;
  return {
    problem: problemOf(values),
    network: networkOf(values, name),
    dynamics: dynamics.gradientDescent({
      stepSize: isTwoLayer ? values.twoLayerStepSize : values.stepSize,
      steps: values.steps,
      schedule: final === 1 ? { kind: "constant" as const } : { kind: "linear" as const, to: final },
      expectation: dynamics.radialExact({ directions: values.directions }),
    }),
    limit: isTwoLayer ? limits.twoLayer() : limits.bottleneck({ tolerance: null }),
    evaluation: { directions: values.evaluationDirections },
    recordTimes: 40,
    precision: values.precision,
  };
}

function networkOf(values: Values, name: NetworkName) {
  const { firstLayerWidth, secondLayerWidth, start } = values;
  if (name === "two-layer") return networks.twoLayer({ width: values.twoLayerWidth, start });
  return networks.bottleneck({ firstLayerWidth, secondLayerWidth, start, trainOuterWeights: name === "bottleneck" });
}

export async function trainNetwork(context: RunContext<Values>, name: NetworkName): Promise<JsonObject> {
  const { parameters: values } = context;
  const options = simulationOptions(values, name);
  const { records, simulation } = await context.simulate(
    name === "bottleneck"
      ? { ...options, start: signedStart(options.network, values.dimension, context.seed) }
      : options,
  );
  const { budget, loss, lossError, observables, time } = records[records.length - 1];
  for (const array of simulation.particles().layout.arrays) {
    context.saveArray(array.name, simulation.particles().arrays[array.name], array.shape);
  }
  const { radius } = laws.buildLaw(options.problem.law);
  return {
    loss,
    lossError,
    meanField: budget.meanField?.value ?? null,
    cross: budget.cross?.value ?? null,
    discretization: budget.discretization?.value ?? null,
    limitLoss: observables.limitLoss ?? null,
    trajectoryGap: budget.trajectoryGap?.value ?? null,
    nullLoss: targets.nullLoss(laws.buildLaw(options.problem.law), targets.buildTarget(options.problem.target)),
    parameters: simulation.network.size,
    time,
    bestHinge: radius === null ? null : bestHingeLoss(radius, values.targetRadius, values.radiusCutoff),
    splitError: largestSplitError(records),
    profile: learnedProfile(simulation, {
      key: name,
      name: labels[name],
      dimension: values.dimension,
      outermost: Math.max(1.6 * values.targetRadius, radius?.quantile(0.98) ?? 0),
    }) as unknown as JsonObject,
  };
}

/** The bottleneck network's own start but for a_j = 1, -1, 1, -1, ...: outer weights hardly change sign in training, and a_j = 1 throughout would keep f convex in F. */
function signedStart(plan: networks.NetworkPlan, dimension: number, seed: RunContext<Values>["seed"]) {
  const { arrays } = networks.buildNetwork(plan, dimension).start(seed, 0);
  return { ...arrays, a: arrays.a.map((_, atom) => (atom % 2 === 0 ? 1 : -1)) };
}
