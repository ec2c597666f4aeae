import { dynamics, laws, networks, simulate, targets } from "meanfield";

const network = networks.twoLayer({ width: 1000 });
const simulation = simulate({
  problem: { law: laws.gaussian({ dimension: 2 }), target: targets.hinge() },
  network,
  dynamics: dynamics.langevin({ stepSize: 0.1, steps: 400, temperature: 0.005, weightDecay: 0.2 }),
  // The network's own start has no density: its free energy would mean nothing.
  start: networks.gaussianStart({ network, dimension: 2, seed: 7 }),
  seed: 7,
  recordTimes: [1, 4, 10],
});

console.log("time  loss    E|theta|^2  entropy  free energy");
for await (const { time, loss, observables } of simulation) {
  const { secondMoment, entropy, freeEnergy } = observables;
  const parts = [loss, secondMoment, entropy, freeEnergy].map((part) => part?.toFixed(3).padStart(7));
  console.log(String(time).padEnd(4), parts.join("   "));
}
