import { defineScenario, type JsonObject, MeanfieldError, type MemberResults } from "meanfield";
import { processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf, type Summary } from "./reverse-ntk/claims.ts";
import { figuresOf } from "./reverse-ntk/figures.ts";
import { convergence, drawsOfMember, type FiniteDraws, finiteDraws } from "./reverse-ntk/finite-width.ts";
import { type OneLayer, oneLayer } from "./reverse-ntk/one-layer.ts";
import { parameters, type Values } from "./reverse-ntk/parameters.ts";
import { type ParitySplit, paritySplit } from "./reverse-ntk/parity.ts";
import { descendWithKernels, trainOnClasses } from "./reverse-ntk/trained-classes.ts";
import { trainedFigures } from "./reverse-ntk/trained-figures.ts";
import {
  classMembers,
  classSeconds,
  parityMembers,
  paritySeconds,
  trainedResults,
  trainedSummary,
} from "./reverse-ntk/trained-members.ts";
import { trainOnParity } from "./reverse-ntk/trained-parity.ts";

/**
 * From a kernel to the activation that has it: the published coefficients of seven kernels, the mimic activation that gives one hidden layer the tangent kernel of
 * four, how finite networks approach it and train as it does, and the parity, which trained networks learn and their exact kernels do not.
 */
export default defineScenario({
  name: "reverse-ntk",
  version: 2,
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
  short: {
    angles: 12,
    widths: [32, 256, 2048],
    draws: 320,
    splits: 4,
    trainedBits: 7,
    trainedWidth: 32,
    repeats: 3,
    examples: 60,
    shallowWidth: 512,
    deepWidth: 200,
    tasks: 1,
  },
  headline: "convergence.slope.value",

  validate({ widths, bits, trainedBits }) {
    for (const width of widths) {
      if (!Number.isInteger(width)) refuse("widths", "whole numbers", width);
    }
    for (const [path, number] of Object.entries({ bits, trainedBits })) {
      if (number % 2 === 1) continue;
      refuse(path, "an odd number, since the kernel of a sine is odd and so must be the parity", number);
    }
  },

  members: (values) => [
    { name: "one-layer", cost: 1 },
    ...finiteNames(values).map((name) => ({ name, cost: 2 })),
    ...parityNames(values).map((name) => ({ name, cost: 1 })),
    ...parityMembers(values).map(({ name, network }) => ({ name, cost: paritySeconds(network, values) })),
    ...classMembers(values).map(({ name, what }) => ({ name, cost: classSeconds(what, values) })),
  ],

  async run(context, { name }) {
    if (name === "one-layer") return oneLayer(context.parameters.angles) as unknown as JsonObject;
    const trained = parityMembers(context.parameters).find((member) => member.name === name);
    if (trained !== undefined) {
      return (await trainOnParity(context, trained.network, trained.repeat)) as unknown as JsonObject;
    }
    const classes = classMembers(context.parameters).find((member) => member.name === name);
    if (classes !== undefined) {
      const { what, task } = classes;
      if (what === "kernels") return (await descendWithKernels(context, task)) as unknown as JsonObject;
      return (await trainOnClasses(context, what, task)) as unknown as JsonObject;
    }
    const [, kind, index] = /^(networks|parity)-(\d+)$/.exec(name) ?? [];
    if (kind === "networks")
      return (await finiteDraws(context, Number(index) * drawsOfMember)) as unknown as JsonObject;
    return (await paritySplit(context.parameters.bits, context.seed, Number(index))) as unknown as JsonObject;
  },

  summarise(results, values) {
    const { layer, finite, splits, trained } = partsOf(results, values);
    const { angles, curves, ...rest } = layer;
    return {
      layer: rest,
      convergence: convergence(finite, values.widths),
      splits,
      trained: trainedSummary(trained, values),
    } as unknown as JsonObject;
  },

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  estimate(values) {
    const { widths, draws, angles, bits, splits, trainedBits, trainedWidth, examples, shallowWidth, deepWidth } =
      values;
    const neurons = widths.reduce((sum, width) => sum + width, 0);
    const training = parityMembers(values).reduce((sum, { network }) => sum + paritySeconds(network, values), 0);
    const classes = classMembers(values).reduce((sum, { what }) => sum + classSeconds(what, values), 0);
    const trained = Math.max(16 * trainedWidth * 2 ** trainedBits, examples * Math.max(shallowWidth, 4 * deepWidth));
    return {
      seconds:
        processSeconds +
        neurons * draws * angles * neuronSeconds +
        splits * (2 ** bits / 2048) ** 2 * splitSeconds +
        training +
        classes,
      bytes: processBytes + Math.max(40 * angles * widths[widths.length - 1], 2 * 8 * 4 ** (bits - 1), 32 * trained),
    };
  },

  figures(results, _summary, values) {
    const { layer, finite, splits, trained } = partsOf(results, values);
    return [...figuresOf(layer, convergence(finite, values.widths), splits), ...trainedFigures(trained, values)];
  },
});

/** Processor seconds for one neuron at one angle, and for one split of 11 bits. */
const neuronSeconds = 1.3e-7;
const splitSeconds = 0.8;

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
    trained: trainedResults(results, values),
  };
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
