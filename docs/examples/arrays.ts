import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeNpy, dynamics, encodeNpy, laws, networks, simulate, targets } from "meanfield";

const folder = await mkdtemp(join(tmpdir(), "arrays-"));
const options = {
  problem: { law: laws.gaussian({ dimension: 4 }), target: targets.hinge() },
  network: networks.bottleneck({ firstLayerWidth: 32, secondLayerWidth: 4 }),
  dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 50 }),
  seed: 7,
  recordTimes: 2,
} as const;

// Out: one .npy file for each array of the particles. numpy.load reads them.
const first = simulate(options);
await first.outcome;
const { layout, arrays } = first.particles();
for (const { name, shape } of layout.arrays) {
  await writeFile(join(folder, `${name}.npy`), encodeNpy(arrays[name], shape));
}

// In: a start takes every array of the layout by its name.
const start: Record<string, Float64Array> = {};
for (const { name } of layout.arrays) {
  const { data, shape } = decodeNpy(await readFile(join(folder, `${name}.npy`)), `${name}.npy`);
  console.log(`${name}: ${shape.join(" x ")}`);
  start[name] = data;
}
const second = simulate({ ...options, start });
const outcome = await second.outcome;
if (outcome.status === "completed") console.log(`loss after 50 more steps: ${outcome.record.loss.toExponential(3)}`);
await rm(folder, { recursive: true });
