import { checkSimulation, defineScenario, type JsonObject, MeanfieldError } from "meanfield";
import { claimsOf } from "./local-global-regimes/claims.ts";
import { estimateOf, kernelSeconds, lazySeconds, richSeconds } from "./local-global-regimes/estimate.ts";
import { figuresOf } from "./local-global-regimes/figures.ts";
import { functionsOf, problemOf } from "./local-global-regimes/functions.ts";
import { learnByKernel } from "./local-global-regimes/kernel.ts";
import { type Family, families, optionsOf } from "./local-global-regimes/networks.ts";
import { parameters } from "./local-global-regimes/parameters.ts";
import { kernelName, lazyName, repeatsOf, richName, type Summary, summarise } from "./local-global-regimes/summary.ts";
import { trainLazy, trainRich } from "./local-global-regimes/train.ts";

/**
 * Local and global products learned by the mean-field networks, two-layer and dense: in the rich regime, towards the lazy one, and by the tangent kernels of their starts, which
 * by symmetry cannot tell local from global.
 */
export default defineScenario({
  name: "local-global-regimes",
  version: 1,
  title: "Local and global functions learned by mean-field networks, rich and lazy, beside their kernels",
  sources: [
    {
      key: "mori2022",
      text: "T. Mori, M. Ueda, Interplay between depth of neural networks and locality of target functions, 2022 (our instantiation)",
      url: "https://arxiv.org/abs/2201.12082",
    },
    {
      key: "chizat2019",
      text: "L. Chizat, E. Oyallon, F. Bach, On lazy training in differentiable programming, NeurIPS 2019",
      url: "https://arxiv.org/abs/1812.07956",
    },
    {
      key: "abbe2023",
      text: "E. Abbe, E. Boix-Adsera, T. Misiakiewicz, SGD learning on neural networks: leap complexity and saddle-to-saddle dynamics, COLT 2023",
      url: "https://arxiv.org/abs/2302.11055",
    },
    { key: "derivation", text: "our derivation: docs/local-global-regimes.md" },
  ],
  parameters,
  short: {
    dimension: 8,
    exampleCounts: [200],
    repeats: 3,
    twoLayerWidth: 100,
    denseWidth: 24,
    scales: [65_536],
    time: 400,
    testExamples: 1000,
  },
  headline: "localOverGlobal.value",

  validate(values) {
    const { exampleCounts, claimedExamples, lazyExamples, degrees, dimension } = values;
    for (const [name, list] of Object.entries({ exampleCounts, degrees })) {
      if (list.some((each) => !Number.isInteger(each))) throw invalid(name, "integers", list.join(", "));
    }
    for (const [name, count] of Object.entries({ claimedExamples, lazyExamples })) {
      if (!exampleCounts.includes(count)) {
        throw invalid(name, `one of exampleCounts ${exampleCounts.join(", ")}`, String(count));
      }
    }
    // Otherwise the offsets of the global function reach around the circle, where terms come twice.
    const largest = degrees[degrees.length - 1];
    if (2 * (largest - 1) >= dimension) {
      throw invalid("degrees", `degrees k with 2 (k - 1) < dimension ${dimension}`, degrees.join(", "));
    }
    for (const family of families) {
      const [learned] = functionsOf(values);
      checkSimulation({ ...optionsOf(family, problemOf(learned, values), claimedExamples, 2, values), seed: 0 });
    }
  },

  members: (values) =>
    repeatsOf(values).flatMap((repeat) =>
      families.flatMap((family) => [
        ...values.exampleCounts.flatMap((count) => [
          { name: richName(repeat, count, family), cost: richSeconds(family, count, values) },
          { name: kernelName(repeat, count, family), cost: kernelSeconds(family, count, values) },
        ]),
        { name: lazyName(repeat, family), cost: lazySeconds(family, values) },
      ]),
    ),

  async run(context, member) {
    const [, repeat, count, family, rest] = /^r(\d+)(?:-n(\d+))?-(two-layer|dense)(-.+)?$/.exec(member.name) ?? [];
    const shared = [context, family as Family, Number(repeat)] as const;
    if (rest === "-lazy") return (await trainLazy(...shared)) as unknown as JsonObject;
    if (rest === "-kernel") return (await learnByKernel(...shared, Number(count))) as unknown as JsonObject;
    return (await trainRich(...shared, Number(count))) as unknown as JsonObject;
  },

  summarise,
  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),
  estimate: estimateOf,
  figures: (results, summary, values) => figuresOf(results, summary as unknown as Summary, values),
});

function invalid(path: string, expected: string, got: string): MeanfieldError {
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected, got });
}
