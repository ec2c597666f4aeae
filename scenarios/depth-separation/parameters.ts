import {
  MeanfieldError,
  networks,
  numerics,
  type ParameterValues,
  parameter,
  problemParameters,
  simulationParameters,
} from "meanfield";

/** Everything that a run of depth-separation can be told. */
export const parameters = {
  ...problemParameters({ dimension: 10, radiusCutoff: 3 }),
  ...simulationParameters(),
  networks: parameter.choice({
    choices: ["both", "bottleneck", "two-layer"],
    default: "both",
    help: "which networks to simulate",
  }),
  firstLayerWidth: parameter.integer({
    default: 2048,
    min: 1,
    max: 1e6,
    unit: "neurons",
    help: "m1 of the bottleneck network",
  }),
  secondLayerWidth: parameter.integer({
    default: 16,
    min: 1,
    max: 1e5,
    unit: "neurons",
    help: "m2 of the bottleneck network",
  }),
  twoLayerWidth: parameter.integer({
    default: ({ dimension, firstLayerWidth, secondLayerWidth }) =>
      2 * Math.ceil((firstLayerWidth * dimension + 2 * secondLayerWidth) / (dimension + 2) / 2),
    defaultText: "the smallest even width with at least as many parameters as the bottleneck network",
    min: 2,
    max: 1e6,
    unit: "neurons",
    help: "width of the two-layer network, even",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the bottleneck network's first-layer directions",
  }),
  secondLayerStart: parameter.choice({
    choices: ["uniform", "equal"],
    default: "uniform",
    help: "v ~ U[-.6,-.02], b ~ U[.1,.9], or all atoms at initialV, initialB",
  }),
  twoLayerStart: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the two-layer network's directions",
  }),
  initialAlpha: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    help: "alpha = C_d E|w|^2 at the start",
  }),
  initialV: parameter.number({
    default: -0.1,
    min: -1e6,
    max: 1e6,
    help: "v of every atom with secondLayerStart=equal",
  }),
  initialB: parameter.number({
    default: 0.1,
    min: -1e6,
    max: 1e6,
    help: "b of every atom with secondLayerStart=equal",
  }),
  trainOuterWeights: parameter.boolean({
    default: false,
    help: "whether the bottleneck network's output weights a move",
  }),
  stepSize: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    unit: "mean-field time",
    help: "eta of the bottleneck network",
  }),
  twoLayerStepSize: parameter.number({
    default: 2,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    unit: "mean-field time",
    help: "eta of the two-layer network's first step",
  }),
  finalStepSize: parameter.number({
    default: 1,
    min: 0,
    max: 1,
    help: "last step size of the bottleneck network as a fraction of the first (linear in between)",
  }),
  twoLayerFinalStepSize: parameter.number({
    default: 0.3,
    min: 0,
    max: 1,
    help: "last step size of the two-layer network as a fraction of the first (linear in between)",
  }),
  steps: parameter.integer({ default: 6000, min: 1, max: 1e9, help: "steps of both networks" }),
  time: parameter.number({
    default: null,
    nullable: true,
    min: 0,
    exclusiveMin: true,
    max: 1e9,
    unit: "mean-field time",
    help: "if given, steps = time/stepSize",
  }),
  tolerance: parameter.number({
    default: null,
    nullable: true,
    min: 1e-6,
    max: 0.5,
    help: "if given, with time and one network: its step size is chosen so that the limit's time-step error stays below this part of the limit's own distance to the target (root mean squares); step sizes and steps given here are not used",
  }),
  expectation: parameter.choice({
    choices: ["radial-exact", "population", "sgd"],
    default: "radial-exact",
    help: "how E_x is taken: fresh directions with the radius exact, one fixed set of them, or fresh samples",
  }),
  directions: parameter.integer({
    default: null,
    nullable: true,
    min: 1,
    max: 1e6,
    help: "directions a step in the radial modes; none: whole groups, at least 128",
  }),
  directionArrangement: parameter.choice({
    choices: ["antithetic-frames", "frames", "antithetic-pairs", "independent"],
    default: ({ dimension }) => numerics.defaultArrangement(dimension),
    defaultText: "antithetic-frames up to dimension 128, antithetic-pairs beyond",
    help: "arrangement of the training and evaluation directions",
  }),
  batch: parameter.integer({ default: 1024, min: 1, max: 1e6, help: "samples a step with expectation=sgd" }),
  clip: parameter.number({
    default: null,
    nullable: true,
    min: 0,
    exclusiveMin: true,
    max: 1e9,
    help: "largest mean-field norm of one sample's gradient, with expectation=sgd",
  }),
  evaluationDirections: parameter.integer({
    default: 400,
    min: 1,
    max: 1e6,
    help: "directions on which losses are measured, under a key of their own; rounded up to whole groups, at least 8 of them",
  }),
  recordTimes: parameter.numbers({
    default: null,
    nullable: true,
    min: 0,
    max: 1e9,
    ascending: true,
    unit: "mean-field time",
    help: "when to measure; none: 40 times, evenly in log(1 + step)",
  }),
  starts: parameter.integer({
    default: 200,
    min: 8,
    max: 1e5,
    help: "independent starts over which the relative variance is averaged",
  }),
  separationFactor: parameter.number({
    default: 20,
    min: 1,
    max: 1e9,
    help: "factor by which the two-layer loss is claimed to exceed the bottleneck network's",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;

/** Throws `invalid-value` for a tolerance without what it needs: an end in time, and one network, since two are compared after equal numbers of steps. */
export function checkTolerance({ tolerance, time, networks: chosen }: Values): void {
  if (tolerance === null) return;
  for (const [path, isGiven, expected, got, suggestion] of [
    ["time", time !== null, "a mean-field time, at which a run by tolerance ends", "none", "give time"],
    [
      "networks",
      chosen !== "both",
      "bottleneck or two-layer, since tolerance gives each its own number of steps",
      chosen,
      "run them one by one",
    ],
  ] as const) {
    if (isGiven) continue;
    const message = `${path}: expected ${expected}, got ${got}; ${suggestion}`;
    throw new MeanfieldError("invalid-value", message, { path, expected, got, suggestion });
  }
}
