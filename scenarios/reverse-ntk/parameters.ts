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
    help: "bits of the parity, odd; half of all 2^bits points are for training",
  }),
  splits: parameter.integer({ default: 10, min: 2, max: 200, help: "random halves of the parity's points" }),
} as const;

export type Values = ParameterValues<typeof parameters>;
