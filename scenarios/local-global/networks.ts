import { deepNetworks, laws, targets } from "meanfield";
import type { Values } from "./parameters.ts";

/** Hidden layers of the networks and kernels that are compared. */
export const depths = [1, 3, 7] as const;
export type Depth = (typeof depths)[number];

/** The two labels, by the name of their function. */
export const labels = ["local", "global"] as const;
export type Label = (typeof labels)[number];

/** The network of one depth. */
export function networkOf(depth: Depth, values: Values): deepNetworks.FullyConnectedSpec {
  const widths = { 1: values.shallowWidth, 3: values.middleWidth, 7: values.deepWidth };
  return deepNetworks.fullyConnected({
    inputs: values.dimension,
    hiddenWidths: Array.from({ length: depth }, () => widths[depth]),
    outputs: 2,
    start: values.start,
  });
}

/** Examples of a label: `purpose` names independent sets; the inputs are the same for both labels. */
export function examplesOf(
  label: Label,
  purpose: "training" | "test" | "redrawn",
  count: number,
  seed: string,
  { dimension, degree }: Values,
): deepNetworks.ClassExamples {
  const places = Array.from({ length: degree }, (_, index) => index);
  return deepNetworks.signLabels({
    law: laws.gaussian({ dimension }),
    target: label === "local" ? targets.localProduct({ indices: places }) : targets.globalProduct({ offsets: places }),
    count,
    seed,
    purpose,
  });
}
