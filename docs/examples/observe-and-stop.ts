import { dynamics, laws, networks, simulate, targets } from "meanfield";

const simulation = simulate({
  problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
  network: networks.bottleneck({ firstLayerWidth: 96, secondLayerWidth: 4 }),
  dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 2000 }),
  seed: 7,
  recordTimes: [0, 10, 20, 40, 80, 160, 320, 640],
  observe: {
    // The view's arrays are the simulation's own memory: copy what you keep.
    farthestKink: ({ particles }) => {
      const { v, b } = particles.arrays;
      return Math.max(...v.map((slope, atom) => -b[atom] / slope));
    },
  },
  stopWhen: { accurate: ({ loss }) => loss < 1e-3 },
});

for await (const { time, loss, observables } of simulation) {
  const { farthestKink, alpha } = observables;
  console.log(`t=${time}: loss ${loss.toExponential(2)}, kink ${farthestKink?.toFixed(2)}, alpha ${alpha?.toFixed(4)}`);
}
const outcome = await simulation.outcome;
if (outcome.status === "completed") console.log(`stopped by ${outcome.stoppedBy} at t=${outcome.time}`);
