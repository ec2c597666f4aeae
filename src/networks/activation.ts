import { invalidValue } from "../errors.ts";
import type { NetworkSpec } from "./network.ts";

/** sigma's slope below 0 of a network: sigma(z) = z for z > 0, slope z elsewhere (leaky ReLU); 0, ReLU, where the network does not say. */
export function negativeSlopeOf(spec: NetworkSpec): number {
  return spec.kind === "bottleneck" ? 0 : (spec.negativeSlope ?? 0);
}

/** `slope` if it is a number in [0, 1); throws `invalid-value` otherwise. At 1 the network would be linear. */
export function checkedNegativeSlope(slope: number): number {
  if (slope >= 0 && slope < 1) return slope;
  throw invalidValue("negativeSlope", "a number in [0, 1)", slope);
}
