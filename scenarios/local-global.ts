import { defineScenario, type JsonObject, MeanfieldError } from "meanfield";
import { claimsOf } from "./local-global/claims.ts";
import { kernelBytes } from "./local-global/estimate.ts";
import { figuresOf } from "./local-global/figures.ts";
import { regress } from "./local-global/kernel-regression.ts";
import { workOf } from "./local-global/members.ts";
import { parameters } from "./local-global/parameters.ts";
import { type Summary, summarise } from "./local-global/summary.ts";
import { trainNetwork } from "./local-global/train.ts";

/**
 * Standard ReLU networks with 1, 3 and 7 hidden layers learn labels that depend on k coordinates (local) or on all of them (global): depth helps with the first and hurts with the
 * second, and kernel regression with the tangent kernels of the same depths shows neither.
 *
 * Observations of Mori and Ueda 2020, whose sizes we do not know; sizes, rates and bounds are our instantiation.
 */
export default defineScenario({
  name: "local-global",
  version: 2,
  title: "Depth helps local and hurts global labels: trained deep networks beside their kernels",
  sources: [
    {
      key: "mori2020",
      text: "T. Mori, M. Ueda, Is Deeper Better? It Depends on Locality of Relevant Features, 2020 (our instantiation)",
      url: "https://arxiv.org/abs/2005.12488",
    },
    {
      key: "jacot2018",
      text: "A. Jacot, F. Gabriel, C. Hongler, Neural Tangent Kernel: Convergence and Generalization in Neural Networks, NeurIPS 2018",
      url: "https://arxiv.org/abs/1806.07572",
    },
  ],
  parameters,
  short: {
    dimension: 10,
    exampleCounts: [300, 600],
    secondDimension: 12,
    secondExampleCounts: [300],
    repeats: 2,
    shallowWidth: 120,
    middleWidth: 60,
    deepWidth: 40,
    learningRates: [0.1, 0.4, 1.6],
    folds: 3,
    foldsUsed: 1,
    maxEpochs: 200,
    averagedEpochs: 3,
    testExamples: 2000,
    kernelTestExamples: 1000,
  },
  headline: "localRatio",

  validate(values) {
    const { exampleCounts, claimedExamples, degree, dimension, secondDegree, secondDimension, secondExampleCounts } =
      values;
    if (!exampleCounts.includes(claimedExamples)) {
      throw invalid("claimedExamples", `one of exampleCounts ${exampleCounts.join(", ")}`, claimedExamples);
    }
    for (const [path, counts] of Object.entries({ exampleCounts, secondExampleCounts })) {
      if (counts.some((count) => !Number.isInteger(count))) throw invalid(path, "integers", counts.join(", "));
    }
    if (degree >= dimension) throw invalid("degree", `an integer below the dimension ${dimension}`, degree);
    if (secondDegree >= secondDimension) {
      throw invalid("secondDegree", `an integer below the dimension ${secondDimension}`, secondDegree);
    }
  },

  members: (values) => workOf(values).map(({ name, cost }) => ({ name, cost })),

  async run(context, member) {
    const work = workOf(context.parameters).find(({ name }) => name === member.name);
    if (work === undefined) throw invalid("member", "a member of this run", member.name);
    const { of, repeat, examples, hiddenLayers } = work;
    const seed = `${context.seed}, ${of.prefix}repetition ${repeat}`;
    if (hiddenLayers === "kernels") return { ...(await regress(context, seed, examples, of.values)) };
    return { ...(await trainNetwork(context, seed, hiddenLayers, examples, of.values)) } as unknown as JsonObject;
  },

  summarise,

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  estimate(values) {
    const work = workOf(values);
    const seconds = work.reduce((sum, { cost }) => sum + cost, 0);
    const kernels = work.filter(({ hiddenLayers }) => hiddenLayers === "kernels");
    return { seconds, bytes: Math.max(2e8, ...kernels.map(({ examples }) => 1e8 + kernelBytes(examples))) };
  },

  figures: (results, summary, values) => figuresOf(results, summary as unknown as Summary, values),
});

function invalid(path: string, expected: string, got: string | number): MeanfieldError {
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path });
}
