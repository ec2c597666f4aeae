import { dynamics, laws, limits, networks, type SimulateOptions, simulate, targets } from "meanfield";

const options: SimulateOptions = {
  problem: { law: laws.gaussian({ dimension: 6 }), target: targets.hinge() },
  network: networks.bottleneck({ firstLayerWidth: 96, secondLayerWidth: 4 }),
  dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 200 }),
  limit: limits.bottleneck(),
  seed: 7,
  recordTimes: [25, 50, 100],
};

// Stopped from outside at the first record.
const controller = new AbortController();
const stopped = simulate({ ...options, signal: controller.signal });
for await (const { time } of stopped) if (time === 25) controller.abort();
console.log((await stopped.outcome).status);

// The checkpoint is bytes: write them to a file, send them to another machine.
const resumed = simulate({ ...options, checkpoint: stopped.checkpoint() });
const whole = simulate(options);
console.log((await resumed.outcome).status, (await whole.outcome).status);

const [left, right] = [resumed.particles().buffer, whole.particles().buffer];
console.log(
  "same bits:",
  left.every((value, index) => Object.is(value, right[index])),
);
