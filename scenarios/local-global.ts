import { defineScenario, type JsonObject, MeanfieldError } from "meanfield";
import { claimsOf } from "./local-global/claims.ts";
import { estimateOf, kernelSeconds, trainingSeconds } from "./local-global/estimate.ts";
import { figuresOf } from "./local-global/figures.ts";
import { regress } from "./local-global/kernel-regression.ts";
import { type Depth, depths } from "./local-global/networks.ts";
import { parameters } from "./local-global/parameters.ts";
import { kernelName, repeatsOf, type Summary, summarise, trainedName } from "./local-global/summary.ts";
import { trainNetwork } from "./local-global/train.ts";

/**
 * Standard ReLU networks with 1, 3 and 7 hidden layers learn labels that depend on k coordinates (local) or on all of them (global): depth helps with the first and hurts with the
 * second, and kernel regression with the tangent kernels of the same depths shows neither.
 *
 * Observations of Mori and Ueda 2020, whose sizes we do not know; sizes, rates and bounds are our instantiation.
 */
export default defineScenario({
  name: "local-global",
  version: 1,
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
    repeats: 2,
    shallowWidth: 120,
    middleWidth: 60,
    deepWidth: 40,
    learningRates: [0.1, 0.3],
    folds: 3,
    foldsUsed: 1,
    averagedEpochs: 3,
    testExamples: 2000,
    kernelTestExamples: 1000,
  },
  headline: "localRatio",

  validate({ exampleCounts, claimedExamples, degree, dimension }) {
    if (!exampleCounts.includes(claimedExamples)) {
      throw invalid("claimedExamples", `one of exampleCounts ${exampleCounts.join(", ")}`, claimedExamples);
    }
    if (exampleCounts.some((count) => !Number.isInteger(count))) {
      throw invalid("exampleCounts", "integers", exampleCounts.join(", "));
    }
    if (degree >= dimension) throw invalid("degree", `an integer below the dimension ${dimension}`, degree);
  },

  members: (values) =>
    repeatsOf(values).flatMap((repeat) =>
      values.exampleCounts.flatMap((count) => [
        ...depths.map((depth) => ({
          name: trainedName(repeat, count, depth),
          cost: trainingSeconds(depth, count, values),
        })),
        ...(count <= values.kernelExamples
          ? [{ name: kernelName(repeat, count), cost: kernelSeconds(count, values) }]
          : []),
      ]),
    ),

  async run(context, member) {
    const [, repeat, count, what] = /^r(\d+)-n(\d+)-(.+)$/.exec(member.name) ?? [];
    const seed = `${context.seed}, repetition ${repeat}`;
    if (what === "kernel") return { ...(await regress(context, seed, Number(count))) };
    return {
      ...(await trainNetwork(context, seed, Number(what.slice(1)) as Depth, Number(count))),
    } as unknown as JsonObject;
  },

  summarise,

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  estimate: estimateOf,

  figures: (results, summary, values) => figuresOf(results, summary as unknown as Summary, values),
});

function invalid(path: string, expected: string, got: string | number): MeanfieldError {
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path });
}
