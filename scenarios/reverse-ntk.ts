import { defineScenario, type JsonObject, MeanfieldError, type MemberResults } from "meanfield";
import { processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf, type Summary } from "./reverse-ntk/claims.ts";
import { figuresOf } from "./reverse-ntk/figures.ts";
import { convergence, drawsOfMember, type FiniteDraws, finiteDraws } from "./reverse-ntk/finite-width.ts";
import { type OneLayer, oneLayer } from "./reverse-ntk/one-layer.ts";
import { parameters, type Values } from "./reverse-ntk/parameters.ts";
import { type ParitySplit, paritySplit } from "./reverse-ntk/parity.ts";

/**
 * From a kernel to the activation that has it: the published coefficients of seven kernels, the mimic activation that gives one hidden layer the tangent kernel of
 * four, how finite networks approach it, and what the exact kernels make of the parity that finite networks learn.
 */
export default defineScenario({
  name: "reverse-ntk",
  version: 1,
  title: "One hidden layer has the tangent kernel of four, by choice of its activation",
  sources: [
    {
      key: "simon2022",
      text: "J. B. Simon, S. Anand, M. R. DeWeese, Reverse Engineering the Neural Tangent Kernel, ICML 2022",
      url: "https://arxiv.org/abs/2106.03186",
    },
    { key: "derivation", text: "our derivation: docs/reverse-ntk.md, docs/theory/neural-kernels.md" },
  ],
  parameters,
  short: { angles: 12, widths: [32, 256, 2048], draws: 320, splits: 4 },
  headline: "convergence.slope.value",

  validate({ widths, bits }) {
    for (const width of widths) {
      if (!Number.isInteger(width)) refuse("widths", "whole numbers", width);
    }
    if (bits % 2 === 0) {
      refuse("bits", "an odd number, since the kernel of a sine is odd and so must be the parity", bits);
    }
  },

  members: (values) => [
    { name: "one-layer", cost: 1 },
    ...finiteNames(values).map((name) => ({ name, cost: 2 })),
    ...parityNames(values).map((name) => ({ name, cost: 1 })),
  ],

  async run(context, { name }) {
    if (name === "one-layer") return oneLayer(context.parameters.angles) as unknown as JsonObject;
    const [, kind, index] = /^(networks|parity)-(\d+)$/.exec(name) ?? [];
    if (kind === "networks")
      return (await finiteDraws(context, Number(index) * drawsOfMember)) as unknown as JsonObject;
    return (await paritySplit(context.parameters.bits, context.seed, Number(index))) as unknown as JsonObject;
  },

  summarise(results, values) {
    const { layer, finite, splits } = partsOf(results, values);
    const { angles, curves, ...rest } = layer;
    return { layer: rest, convergence: convergence(finite, values.widths), splits } as unknown as JsonObject;
  },

  claims: (summary) => claimsOf(summary as unknown as Summary),

  estimate({ widths, draws, angles, bits, splits }) {
    const neurons = widths.reduce((sum, width) => sum + width, 0);
    return {
      seconds:
        processSeconds + neurons * draws * angles * neuronSeconds + splits * (2 ** bits / 2048) ** 2 * paritySeconds,
      bytes: processBytes + 40 * angles * widths[widths.length - 1] + 2 * 8 * 4 ** (bits - 1),
    };
  },

  figures(results, _summary, values) {
    const { layer, finite, splits } = partsOf(results, values);
    return figuresOf(layer, convergence(finite, values.widths), splits);
  },
});

/** Processor seconds for one neuron at one angle, and for one split of 11 bits. */
const neuronSeconds = 1.3e-7;
const paritySeconds = 0.8;

function finiteNames({ draws }: Values): readonly string[] {
  return Array.from({ length: Math.ceil(draws / drawsOfMember) }, (_, index) => `networks-${index}`);
}

function parityNames({ splits }: Values): readonly string[] {
  return Array.from({ length: splits }, (_, index) => `parity-${index}`);
}

function partsOf(results: MemberResults, values: Values) {
  return {
    layer: results["one-layer"].result as unknown as OneLayer,
    finite: finiteNames(values).map((name) => results[name].result as unknown as FiniteDraws),
    splits: parityNames(values).map((name) => results[name].result as unknown as ParitySplit),
  };
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
