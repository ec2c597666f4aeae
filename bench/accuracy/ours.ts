/** Trains once with the settings given as JSON, as a user's program would, saves the particles to a folder and prints the times as JSON. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dynamics, encodeNpy, laws, networks, simulate, targets } from "meanfield";
import { type OwnSettings, task } from "./settings.ts";

const { out, seed, ...settings } = JSON.parse(process.argv[2]) as OwnSettings & {
  readonly out: string;
  readonly seed: number;
};

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const loaded = cpuSeconds();
const simulation = simulate({
  problem: {
    law: laws.heavyTailed({ dimension: task.dimension, radiusCutoff: task.radiusCutoff }),
    target: targets.hinge(),
  },
  network: networks.bottleneck({
    firstLayerWidth: settings.width,
    secondLayerWidth: task.secondWidth,
    start: "antithetic-frames",
    secondLayerStart: "equal",
    initialAlpha: settings.initialAlpha,
  }),
  dynamics: dynamics.gradientDescent({
    stepSize: settings.stepSize,
    steps: settings.steps,
    schedule: { kind: "linear", to: settings.finalStepSize },
    expectation: dynamics.radialExact({ directions: settings.directions }),
  }),
  seed,
  // The start and the end are always measured; here they cost as little as they can.
  recordTimes: [],
  evaluation: { directions: 1, arrangement: "independent" },
});
const outcome = await simulation.outcome;
if (outcome.status !== "completed") throw new Error(outcome.message);
const end = cpuSeconds();
const particles = simulation.particles();
for (const { name, shape } of particles.layout.arrays) {
  writeFileSync(join(out, `${name}.npy`), encodeNpy(particles.arrays[name], shape));
}
const { name: engine, instructions, arithmetic } = simulation.engine;
process.stdout.write(
  `${JSON.stringify({ seconds: end, trainingSeconds: end - loaded, engine: `${engine} ${instructions} ${arithmetic}` })}\n`,
);
