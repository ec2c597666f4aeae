import { invalidValue, MeanfieldError, nearestName } from "../errors.ts";
import type { Network } from "../networks/network.ts";
import type { DynamicsSpec, LayerSpeeds } from "./dynamics.ts";

/**
 * The factor on the velocity of each particle array: its layer's speed, or 0 where the layer or the array is frozen or not trained.
 * Throws `invalid-value` for a name in `freeze` that the network does not have, with those that it has.
 */
export function arraySpeeds(dynamics: DynamicsSpec, network: Network): Readonly<Record<string, number>> {
  const { layers, spec } = network;
  const names = [...new Set<string>(Object.values(layers)), ...Object.keys(layers)];
  for (const name of dynamics.freeze) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const suggestion = nearest === null ? undefined : `did you mean "${nearest}"?`;
    throw invalidValue(
      "freeze",
      `names of layers or particle arrays of the ${spec.kind} network (${names.join(", ")})`,
      name,
      suggestion,
    );
  }
  const speeds: Record<string, number> = {};
  for (const [name, layer] of Object.entries(layers)) {
    const isFrozen = dynamics.freeze.includes(name) || dynamics.freeze.includes(layer);
    speeds[name] = isFrozen ? 0 : dynamics.layerSpeeds[layer];
  }
  if (spec.kind === "bottleneck" && !spec.trainOuterWeights) speeds.a = 0;
  return speeds;
}

/**
 * The speeds of whole layers, as limits know them: 0 for a layer that is frozen. Throws `unsupported-combination` where only a part of a layer is,
 * and what `arraySpeeds` throws.
 */
export function wholeLayerSpeeds(dynamics: DynamicsSpec, network: Network): LayerSpeeds {
  const speeds = arraySpeeds(dynamics, network);
  const { layers, spec } = network;
  const whole: Record<keyof LayerSpeeds, number> = { ...dynamics.layerSpeeds };
  for (const layer of new Set(Object.values(layers))) {
    const arrays = Object.keys(layers).filter((name) => layers[name] === layer);
    // Outer weights that are not trained are no part of the limit's second layer.
    const moving = spec.kind === "bottleneck" && !spec.trainOuterWeights ? arrays.filter((n) => n !== "a") : arrays;
    const frozen = moving.filter((name) => speeds[name] === 0);
    if (frozen.length === moving.length) whole[layer] = 0;
    else if (frozen.length > 0) {
      throw new MeanfieldError(
        "unsupported-combination",
        `limit: expected whole layers to be frozen, got freeze of ${frozen.join(", ")} of the ${layer} layer (${arrays.join(", ")}); use no limit, or freeze "${layer}"`,
        { path: "limit", expected: "no limit", got: `freeze of ${frozen.join(", ")}` },
      );
    }
  }
  return whole;
}
