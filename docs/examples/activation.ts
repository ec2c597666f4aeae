import { activations, dynamics, laws, networks, simulate, targets } from "meanfield";

const { leakyRelu, tanh, erf, softplus } = activations;

console.log("activation  loss at the start  after 200 steps  discretisation");
for (const activation of [leakyRelu({ negativeSlope: 0.1 }), tanh(), erf(), softplus()]) {
  const simulation = simulate({
    problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
    network: networks.twoLayer({ width: 96, activation }),
    dynamics: dynamics.gradientDescent({ stepSize: 0.2, steps: 200, expectation: dynamics.sgd({ batch: 256 }) }),
    evaluation: { directions: 96 },
    recordTimes: 2,
    seed: 7,
  });
  const losses: string[] = [];
  let discretization = 0;
  for await (const { loss, budget } of simulation) {
    losses.push(loss.toExponential(2));
    discretization = budget.discretization?.value ?? 0;
  }
  console.log(activation.kind.padEnd(12), losses[0].padEnd(18), losses[1].padEnd(16), discretization.toExponential(2));
}
