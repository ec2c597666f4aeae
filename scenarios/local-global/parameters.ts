import { type ParameterValues, parameter } from "meanfield";

/** Everything that a run of local-global can be told. */
export const parameters = {
  dimension: parameter.integer({ default: 20, min: 2, max: 1000, help: "d, the dimension of the inputs N(0, I)" }),
  degree: parameter.integer({
    default: 3,
    min: 1,
    max: 20,
    help: "k: the local label is the sign of x_1 ... x_k, the global one that of the sum of such products around the circle of coordinates",
  }),
  exampleCounts: parameter.numbers({
    default: [1000, 2000, 4000, 8000],
    min: 20,
    max: 1e6,
    ascending: true,
    minLength: 1,
    help: "numbers N of training examples",
  }),
  claimedExamples: parameter.integer({
    default: ({ exampleCounts }) => {
      const counts = exampleCounts as readonly number[];
      return counts.includes(4000) ? 4000 : counts[counts.length - 1];
    },
    defaultText: "4000 if it is among exampleCounts, else the last of them",
    min: 20,
    max: 1e6,
    help: "the N of exampleCounts that the claims are about, and at which sensitivities are measured",
  }),
  repeats: parameter.integer({
    default: 5,
    min: 2,
    max: 1000,
    help: "independent repetitions: examples, starts and orders; intervals are over them",
  }),
  secondDegree: parameter.integer({
    default: 2,
    min: 0,
    max: 20,
    help: "k of the second case, in which the paper's claim is not known to hold at this size; 0: no second case",
  }),
  secondDimension: parameter.integer({ default: 40, min: 2, max: 1000, help: "d of the second case" }),
  secondExampleCounts: parameter.numbers({
    default: [1000, 2000, 4000],
    min: 20,
    max: 1e6,
    ascending: true,
    minLength: 1,
    help: "numbers N of training examples of the second case; its claims are about claimedExamples, or the last of them",
  }),
  shallowWidth: width("1 hidden layer", 500),
  middleWidth: width("3 hidden layers", 200),
  deepWidth: width("7 hidden layers", 100),
  start: parameter.choice({
    choices: ["glorot-normal", "glorot-uniform", "he-normal", "he-uniform"],
    default: "glorot-normal",
    help: "distribution of the weights at the start; biases start at 0",
  }),
  learningRates: parameter.numbers({
    default: [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2],
    min: 0,
    exclusiveMin: true,
    max: 1000,
    ascending: true,
    minLength: 1,
    help: "rates among which cross-validation chooses, for every network, label and N; in ascending order, up to the first one above a rate that fits with which the network does not",
  }),
  folds: parameter.integer({ default: 5, min: 2, max: 100, help: "parts of the cross-validation" }),
  foldsUsed: parameter.integer({
    default: 2,
    min: 1,
    max: 100,
    help: "parts that are held out: the first so many, fewer to save time",
  }),
  batchSize: parameter.integer({ default: 50, min: 1, max: 65_536, help: "examples of a step" }),
  maxEpochs: parameter.integer({
    default: 500,
    min: 1,
    max: 1e6,
    help: "epochs after which a network that still makes mistakes on its examples is given up",
  }),
  averagedEpochs: parameter.integer({
    default: 50,
    min: 1,
    max: 1e5,
    help: "epochs over which the test error is averaged, from the first without training error on; 5 in the cross-validation at most",
  }),
  testExamples: parameter.integer({ default: 10_000, min: 10, max: 1e7, help: "examples of the test" }),
  kernelExamples: parameter.integer({
    default: 4000,
    min: 0,
    max: 12_000,
    help: "largest N at which kernel regression is done; its time grows like N^3, its memory like 8 N^2 bytes; 0 for none",
  }),
  kernelTestExamples: parameter.integer({
    default: 4000,
    min: 10,
    max: 1e6,
    help: "test examples of the kernel regression: the first ones of the networks'",
  }),
  precision: parameter.choice({
    choices: ["float32", "float64"],
    default: "float32",
    help: "numbers of the trained networks",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;

function width(of: string, value: number) {
  return parameter.integer({
    default: value,
    min: 1,
    max: 16_384,
    unit: "neurons",
    help: `neurons of a layer, network with ${of}`,
  });
}
