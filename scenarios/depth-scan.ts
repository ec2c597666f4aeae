import { checkSimulation, defineScenario } from "meanfield";
import { claimsOf } from "./depth-scan/claims.ts";
import { contestants, simulationOf, tuningsOf } from "./depth-scan/contestants.ts";
import { contestantSeconds, estimateOf } from "./depth-scan/estimate.ts";
import { figuresOf } from "./depth-scan/figures.ts";
import { parameters } from "./depth-scan/parameters.ts";
import { runContestant } from "./depth-scan/run-contestant.ts";
import { memberName, type Summary, summarise } from "./depth-scan/summary.ts";

/**
 * Loss against width over dimensions, for the 3-layer bottleneck network and the 2-layer network at equal parameter counts: both tuned by the same
 * search, the 2-layer network also with Adam, each beside its infinite-width limit.
 *
 * Theorem: for some law, and d above a constant, a 2-layer network of accuracy 1/poly(d) needs a width exponential in d; and the converse, that
 * constant accuracy needs only a width polynomial in d (Safran, Eldan, Shamir 2019, Theorems 5 and 1). So what is measured here, at constant
 * accuracy, is an observation about width and time, and no instance of the theorem.
 */
export default defineScenario({
  name: "depth-scan",
  version: 1,
  title: "2- and 3-layer losses against width, over dimensions, each network tuned",
  sources: [
    {
      key: "safran2019",
      text: "I. Safran, R. Eldan, O. Shamir, Depth Separations in Neural Networks: What is Actually Being Separated?, COLT 2019",
      url: "https://arxiv.org/abs/1904.06984",
    },
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
    {
      key: "kingma2015",
      text: "D. P. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, ICLR 2015",
      url: "https://arxiv.org/abs/1412.6980",
    },
    { key: "derivation", text: "our derivation: docs/theory/discretisation-error.md" },
  ],
  parameters,
  short: {
    dimensions: [4, 8],
    widths: [32, 64, 128],
    steps: 200,
    directions: 64,
    replicas: 3,
    finalists: 2,
    finalistReplicas: 1,
    stepSizes: [1, 2],
    adamStepSizes: [0.02, 0.05],
    evaluationDirections: 128,
  },
  headline: "smallestSeparation",

  validate(values) {
    const width = Math.max(...values.widths, values.searchWidth);
    for (const dimension of values.dimensions) {
      for (const contestant of contestants) {
        const [tuning] = tuningsOf(values, contestant);
        const options = simulationOf(contestant, dimension, width, tuning, values, { replica: 0, hasLimit: true });
        checkSimulation({ ...options, seed: 0 });
      }
    }
  },

  members: (values) =>
    values.dimensions.flatMap((dimension) =>
      contestants.map((contestant) => ({
        name: memberName(contestant, dimension),
        cost: contestantSeconds(contestant, dimension, values),
      })),
    ),

  run(context, member) {
    const [, name, dimension] = /^(.+)-(\d+)$/.exec(member.name) ?? [];
    const contestant = contestants.find((each) => each === name) ?? contestants[0];
    return runContestant(context, contestant, Number(dimension));
  },

  summarise,

  claims: (summary) => claimsOf(summary as unknown as Summary),

  estimate: estimateOf,

  figures: (results, summary, values) => figuresOf(results, summary as unknown as Summary, values),
});
