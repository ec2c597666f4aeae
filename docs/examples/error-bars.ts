import { dynamics, laws, limits, networks, numerics, simulate, targets } from "meanfield";

const widths = [48, 96, 192];
const means: number[] = [];
const errors: number[] = [];

for (const firstLayerWidth of widths) {
  const parts: number[] = [];
  for (let replica = 0; replica < 8; replica += 1) {
    const simulation = simulate({
      problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
      network: networks.bottleneck({ firstLayerWidth, secondLayerWidth: 4 }),
      dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 20 }),
      limit: limits.bottleneck(),
      seed: 7,
      replica,
      recordTimes: 2,
    });
    const outcome = await simulation.outcome;
    if (outcome.status !== "completed") throw new Error(outcome.message);
    parts.push(outcome.record.budget.discretization?.value ?? 0);
  }
  const { value, error, low, high } = numerics.meanWithInterval(parts);
  console.log(
    `m1=${firstLayerWidth}: ${value.toExponential(2)}, 95 % [${low.toExponential(2)}, ${high.toExponential(2)}]`,
  );
  means.push(value);
  errors.push(error);
}

const { slope } = numerics.fitPowerLaw(widths, means, { errors });
console.log(`slope ${slope.value.toFixed(2)} +- ${slope.error.toFixed(2)}`);
