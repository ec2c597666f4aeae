import { dynamics, laws, networks, type SimulateOptions, simulate, targets } from "meanfield";

const planned = (steps: number): SimulateOptions => ({
  problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
  network: networks.bottleneck({ firstLayerWidth: 96, secondLayerWidth: 4 }),
  dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps }),
  seed: 7,
  recordTimes: [25, 50, 100, 200],
});

const first = simulate(planned(100));
await first.outcome;

// It has ended; with more steps its checkpoint goes on.
const longer = simulate({ ...planned(400), checkpoint: first.checkpoint() });
for await (const { time, loss } of longer) console.log(`t=${time}: loss ${loss.toExponential(2)}`);

const whole = simulate(planned(400));
await whole.outcome;
const [left, right] = [longer.particles().buffer, whole.particles().buffer];
console.log(
  "same bits:",
  left.every((value, index) => Object.is(value, right[index])),
);
