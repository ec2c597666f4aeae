import { type ParameterValues, parameter, problemParameters, simulationParameters } from "meanfield";

export const parameters = {
  ...problemParameters({ dimension: 5, radiusCutoff: 3 }),
  ...simulationParameters(),
  widths: parameter.numbers({
    default: [16, 32, 64, 128, 256],
    min: 2,
    max: 1e4,
    ascending: true,
    minLength: 3,
    unit: "neurons",
    help: "n of the ladder: both layers are n wide",
  }),
  factor: parameter.integer({
    default: 4,
    min: 2,
    max: 64,
    help: "the reference's layers are this many times as wide",
  }),
  replicas: parameter.integer({ default: 24, min: 3, max: 1000, help: "independent starts and samples at each width" }),
  activation: parameter.choice({
    choices: ["relu", "tanh"],
    default: "relu",
    help: "of both layers; the theorem asks for a smooth one (as we understand it), such as tanh",
  }),
  stepSize: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 100,
    unit: "mean-field time",
    help: "eta",
  }),
  time: parameter.number({
    default: 40,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    unit: "mean-field time",
    help: "when the slope is measured",
  }),
  batch: parameter.integer({ default: 256, min: 1, max: 1e7, unit: "samples", help: "fresh samples a step" }),
  evaluationDirections: parameter.integer({
    default: 80,
    min: 1,
    max: 1e6,
    help: "directions on which the gap is measured",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
