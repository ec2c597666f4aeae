import { networks, type ParameterValues, parameter, problemParameters, simulationParameters } from "meanfield";

export const parameters = {
  ...problemParameters({ dimension: 5, radiusCutoff: 3 }),
  ...simulationParameters(),
  network: parameter.choice({
    choices: ["bottleneck", "two-layer"],
    default: "bottleneck",
    help: "the network beside its exact limit",
  }),
  widths: parameter.numbers({
    default: [40, 80, 160, 320, 640, 1280],
    min: 4,
    max: 1e5,
    ascending: true,
    minLength: 3,
    unit: "neurons",
    help: "m of the ladder, even",
  }),
  secondLayerWidth: parameter.integer({
    default: 4,
    min: 1,
    max: 1e4,
    unit: "neurons",
    help: "m2 of the bottleneck network, the same atoms in every run",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "sphere",
    help: "arrangement of the first layer's directions; the central limit theorem is about independent ones",
  }),
  starts: parameter.integer({ default: 16, min: 3, max: 1000, help: "independent starts at each width" }),
  streams: parameter.integer({ default: 12, min: 3, max: 1000, help: "streams of samples, the same at each width" }),
  batchStarts: parameter.integer({
    default: 3,
    min: 3,
    max: 1000,
    help: "starts of the two grids, at the middle width, that compare the sampling parts of two batches",
  }),
  batchStreams: parameter.integer({
    default: 64,
    min: 3,
    max: 1000,
    help: "streams of these grids: the samples' noise moves few quantities, so a dozen streams say little about its size",
  }),
  shapeStarts: parameter.integer({
    default: 400,
    min: 20,
    max: 1e5,
    help: "starts of the widest network from which the shape of the fluctuation is judged",
  }),
  stepSize: parameter.number({
    default: 0.5,
    min: 0,
    exclusiveMin: true,
    max: 100,
    unit: "mean-field time",
    help: "eta",
  }),
  time: parameter.number({
    default: 20,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    unit: "mean-field time",
    help: "of the last record",
  }),
  batch: parameter.integer({ default: 64, min: 1, max: 1e6, unit: "samples", help: "fresh samples a step" }),
} as const;

export type Values = ParameterValues<typeof parameters>;
