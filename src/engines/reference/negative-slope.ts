import { buildActivation } from "../../networks/activation.ts";
import type { VelocityProblem } from "../engine.ts";

/** sigma's slope below 0, for the kernels of ReLU and leaky ReLU; smooth activations have kernels of their own. */
export function negativeSlopeOf({ activation }: VelocityProblem): number {
  const { negativeSlope } = buildActivation(activation);
  if (negativeSlope !== null) return negativeSlope;
  throw new Error(`a kernel of linear pieces was asked for the activation ${activation.kind}`);
}
