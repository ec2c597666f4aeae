import { type ParameterValues, parameter, problemParameters, simulationParameters } from "meanfield";

export const parameters = {
  ...problemParameters({
    dimension: 10,
    radiusCutoff: null,
    law: "gaussian",
    target: "single-index",
    link: "relu",
  }),
  ...simulationParameters(),
  width: parameter.integer({
    default: 240,
    min: 6,
    max: 1e5,
    unit: "neurons",
    help: "m of the two-layer network, a multiple of 6; the dense network has m/6 and m/12 neurons",
  }),
  samples: parameter.integer({ default: 64, min: 2, max: 2000, help: "n, the fixed training set" }),
  testSamples: parameter.integer({
    default: 400,
    min: 2,
    max: 1e5,
    help: "points at which runs are set against the kernel",
  }),
  scales: parameter.numbers({
    default: [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    min: 1e-3,
    max: 1e6,
    ascending: true,
    minLength: 4,
    help: "gamma, the output scales",
  }),
  fitFrom: parameter.number({
    default: 512,
    min: 1e-3,
    max: 1e6,
    help: "slopes are fitted over the scales from this one on",
  }),
  replicas: parameter.integer({
    default: 6,
    min: 2,
    max: 100,
    help: "independent starts with independent training sets",
  }),
  stepSize: parameter.number({
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    max: 10,
    unit: "mean-field time",
    help: "eta, of runs and kernel descent alike",
  }),
  time: parameter.number({
    default: 40,
    min: 0,
    exclusiveMin: true,
    max: 1e5,
    unit: "mean-field time",
    help: "length of the runs",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
