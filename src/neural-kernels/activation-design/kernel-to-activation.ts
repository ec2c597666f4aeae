import { invalidValue } from "../../errors.ts";
import { type HermiteActivation, hermite } from "../infinite-width/kernel-activation.ts";

export interface KernelToActivationOptions {
  /** a_0, a_1, ... of the wanted kernel sum_k a_k c^k: each >= 0, not all 0. */
  readonly coefficients: ArrayLike<number>;
  /** Which kernel of the network with one hidden layer is to be it. @default "ntk" */
  readonly kernel?: "nngp" | "ntk";
  /** One sign for each degree. All choices have the same kernels at infinite width, not at finite width. @default all 1 */
  readonly signs?: readonly (1 | -1)[];
}

/**
 * The activation whose network with one hidden layer (`fullyConnected({ activation, hiddenLayers: 1, weightVariance: 1 })`, inputs with |x|^2 = d) has a given kernel
 * (Simon, Anand, DeWeese 2022): phi = sum_k b_k h_k with b_k = +-sqrt(a_k) for the NNGP kernel, b_k = +-sqrt(a_k/(k + 1)) for the NTK, since
 *
 *     K_NNGP(c) = sum_k b_k^2 c^k,   K_NTK(c) = sum_k (k + 1) b_k^2 c^k.
 *
 * Every kernel that is positive semidefinite on the spheres of all dimensions is of this kind (Schoenberg); one with a negative a_k is positive on
 * spheres of low dimension at most, and no network has it.
 *
 * @throws MeanfieldError `invalid-value` on a negative coefficient, on signs that are none or too few
 */
export function activationForKernel(options: KernelToActivationOptions): HermiteActivation {
  const { coefficients, kernel = "ntk", signs } = options;
  if (kernel !== "ntk" && kernel !== "nngp") throw invalidValue("kernel", '"nngp" or "ntk"', kernel);
  if (signs !== undefined && signs.length !== coefficients.length) {
    throw invalidValue("signs", `${coefficients.length} signs, one for each coefficient`, `${signs.length}`);
  }
  const found = Array.from(coefficients, (entry, degree) => {
    if (!(entry >= 0 && entry < Infinity)) {
      throw invalidValue(
        `coefficients[${degree}]`,
        "a finite number >= 0",
        entry,
        "a kernel with a negative coefficient is not positive semidefinite on spheres of every dimension, so no network has it",
      );
    }
    const sign = signs?.[degree] ?? 1;
    if (sign !== 1 && sign !== -1) throw invalidValue(`signs[${degree}]`, "1 or -1", sign);
    return sign * Math.sqrt(kernel === "nngp" ? entry : entry / (degree + 1));
  });
  return hermite(found);
}
