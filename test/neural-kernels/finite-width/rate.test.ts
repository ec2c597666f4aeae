import { describe, expect, it } from "vitest";
import { activations, neuralKernels } from "../../../src/index.ts";
import { prepareEmpirical } from "../../../src/neural-kernels/finite-width/empirical-kernel.ts";
import {
  type KernelActivationSpec,
  kernelActivationKinds,
} from "../../../src/neural-kernels/infinite-width/kernel-activation.ts";
import { mean, standardError } from "../../../src/numerics/index.ts";
import { normals } from "../matrices/random-inputs.ts";

const { fullyConnected, kernelMatrix } = neuralKernels;

/** One activation of every kind; a kind without one fails to compile. */
const specs: Readonly<Record<(typeof kernelActivationKinds)[number], KernelActivationSpec>> = {
  relu: activations.relu(),
  "leaky-relu": activations.leakyRelu({ negativeSlope: 0.3 }),
  tanh: activations.tanh(),
  erf: activations.erf(),
  softplus: activations.softplus(),
  sine: neuralKernels.sine({ amplitude: 0.8, frequency: 1.3, phase: 0.4 }),
  step: neuralKernels.step(),
  sign: neuralKernels.sign(),
  hermite: neuralKernels.hermite([0.3, 1, -0.2]),
  own: neuralKernels.activation({
    value: (z) => Math.max(0, z - 0.3) + 0.5 * Math.cos(z),
    derivative: (z) => (z > 0.3 ? 1 : 0) - 0.5 * Math.sin(z),
    kinks: [0.3],
  }),
};

const kernels = kernelActivationKinds.flatMap((kind) =>
  (["ntk", "nngp"] as const)
    .filter((of) => of === "nngp" || (kind !== "step" && kind !== "sign"))
    .map((of) => [kind, of] as const),
);
const [count, dimension] = [6, 4];
const points = normals(count * dimension, "rate");

/** Log-log slope against the width of the root mean square distance from the limit, with its standard error. */
async function slopeOf(activation: KernelActivationSpec, of: "ntk" | "nngp", hiddenLayers: number, ladder: Ladder) {
  const kernel = fullyConnected({ activation, hiddenLayers, biasVariance: 0.1 });
  const { values: exact } = await kernelMatrix({ kernel, of, points, dimension });
  const logs = ladder.map(([width]) => Math.log(width));
  const spread = logs.reduce((sum, log) => sum + (log - mean(logs)) ** 2, 0);
  let slope = 0;
  let variance = 0;
  for (const [at, [width, draws]] of ladder.entries()) {
    const layers = Array.from({ length: hiddenLayers }, () => width);
    const { memory, draw } = prepareEmpirical({ kernel, widths: layers, of, points, dimension, seed: width });
    const squares = Array.from({ length: draws }, (_, index) => {
      draw(index);
      return memory.matrix.reduce((sum, value, entry) => sum + (value - exact[entry]) ** 2, 0);
    });
    const weight = (logs[at] - mean(logs)) / spread / 2;
    slope += weight * Math.log(mean(squares));
    variance += ((weight * standardError(squares)) / mean(squares)) ** 2;
  }
  return { slope, error: Math.sqrt(variance) };
}

/** Widths, and networks drawn at each. */
type Ladder = readonly (readonly [width: number, draws: number])[];

describe.each(kernels)("the error at finite width, %s, %s", (kind, of) => {
  // A mean over independent neurons: the mean square is a constant over the width, at every width.
  it("falls as width^(-1/2) with one hidden layer, within 4 standard errors", async () => {
    const { slope, error } = await slopeOf(specs[kind], of, 1, [
      [8, 400],
      [512, 60],
    ]);
    expect(error).toBeLessThan(0.025);
    expect(Math.abs(slope + 0.5)).toBeLessThan(4 * error);
  });

  // The mean square has terms of 1/width^2 too: wider networks.
  it("falls as width^(-1/2) with two hidden layers, within 4 standard errors", async () => {
    const { slope, error } = await slopeOf(specs[kind], of, 2, [
      [64, 100],
      [400, 60],
    ]);
    expect(error).toBeLessThan(0.06);
    expect(Math.abs(slope + 0.5)).toBeLessThan(4 * error);
  });
});
