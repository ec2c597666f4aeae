import { dynamics, laws, limits, networks, simulate, targets } from "meanfield";

for (const tolerance of [0.1, 0.03, 0.01]) {
  const simulation = simulate({
    problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
    network: networks.bottleneck({ firstLayerWidth: 96, secondLayerWidth: 4 }),
    dynamics: dynamics.gradientDescent({ tolerance, time: 20 }),
    limit: limits.bottleneck(),
    seed: 7,
    recordTimes: [20],
  });
  const { stepSize, steps } = simulation.dynamics;
  const { timeStepError } = simulation.stepChoice ?? { timeStepError: Number.NaN };
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") throw new Error(outcome.message);
  const { timeStep, meanField } = outcome.record.budget.trajectory ?? {};
  const atEnd = Math.sqrt((timeStep?.value ?? Number.NaN) / (meanField?.value ?? Number.NaN));
  console.log(
    `tolerance ${tolerance}: ${steps} steps of ${stepSize.toFixed(4)}, largest error ${timeStepError.toFixed(4)}, at the end ${atEnd.toFixed(4)}`,
  );
}
