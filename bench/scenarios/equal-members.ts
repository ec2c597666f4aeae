import { defineScenario, dynamics, laws, networks, parameter, targets } from "meanfield";

/** Independent simulations of equal cost, for the benchmarks of runs and sweeps: member k is replica k of one simulation of depth-separation's kind. */
export default defineScenario({
  name: "equal-members",
  version: 1,
  title: "Independent simulations of equal cost",
  sources: [],
  parameters: {
    members: parameter.integer({ min: 1, max: 1e6, default: 4, help: "number of simulations" }),
    firstLayerWidth: parameter.integer({ min: 1, max: 1e6, default: 512, unit: "neurons", help: "m1" }),
    steps: parameter.integer({ min: 1, max: 1e9, default: 600, help: "steps of each simulation" }),
  },
  short: { members: 2, steps: 5 },
  headline: "largestLoss",
  members: ({ members }) => Array.from({ length: members }, (_, index) => ({ name: `replica-${index}` })),
  async run({ parameters: { firstLayerWidth, steps }, simulate }, member) {
    const { records } = await simulate({
      problem: { law: laws.heavyTailed({ dimension: 10, radiusCutoff: 3 }), target: targets.hinge() },
      network: networks.bottleneck({ firstLayerWidth, secondLayerWidth: 16 }),
      dynamics: dynamics.gradientDescent({ stepSize: 1, steps, expectation: dynamics.radialExact() }),
      replica: Number(member.name.slice("replica-".length)),
      recordTimes: 4,
    });
    return { loss: records[records.length - 1].loss };
  },
  summarise: (results) => ({
    largestLoss: Math.max(...Object.values(results).map(({ result }) => Number(result.loss))),
  }),
  claims: () => [],
});
