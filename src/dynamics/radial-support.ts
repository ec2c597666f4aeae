import { MeanfieldError } from "../errors.ts";
import { activationOf, activationText, isRelu } from "../networks/index.ts";
import type { NetworkSpec } from "../networks/network.ts";
import type { ExpectationSpec } from "./expectation.ts";
import { isSampled } from "./fixed-samples.ts";

/** Why the velocity of a network cannot be had with the radius integrated exactly, as a sentence; null where it can. */
export function radialObstacle(network: NetworkSpec): string | null {
  if (network.kind === "dense") return "of the dense network velocities on samples are all there is";
  const activation = activationOf(network);
  if (isRelu(activation)) return null;
  return `radial velocities are known for the activation relu alone, and this network's is ${activationText(activation)}`;
}

/** Throws `unsupported-combination` for a radial expectation of a network that has none. */
export function requireRadialSupport(network: NetworkSpec, expectation: ExpectationSpec): void {
  const obstacle = isSampled(expectation) ? null : radialObstacle(network);
  if (obstacle === null) return;
  throw new MeanfieldError(
    "unsupported-combination",
    `expectation: expected sgd or fixed-samples, got ${expectation.kind}; ${obstacle}; use sgd`,
    { path: "expectation", expected: "sgd or fixed-samples", got: expectation.kind, suggestion: "use sgd" },
  );
}
