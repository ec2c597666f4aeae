import { type ParameterValues, parameter } from "meanfield";

/** Everything that a run of reverse-ntk can be told. */
export const parameters = {
  angles: parameter.integer({
    default: 50,
    min: 10,
    max: 500,
    help: "equally spaced angles in [0, pi] at which the kernels of finite networks are compared; fits and their sums of squares always use 100",
  }),
  widths: parameter.numbers({
    default: [256, 512, 1024, 2048, 4096, 8192, 16_384],
    min: 1,
    max: 65_536,
    ascending: true,
    minLength: 3,
    help: "widths of the finite mimic networks, whole numbers",
  }),
  draws: parameter.integer({ default: 256, min: 8, max: 4096, help: "networks drawn at each width" }),
  bits: parameter.integer({
    default: 11,
    min: 5,
    max: 13,
    help: "bits of the parity that exact kernels are asked for, odd; half of all 2^bits points are for training",
  }),
  splits: parameter.integer({ default: 10, min: 2, max: 200, help: "random halves of the parity's points" }),
  trainedBits: parameter.integer({
    default: 11,
    min: 5,
    max: 13,
    help: "bits of the parity that networks are trained on, odd; published: 11",
  }),
  trainedWidth: parameter.integer({
    default: 128,
    min: 1,
    max: 1024,
    help: "width of the networks trained on the parity, published: 128; sines of 4 and 16 times the width are trained beside them",
  }),
  repeats: parameter.integer({
    default: 5,
    min: 2,
    max: 100,
    help: "networks of each kind trained on the parity, each on a random half of its own; published: 30",
  }),
  wideRepeats: parameter.integer({ default: 1, min: 1, max: 100, help: "wider sines trained on the parity" }),
  examples: parameter.integer({
    default: 400,
    min: 20,
    max: 2000,
    help: "points in 11 dimensions with labels of four classes, on which shallow, mimic and deep networks are trained; as many to test",
  }),
  shallowWidth: parameter.integer({
    default: 2048,
    min: 1,
    max: 16_384,
    help: "width of the networks with one hidden layer trained there",
  }),
  deepWidth: parameter.integer({
    default: 512,
    min: 1,
    max: 4096,
    help: "width of the networks with four hidden layers trained there",
  }),
  tasks: parameter.integer({ default: 2, min: 1, max: 50, help: "sets of such points, each with networks of its own" }),
} as const;

export type Values = ParameterValues<typeof parameters>;
