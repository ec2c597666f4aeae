import { dynamics, laws, networks, neuralKernels, observables, simulate, targets, trainingSet } from "meanfield";

const problem = {
  law: laws.gaussian({ dimension: 5 }),
  target: targets.singleIndex({ link: { kind: "relu" } }),
};
const samples = 30;
const [stepSize, steps] = [0.1, 200];
const seed = 7;

// Gradient descent with the tangent kernel of the start, in the same steps.
const network = networks.buildNetwork(networks.twoLayer({ width: 120 }), 5);
const { points, targets: labels } = trainingSet({ problem, samples, seed });
const kernel = networks.tangentKernel(network, network.start(seed), { points });
const predicted = neuralKernels
  .kernelDescent({ kernel, targets: labels, steps: { stepSize } })
  .values(stepSize * steps);
const kernelLoss = predicted.reduce((sum, value, s) => sum + (value - labels[s]) ** 2 / (2 * samples), 0);

for (const outputScale of [0.25, 64]) {
  const simulation = simulate({
    problem,
    network: networks.twoLayer({ width: 120 }),
    dynamics: dynamics.gradientDescent({ stepSize, steps, expectation: dynamics.fixedSamples({ samples }) }),
    outputScale,
    seed,
    recordTimes: 2,
    observe: {
      trainingLoss: observables.trainingLoss(),
      movement: observables.movement(),
      kernelChange: observables.kernelChange({ points }),
    },
  });
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") continue;
  const { trainingLoss, movement, kernelChange } = outcome.record.observables;
  console.log(
    `gamma ${outputScale}: training loss over the kernel's ${(Number(trainingLoss) / kernelLoss).toFixed(2)},`,
    `moved ${movement?.toFixed(3)}, kernel changed ${kernelChange?.toFixed(3)}`,
  );
}
