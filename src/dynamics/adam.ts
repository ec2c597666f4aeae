import { invalidValue } from "../errors.ts";
import { type DynamicsSpec, type MotionOptions, resolveDynamics } from "./dynamics.ts";
import type { GivenStepSize } from "./step-size.ts";

export interface AdamOptions extends MotionOptions, GivenStepSize {
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma, Ba, ICLR 2015, algorithm 1): what a practitioner would try, as a baseline. With g = m dL/dtheta, the mean-field gradient, in
 * each coordinate and for the step numbers t = 1, 2, ...
 *
 *   p <- beta1 p + (1 - beta1) g,   q <- beta2 q + (1 - beta2) g^2,
 *   theta <- theta - stepSize (p / (1 - beta1^t)) / (sqrt(q / (1 - beta2^t)) + epsilon).
 *
 * A factor on g changes nothing but what epsilon means: Adam on the plain gradient dL/dtheta with epsilon/m takes the same steps (m: the width of
 * the neuron's own layer; m1 m2 for the dense network's U).
 *
 * This is no mean-field dynamics. A coordinate moves by about stepSize whatever the size of its gradient, so `time` (the sum of the step sizes) is no
 * mean-field time; and dividing coordinate by coordinate is not equivariant under rotations, so that a spherically symmetric first layer does not
 * stay one. The limits of the bottleneck and the two-layer network, which rest on both, do not exist for it and are refused; a wider network on the
 * same samples (`limits.wideCoupling`) can stand beside it, since in the mean-field gradient a particle's step does not depend on the width.
 *
 * `layerSpeeds` are factors on the layers' step sizes (on the gradient they would cancel); 0 freezes a layer.
 *
 * @throws `invalid-value`, `unsupported-combination`
 */
export function adam(options: AdamOptions): DynamicsSpec {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, ...rest } = options;
  if (!(beta1 >= 0 && beta1 < 1)) throw invalidValue("beta1", "a number in [0, 1)", beta1);
  if (!(beta2 >= 0 && beta2 < 1)) throw invalidValue("beta2", "a number in [0, 1)", beta2);
  // At 0 a coordinate that has seen no gradient would move by 0/0.
  if (!(epsilon > 0 && epsilon <= 1e6)) throw invalidValue("epsilon", "a number in (0, 1e6]", epsilon);
  const moments = Object.freeze({ beta1, beta2, epsilon });
  return resolveDynamics({ ...rest, integrator: "euler", weightDecay: 0 }, { kind: "adam", moments });
}
