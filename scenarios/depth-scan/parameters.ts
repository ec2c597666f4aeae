import { networks, type ParameterValues, parameter, simulationParameters } from "meanfield";

/** Everything that a run of depth-scan can be told. */
export const parameters = {
  dimensions: parameter.numbers({
    default: [4, 8, 16, 32, 64],
    min: 2,
    max: 2000,
    ascending: true,
    minLength: 1,
    help: "dimensions d of the inputs",
  }),
  law: parameter.choice({
    choices: ["heavy-tailed", "gaussian"],
    default: "heavy-tailed",
    help: "distribution of the inputs: Eldan and Shamir's with scale sqrt(d), or N(0, I/d)",
  }),
  radiusCutoff: parameter.number({
    default: 3,
    nullable: true,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    help: "the law is conditioned on |x| <= radiusCutoff, for all networks; none for no cutoff",
  }),
  ...simulationParameters(),
  widths: parameter.numbers({
    default: [64, 128, 256, 512, 1024],
    min: 1,
    max: 1e6,
    ascending: true,
    minLength: 3,
    unit: "neurons",
    help: "first-layer widths of the 3-layer network; the 2-layer network gets the smallest even width with as many parameters",
  }),
  secondLayerWidth: parameter.integer({
    default: 16,
    min: 1,
    max: 1e5,
    unit: "neurons",
    help: "m2 of the 3-layer network",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "sphere",
    help: "arrangement of the first layer's directions, all networks",
  }),
  steps: parameter.integer({ default: 2000, min: 1, max: 1e9, help: "steps of every simulation, in the search too" }),
  directions: parameter.integer({
    default: 128,
    min: 1,
    max: 1e6,
    help: "fresh directions a step, the radius integrated exactly; their noise does not fall with the width",
  }),
  replicas: parameter.integer({
    default: 3,
    min: 2,
    max: 1000,
    help: "independent starts and samples at each width",
  }),
  searchWidth: parameter.integer({
    default: ({ widths }) => (widths as readonly number[])[1],
    defaultText: "the second of widths",
    min: 1,
    max: 1e6,
    unit: "neurons",
    help: "first-layer width at which the step size is searched",
  }),
  finalists: parameter.integer({
    default: 3,
    min: 1,
    max: 1000,
    help: "the best so many choices of the search's first round, of one start each, enter its second",
  }),
  finalistReplicas: parameter.integer({
    default: 3,
    min: 1,
    max: 1000,
    help: "further starts of each finalist; the smallest mean over all its starts wins. No start of the search is used again",
  }),
  stepSizes: parameter.numbers({
    default: [0.5, 1, 2, 4],
    min: 0,
    exclusiveMin: true,
    max: 1000,
    ascending: true,
    unit: "mean-field time",
    help: "step sizes that are tried with gradient descent, 3- and 2-layer network alike",
  }),
  adamStepSizes: parameter.numbers({
    default: [0.003, 0.01, 0.03, 0.1],
    min: 0,
    exclusiveMin: true,
    max: 1000,
    ascending: true,
    help: "step sizes that are tried with Adam",
  }),
  finalFractions: parameter.numbers({
    default: [0.1, 1],
    min: 0,
    max: 1,
    ascending: true,
    help: "with each step size: the fraction of it to which it falls linearly by the last step (1: constant)",
  }),
  evaluationDirections: parameter.integer({
    default: 400,
    min: 1,
    max: 1e6,
    help: "directions on which losses are measured; rounded up to whole groups, at least 8 of them",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
