import { invalidValue } from "../../errors.ts";
import type { Network, Particles } from "../../networks/index.ts";
import type { SimulationView } from "../options.ts";

const layers = ["all", "first", "second", "third"] as const;

/**
 * An observable: how far the particles of a layer have gone since the start, |theta_t - theta_0| / |theta_0|, where |theta|^2 is the sum over the layer's
 * arrays of the mean over neurons of |array|^2 (so that a layer's narrow and wide arrays count alike at every width).
 *
 * @param layer "first", "second" or "third" as the network names its layers, or "all"
 * @throws MeanfieldError `invalid-value` on another name, and as a failed simulation for a layer that the network does not have
 */
export function movement(layer: (typeof layers)[number] = "all"): (view: SimulationView) => number {
  if (!layers.includes(layer)) throw invalidValue("layer", `one of ${layers.join(", ")}`, layer);
  return ({ particles, setting }) => relativeMovement(setting.network, setting.initial(), particles, layer);
}

function relativeMovement(network: Network, initial: Particles, now: Particles, layer: string): number {
  const names = Object.keys(network.layers).filter((name) => layer === "all" || network.layers[name] === layer);
  if (names.length === 0) {
    const own = [...new Set(Object.values(network.layers))];
    throw invalidValue("layer", `a layer of the ${network.spec.kind} network (${own.join(", ")}) or all`, layer);
  }
  let moved = 0;
  let size = 0;
  for (const name of names) {
    const [before, after] = [initial.arrays[name], now.arrays[name]];
    const neurons = neuronsOf(network, name);
    for (let index = 0; index < before.length; index += 1) {
      moved += (after[index] - before[index]) ** 2 / neurons;
      size += before[index] ** 2 / neurons;
    }
  }
  return size === 0 ? Math.sqrt(moved) : Math.sqrt(moved / size);
}

/** The number of rows, or of pairs of neurons for a matrix between two layers. */
function neuronsOf({ layout, spec }: Network, name: string): number {
  const array = layout.arrays.find((each) => each.name === name);
  if (array === undefined) return 1;
  return spec.kind === "dense" && name === "u" ? array.length : array.shape[0];
}
