import { checkSimulation, defineScenario, type JsonObject } from "meanfield";
import { measureConservation, measureStarts } from "./depth-separation/checks.ts";
import { claimsOf, type Summary } from "./depth-separation/claims.ts";
import { estimateOf } from "./depth-separation/estimate.ts";
import { figuresOf } from "./depth-separation/figures.ts";
import { networksOf, simulationOptions } from "./depth-separation/networks.ts";
import { checkTolerance, parameters } from "./depth-separation/parameters.ts";
import { runNetwork } from "./depth-separation/run-network.ts";

/**
 * Depth separation, learned: the three-layer bottleneck network learns ReLU(1 - |x|), a two-layer network with at least as many parameters and as
 * many steps learns it far less well at these sizes; both stand beside their infinite-width limits, with the loss split along the way.
 *
 * Theorem: in high dimension no two-layer network of polynomial width approximates the target to accuracy 1/poly(d) under a law of this family
 * (Safran, Eldan, Shamir 2019); a variant of gradient flow on a three-layer network learns it (Ren, Zhou, Ge 2023).
 * Our instantiation: law with a cutoff, network, start and step sizes below. Observation: the gap that this scenario measures, at fixed d.
 */
export default defineScenario({
  name: "depth-separation",
  version: 1,
  title: "Depth separation: a 3-layer mean-field network learns ReLU(1-|x|), beside a 2-layer one",
  sources: [
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
    {
      key: "safran2019",
      text: "I. Safran, R. Eldan, O. Shamir, Depth Separations in Neural Networks: What is Actually Being Separated?, COLT 2019",
      url: "https://arxiv.org/abs/1904.06984",
    },
    {
      key: "eldan2016",
      text: "R. Eldan, O. Shamir, The Power of Depth for Feedforward Neural Networks, COLT 2016",
      url: "https://arxiv.org/abs/1512.03965",
    },
    { key: "derivation", text: "our derivations: docs/theory" },
  ],
  parameters,
  short: { firstLayerWidth: 160, steps: 150, evaluationDirections: 160, starts: 100, separationFactor: 5 },
  headline: "bottleneck.loss",

  validate(values) {
    checkTolerance(values);
    for (const network of networksOf(values)) {
      checkSimulation({ ...simulationOptions(values, network), seed: 0 });
    }
  },

  members(values) {
    const chosen = networksOf(values).map((name) => ({ name, cost: name === "two-layer" ? 20 : 10 }));
    if (!networksOf(values).includes("bottleneck")) return chosen;
    return [...chosen, { name: "conservation", cost: 2 }, { name: "starts", cost: 1 }];
  },

  run(context, member) {
    if (member.name === "conservation") return measureConservation(context);
    if (member.name === "starts") return measureStarts(context);
    return runNetwork(context, member.name === "two-layer" ? "two-layer" : "bottleneck");
  },

  summarise(results) {
    const bottleneck = results.bottleneck?.result ?? null;
    const twoLayer = results["two-layer"]?.result ?? null;
    return {
      bottleneck: bottleneck === null ? null : networkSummary(bottleneck),
      twoLayer: twoLayer === null ? null : networkSummary(twoLayer),
      lossRatio:
        bottleneck === null || twoLayer === null ? null : ratio(Number(twoLayer.loss), Number(bottleneck.loss)),
      starts: results.starts?.result ?? null,
      conservation: results.conservation?.result ?? null,
    };
  },

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  estimate: estimateOf,

  figures: (results, _summary, values) => figuresOf(results, values),
});

/** A member's result without what only figures need. */
function networkSummary({ profile: _profile, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** The quotient; null where the denominator is 0, as for a target that is constant under the law. */
function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
