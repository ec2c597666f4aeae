import { dynamics, networks, type ParameterValues, parameter, problemOf, problemParameters } from "meanfield";

export const parameters = {
  ...problemParameters({ dimension: 2, radiusCutoff: 3 }),
  width: parameter.integer({
    default: 2048,
    min: 16,
    max: 1e5,
    unit: "neurons",
    help: "even width of the networks whose free energy is followed",
  }),
  outerWidth: parameter.integer({
    default: 128,
    min: 8,
    max: 1000,
    unit: "neurons",
    help: "even width of the networks whose outer weights alone move, on a training set that stays",
  }),
  samples: parameter.integer({ default: 512, min: 2, max: 1e5, help: "samples of that training set" }),
  replicas: parameter.integer({ default: 8, min: 3, max: 200, help: "independent starts and noises of every case" }),
  temperature: parameter.number({
    default: 0.005,
    min: 0,
    exclusiveMin: true,
    max: 100,
    help: "tau, where the free energy is followed",
  }),
  temperatures: parameter.numbers({
    default: [0.001, 0.002, 0.004, 0.008, 0.016],
    min: 1e-9,
    max: 100,
    ascending: true,
    minLength: 3,
    help: "tau of the outer weights' stationary laws",
  }),
  weightDecay: parameter.number({ default: 0.1, min: 0.001, max: 100, help: "lambda" }),
  stepSize: parameter.number({
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    max: 10,
    unit: "mean-field time",
    help: "eta",
  }),
  time: parameter.number({
    default: ({ weightDecay }) => 8 / weightDecay,
    defaultText: "8 / weightDecay: what the start leaves in the means is exp(-8)",
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    unit: "mean-field time",
    help: "length of every simulation",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;

/** What moves: all of a network (`trained`), its outer weights on fixed directions (`frozen`) or on a fixed training set (`outer`). */
export type Case = "trained" | "frozen" | "outer";

/** Number of steps, at least one. */
export function stepsOf({ time, stepSize }: Values): number {
  return Math.max(1, Math.round(time / stepSize));
}

/** What is simulated, the start apart. */
export function optionsOf(values: Values, kind: Case, temperature: number) {
  const { stepSize, weightDecay, width, outerWidth, samples, time } = values;
  return {
    problem: problemOf(values),
    network: networks.twoLayer({ width: kind === "outer" ? outerWidth : width, start: "gaussian" }),
    dynamics: dynamics.langevin({
      stepSize,
      steps: stepsOf(values),
      temperature,
      weightDecay,
      expectation: kind === "outer" ? dynamics.fixedSamples({ samples }) : dynamics.population(),
      freeze: kind === "trained" ? [] : ["first"],
    }),
    recordTimes: kind === "outer" ? [] : [0.00625, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7].map((part) => part * time),
    evaluation: kind === "outer" ? { entropyNeighbours: 0, directions: 8, samples: 2 } : {},
  };
}
