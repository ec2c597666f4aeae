import { dynamics, laws, limits, networks, simulate, targets } from "meanfield";

const simulation = simulate({
  problem: { law: laws.heavyTailed({ dimension: 10 }), target: targets.hinge() },
  network: networks.bottleneck({ firstLayerWidth: 160, secondLayerWidth: 16 }),
  dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 100 }),
  limit: limits.bottleneck(),
  seed: 7,
  recordTimes: [1, 5, 20],
});

console.log("time  loss       +-         mean field  discretisation");
for await (const { time, loss, lossError, budget } of simulation) {
  const parts = [loss, lossError, budget.meanField?.value ?? 0, budget.discretization?.value ?? 0];
  console.log(String(time).padEnd(4), ...parts.map((part) => part.toExponential(3).padStart(10)));
}
const outcome = await simulation.outcome;
console.log(outcome.status, "after", outcome.step, "steps");
