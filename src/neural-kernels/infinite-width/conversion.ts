import { MeanfieldError } from "../../errors.ts";
import { type FullyConnectedKernel, hiddenLayerCount } from "./fully-connected.ts";
import { buildKernelActivation } from "./kernel-activation.ts";

/**
 * How two normalisations of one network are converted: from = factor * to, entry by entry, for NNGP and NTK alike. Every layer of weights multiplies both
 * kernels by its sigma_w^2, and an activation with phi(r z) = r^p phi(z) lets it, and the norms of the inputs, pass through; so
 *
 *     factor = prod_l (sigma_w^2 of `from` / of `to`) (hidden layers: to the power p) * (sqrt(q1 q2) of `from` / of `to`)^p
 *
 * with q = 1, |x|^2 or |x|^2/d. Example: with `ntk`, He variances and readout 1 the kernel is 1/d times that with `squared-norm`.
 *
 * @returns the factor as a function of |x1|^2, |x2|^2 and the dimension d
 * @throws MeanfieldError `unsupported-combination` for other activations, for biases, and for kernels of different networks
 */
export function conversionFactor(
  from: FullyConnectedKernel,
  to: FullyConnectedKernel,
): (firstSquaredNorm: number, secondSquaredNorm: number, dimension: number) => number {
  const { homogeneity } = buildKernelActivation(from.activation);
  if (homogeneity === null) {
    throw refused(
      "activation",
      `phi(r z) = r^p phi(z), as relu, leaky-relu, step and sign have it, got ${from.activation.kind}`,
    );
  }
  if (JSON.stringify(from.activation) !== JSON.stringify(to.activation)) {
    throw refused("activation", `the same of both kernels, got ${from.activation.kind} and ${to.activation.kind}`);
  }
  if (from.layers.length !== to.layers.length) {
    throw refused(
      "hiddenLayers",
      `the same of both kernels, got ${hiddenLayerCount(from)} and ${hiddenLayerCount(to)}`,
    );
  }
  for (const { layers } of [from, to]) {
    if (layers.some(({ biasTangent }) => biasTangent > 0)) throw refused("biasTangent", "kernels without biases");
  }
  const power = (kernel: FullyConnectedKernel): number =>
    kernel.layers.reduce(
      (total, { weightVariance }, index) =>
        total * (index < hiddenLayerCount(kernel) ? weightVariance ** homogeneity : weightVariance),
      1,
    );
  const constant = power(from) / power(to);
  const variance = ({ normalization }: FullyConnectedKernel, squaredNorm: number, dimension: number): number =>
    normalization === "unit-sphere" ? 1 : normalization === "ntk" ? squaredNorm / dimension : squaredNorm;
  return (first, second, dimension) => {
    const norms = (kernel: FullyConnectedKernel) =>
      Math.sqrt(variance(kernel, first, dimension) * variance(kernel, second, dimension));
    return constant * (norms(from) / norms(to)) ** homogeneity;
  };
}

function refused(path: string, expected: string): MeanfieldError {
  return new MeanfieldError("unsupported-combination", `${path}: a conversion of normalisations expects ${expected}`, {
    path,
    expected,
  });
}
