import type { BuiltPlan } from "../dynamics/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import { type Network, type Particles, particlesOn } from "../networks/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { SimulateOptions, SimulationSetting } from "./options.ts";
import type { Replica } from "./replica.ts";

/** The particles at time 0, in the simulation's precision. */
export function startOf({ start, seed, precision }: SimulateOptions, network: Network, replica: Replica): Particles {
  const initial = start === undefined ? network.start(seed, replica.start) : givenStart(network, start);
  if (precision === "float32") initial.buffer.set(Float32Array.from(initial.buffer));
  return initial;
}

/** The setting that observables are shown; the start is made again if it is asked for, since the particles have moved on. */
export function settingOf(
  options: SimulateOptions,
  law: Law,
  network: Network,
  outputScale: number,
  { plan, speeds }: BuiltPlan,
  replica: Replica,
): SimulationSetting {
  let initial: Particles | null = null;
  return Object.freeze({
    network,
    law,
    target: buildTarget(options.problem.target),
    outputScale,
    dynamics: plan.dynamics,
    speeds,
    seed: options.seed,
    replica,
    initial() {
      initial ??= startOf(options, network, replica);
      return initial;
    },
  });
}

function givenStart(network: Network, start: Readonly<Record<string, Float64Array>>): Particles {
  const particles = particlesOn(network.layout);
  for (const array of network.layout.arrays) {
    const given = start[array.name];
    const shape = array.shape.join(" x ");
    if (given === undefined) throw invalidValue(`start.${array.name}`, `an array of ${shape} numbers`, undefined);
    if (given.length !== array.length) {
      throw invalidValue(`start.${array.name}`, `${array.length} numbers (${shape})`, `${given.length} numbers`);
    }
    if (!given.every(Number.isFinite)) {
      throw new MeanfieldError("not-finite", `start.${array.name}: expected finite numbers, got NaN or Infinity`);
    }
    particles.arrays[array.name].set(given);
  }
  return particles;
}
