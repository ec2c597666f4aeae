import { dynamics, laws, limits, networks, simulateReplicas, targets } from "meanfield";

const records = await simulateReplicas(
  {
    problem: { law: laws.gaussian({ dimension: 4 }), target: targets.hinge() },
    network: networks.bottleneck({ firstLayerWidth: 32, secondLayerWidth: 2, secondLayerStart: "equal" }),
    dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 40, expectation: dynamics.sgd({ batch: 64 }) }),
    limit: limits.bottleneck({ tolerance: null }),
    seed: 7,
    recordTimes: [0, 5, 20],
    evaluation: { directions: 16 },
  },
  // Six starts, each with the same eight streams of samples: 48 simulations.
  { starts: 6, samples: 8 },
);

console.log("time  gap      = bias     + width    + sampling + interaction   95 % interval of sampling");
for (const { time, gap, bias, width, sampling, interaction } of records.slice(1)) {
  const parts = [gap, bias, width, sampling, interaction].map(({ value }) => value.toExponential(1).padStart(8));
  const interval = `[${sampling.low.toExponential(1)}, ${sampling.high.toExponential(1)}]`;
  console.log(String(time).padEnd(4), parts.join("   "), "     ", interval);
}
