import { type ParameterValues, parameter, simulationParameters } from "meanfield";

/** Everything that a run of time-to-accuracy can be told. */
export const parameters = {
  ...simulationParameters(),
  dimensions: parameter.numbers({
    default: [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    min: 2,
    max: 2000,
    ascending: true,
    minLength: 4,
    help: "dimensions in which the limit is solved, whole numbers",
  }),
  fitFrom: parameter.integer({
    default: 16,
    min: 2,
    max: 2000,
    help: "smallest dimension of the fitted power laws; at least three dimensions must remain",
  }),
  accuracies: parameter.numbers({
    default: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2],
    min: 1e-12,
    max: 0.05,
    ascending: true,
    help: "eps: the time is taken when 1/2 E(f - f*)^2 falls to eps",
  }),
  radiusCutoff: parameter.number({
    default: null,
    nullable: true,
    min: 0.5,
    max: 1e6,
    help: "the heavy-tailed law is conditioned on |x| <= radiusCutoff; none for no cutoff",
  }),
  initialV: parameter.number({ default: -0.1, min: -1e3, max: 0, help: "v of the one atom at time 0" }),
  initialB: parameter.number({
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    max: 1e3,
    help: "b of the one atom at time 0",
  }),
  networkDimensions: parameter.numbers({
    default: [4, 16, 64],
    min: 2,
    max: 128,
    ascending: true,
    help: "dimensions in which networks of finite width are trained beside the limit",
  }),
  networkAccuracy: parameter.number({
    default: 1e-3,
    min: 1e-8,
    max: 0.05,
    help: "eps for the networks",
  }),
  width: parameter.integer({
    default: 1000,
    min: 2,
    max: 1e5,
    unit: "neurons",
    help: "first-layer width of the networks, rounded up to whole antithetic frames",
  }),
  replicas: parameter.integer({ default: 4, min: 3, max: 1000, help: "independent starts of each network" }),
  stepSize: parameter.number({
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    max: 10,
    unit: "mean-field time",
    help: "eta of the networks",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;

/** How alpha at time 0 depends on the dimension. */
export const starts = ["one", "inverse-root"] as const;
export type Start = (typeof starts)[number];

export function initialAlpha(start: Start, dimension: number): number {
  return start === "one" ? 1 : 1 / Math.sqrt(dimension);
}

/** How a start reads. */
export const startLabels: Readonly<Record<Start, string>> = { one: "alpha0 = 1", "inverse-root": "alpha0 = 1/sqrt(d)" };
