import { type ActivationSpec, buildActivation } from "./activation.ts";

/** What users see as `activations`: the option `activation` of `networks.twoLayer` and `networks.dense`. */
export type { ActivationSpec } from "./activation.ts";

/** sigma(z) = max(z, 0), the default of every network: the activation of exact radial integrals and of the limits. */
export function relu(): ActivationSpec {
  return Object.freeze({ kind: "relu" });
}

/**
 * sigma(z) = z for z > 0, negativeSlope z elsewhere.
 *
 * @param options.negativeSlope sigma's slope below 0, in [0, 1): 0 is ReLU
 * @throws MeanfieldError `invalid-value` on a slope outside [0, 1)
 */
export function leakyRelu(options: { readonly negativeSlope: number }): ActivationSpec {
  return checked({ kind: "leaky-relu", negativeSlope: options.negativeSlope });
}

/** sigma(z) = tanh z. */
export function tanh(): ActivationSpec {
  return Object.freeze({ kind: "tanh" });
}

/** sigma(z) = erf z = (2/sqrt pi) integral_0^z exp(-t^2) dt, the argument unscaled: slope 2/sqrt(pi) at 0. */
export function erf(): ActivationSpec {
  return Object.freeze({ kind: "erf" });
}

/** sigma(z) = log(1 + exp z), the argument unscaled: log 2 at 0, close to ReLU from |z| = 5 on. */
export function softplus(): ActivationSpec {
  return Object.freeze({ kind: "softplus" });
}

function checked(spec: ActivationSpec): ActivationSpec {
  buildActivation(spec);
  return Object.freeze(spec);
}
