import { networks, type ParameterValues, parameter, simulationParameters } from "meanfield";

/** Everything that a run of ball-indicator can be told. */
export const parameters = {
  ...simulationParameters(),
  dimension: parameter.integer({ default: 10, min: 2, max: 500, help: "d, the dimension of the inputs" }),
  scale: parameter.number({
    default: ({ dimension }) => Math.sqrt(dimension),
    defaultText: "sqrt(dimension)",
    min: 0,
    exclusiveMin: true,
    max: 1e4,
    help: "beta of the heavy-tailed half of the mixture law",
  }),
  radiusCutoff: parameter.number({
    default: 3,
    min: 0.5,
    max: 1e3,
    help: "the mixture law is conditioned on |x| <= radiusCutoff, for all networks",
  }),
  targetRadius: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1e3,
    help: "lambda of the target 1(|x| <= lambda)",
  }),
  networks: parameter.choice({
    choices: ["all", "bottleneck", "convex", "two-layer"],
    default: "all",
    help: "which networks to train; convex: the bottleneck network with its outer weights frozen at 1",
  }),
  firstLayerWidth: parameter.integer({
    default: 1000,
    min: 1,
    max: 1e6,
    unit: "neurons",
    help: "m1 of the bottleneck network",
  }),
  secondLayerWidth: parameter.integer({
    default: 16,
    min: 2,
    max: 1e4,
    unit: "neurons",
    help: "m2 of the bottleneck network, even: half of its outer weights start at 1, half at -1",
  }),
  twoLayerWidth: parameter.integer({
    default: ({ dimension, firstLayerWidth, secondLayerWidth }) =>
      2 * Math.ceil((firstLayerWidth * dimension + 3 * secondLayerWidth) / (dimension + 2) / 2),
    defaultText: "the smallest even width with at least as many parameters as the bottleneck network",
    min: 2,
    max: 1e6,
    unit: "neurons",
    help: "width of the two-layer network, even",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the first layer's directions, all networks",
  }),
  steps: parameter.integer({ default: 4000, min: 1, max: 1e8, help: "steps of all networks" }),
  stepSize: stepSize("the bottleneck network", 0.5),
  finalStepSize: finalStepSize("the bottleneck network", 0.3),
  twoLayerStepSize: stepSize("the two-layer network", 2),
  twoLayerFinalStepSize: finalStepSize("the two-layer network", 0.3),
  directions: parameter.integer({
    default: null,
    nullable: true,
    min: 1,
    max: 1e6,
    help: "fresh directions a step; none: whole groups, at least 128",
  }),
  evaluationDirections: parameter.integer({
    default: 400,
    min: 1,
    max: 1e6,
    help: "directions on which losses are measured, under a key of their own",
  }),
  separationFactor: parameter.number({
    default: 2,
    min: 1,
    max: 1e6,
    help: "factor by which the two-layer loss is claimed to exceed the bottleneck network's",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;

function stepSize(of: string, value: number) {
  return parameter.number({
    default: value,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    unit: "mean-field time",
    help: `eta of the first step of ${of}`,
  });
}

function finalStepSize(of: string, value: number) {
  return parameter.number({
    default: value,
    min: 0,
    max: 1,
    help: `last step size of ${of} as a fraction of the first (linear in between)`,
  });
}
