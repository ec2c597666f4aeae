import { type ParameterValues, parameter, simulationParameters } from "meanfield";

/** Everything that a run of harmonic-decay can be told. */
export const parameters = {
  ...simulationParameters(),
  dimensions: parameter.numbers({
    default: [5, 10, 30],
    min: 3,
    max: 100,
    ascending: true,
    help: "dimensions of the inputs, whole numbers",
  }),
  degrees: parameter.numbers({
    default: [1, 2, 4],
    min: 1,
    max: 20,
    ascending: true,
    help: "degrees of the harmonics: 1 or even (F has no others)",
  }),
  replicas: parameter.integer({ default: 8, min: 3, max: 10_000, help: "independent starts of every part" }),
  width: parameter.integer({
    default: 1000,
    min: 2,
    max: 1e5,
    unit: "neurons",
    help: "first-layer width along the training trajectory; rounded up to whole antithetic frames",
  }),
  times: parameter.numbers({
    default: [5, 20, 60],
    min: 0,
    exclusiveMin: true,
    max: 1e5,
    ascending: true,
    unit: "mean-field time",
    help: "when amplitudes are compared along the training trajectory; the last of them gives the verdicts",
  }),
  stepSize: parameter.number({
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    max: 10,
    unit: "mean-field time",
    help: "eta along the training trajectory, in the growing part and on the ladder",
  }),
  directions: parameter.integer({
    default: 40,
    min: 1,
    max: 1e6,
    help: "fresh directions a step; rounded up to whole antithetic frames",
  }),
  optimumWidth: parameter.integer({
    default: 2000,
    min: 2,
    max: 1e5,
    unit: "neurons",
    help: "first-layer width at the optimum and in the growing part; rounded up to whole antithetic frames",
  }),
  optimumDecay: parameter.number({
    default: 0.2,
    min: 0,
    exclusiveMin: true,
    max: 5,
    help: "how far an amplitude is to fall at the optimum: -log of the predicted ratio",
  }),
  optimumRadiusCutoff: parameter.number({
    default: 3,
    min: 1,
    max: 1e3,
    help: "cutoff of the law at the optimum and in the growing part, which the compiled engines need; the training trajectory has none",
  }),
  ladderDimension: parameter.integer({
    default: 10,
    min: 3,
    max: 100,
    help: "dimension of the ladder of widths and of the growing part",
  }),
  ladderWidths: parameter.numbers({
    default: [10, 20, 40, 80, 160, 320],
    min: 2,
    max: 1e5,
    ascending: true,
    minLength: 3,
    unit: "neurons",
    help: "widths at which first-order theory is left behind, degree 1",
  }),
  ladderReplicas: parameter.integer({
    default: 64,
    min: 3,
    max: 1e5,
    help: "independent starts at every width of the ladder",
  }),
  ladderTime: parameter.number({
    default: 20,
    min: 0,
    exclusiveMin: true,
    max: 1e4,
    unit: "mean-field time",
    help: "when the ladder is measured",
  }),
  tolerance: parameter.number({
    default: 0.05,
    min: 0,
    exclusiveMin: true,
    max: 1,
    help: "relative agreement of measured and predicted decay (-log of the ratio) that is claimed, for the whole interval",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
