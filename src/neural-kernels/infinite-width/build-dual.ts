import type { DualActivation } from "./dual-activation.ts";
import { erfDual } from "./erf-dual.ts";
import { hermiteDual } from "./hermite-dual.ts";
import { buildKernelActivation, type KernelActivationSpec } from "./kernel-activation.ts";
import { quadratureDual } from "./quadrature-dual.ts";
import { reluDual } from "./relu-dual.ts";
import { sineDual } from "./sine-dual.ts";
import { signDual, stepDual } from "./step-dual.ts";

/**
 * The dual of an activation: in closed form for relu, leaky-relu, erf, sine, step, sign and hermite, by quadrature for tanh, softplus and own ones.
 *
 * @throws MeanfieldError `unknown-kind`, `invalid-value`, `no-convergence`
 */
export function buildDual(spec: KernelActivationSpec): DualActivation {
  switch (spec.kind) {
    case "relu":
      return reluDual(0);
    case "leaky-relu":
      return reluDual(spec.negativeSlope);
    case "erf":
      return erfDual();
    case "sine":
      return sineDual(spec);
    case "step":
      return stepDual();
    case "sign":
      return signDual();
    case "hermite":
      return hermiteDual(spec.coefficients);
    default:
      return quadratureDual(buildKernelActivation(spec));
  }
}
