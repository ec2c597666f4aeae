import { type ParameterValues, parameter } from "meanfield";

/** On the hypercube inputs are sqrt(d) as long as under N(0, I/d), so that everything goes about d times as fast. */
const onHypercube = (others: Readonly<Record<string, unknown>>): boolean => others.law === "hypercube";

/** Everything that a run of local-global-regimes can be told. */
export const parameters = {
  law: parameter.choice({
    choices: ["gaussian", "hypercube"],
    default: "gaussian",
    help: "inputs: N(0, I/d), or uniform on {-1, 1}^d, where the local function is the parity of k bits",
  }),
  dimension: parameter.integer({
    default: (others) => (onHypercube(others) ? 16 : 10),
    defaultText: "10, on the hypercube 16",
    min: 3,
    max: 1000,
    help: "d",
  }),
  degrees: parameter.numbers({
    default: [2, 3],
    min: 1,
    max: 20,
    ascending: true,
    minLength: 1,
    help: "k: local is x_1 ... x_k, global the sum of such products around the circle of coordinates; both of variance 1",
  }),
  exampleCounts: parameter.numbers({
    default: [200, 400, 800],
    min: 10,
    max: 4000,
    ascending: true,
    minLength: 1,
    help: "numbers N of training examples; kernels take time like N^3",
  }),
  claimedExamples: parameter.integer({
    default: ({ exampleCounts }) =>
      (exampleCounts as readonly number[])[(exampleCounts as readonly number[]).length - 1],
    defaultText: "the last of exampleCounts",
    min: 10,
    max: 4000,
    help: "the N of exampleCounts that the claims are about",
  }),
  lazyExamples: parameter.integer({
    default: ({ exampleCounts }) => {
      const counts = exampleCounts as readonly number[];
      return counts[Math.max(0, counts.length - 2)];
    },
    defaultText: "the last but one of exampleCounts",
    min: 10,
    max: 4000,
    help: "the N of exampleCounts at which networks of larger output scales are trained beside their kernels",
  }),
  repeats: parameter.integer({
    default: 4,
    min: 2,
    max: 1000,
    help: "independent repetitions: examples, starts, tests; intervals are over them",
  }),
  twoLayerWidth: parameter.integer({
    default: 800,
    min: 2,
    max: 1e5,
    unit: "neurons",
    help: "m of the two-layer network, even: its neurons start in pairs",
  }),
  denseWidth: parameter.integer({
    default: 96,
    min: 2,
    max: 1e4,
    unit: "neurons",
    help: "m1 = m2 of the dense three-layer network, even: its second-layer neurons start in pairs; with 96 it has about as many parameters as the other",
  }),
  scales: parameter.numbers({
    default: [16, 16_384],
    min: 1,
    exclusiveMin: true,
    max: 1e6,
    ascending: true,
    minLength: 1,
    help: "gamma > 1, output scales of the networks towards the lazy regime; the rich networks have 1",
  }),
  stepSize: parameter.number({
    default: (others) => (onHypercube(others) ? 0.05 : 0.5),
    defaultText: "0.5, on the hypercube 0.05",
    min: 0,
    exclusiveMin: true,
    max: 10,
    unit: "mean-field time",
    help: "eta, of networks and kernels alike",
  }),
  time: parameter.number({
    default: (others) => (onHypercube(others) ? 200 : 2000),
    defaultText: "2000, on the hypercube 200",
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    unit: "mean-field time",
    help: "length of all runs",
  }),
  testExamples: parameter.integer({ default: 4000, min: 10, max: 1e6, help: "fresh examples of the test" }),
  precision: parameter.choice({
    choices: ["float32", "float64"],
    default: "float32",
    help: "of the rich networks; lazy ones, which move by a ten thousandth of their size, always have float64",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
