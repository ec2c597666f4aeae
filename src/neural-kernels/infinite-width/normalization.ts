/**
 * How inputs and layers are scaled: the words of the field for the three conventions that its papers use.
 *
 * | normalization | variance of a first-layer neuron's input | weights | papers |
 * |---|---|---|---|
 * | `"ntk"` | weightVariance abs(x)^2/d + biasVariance | NTK parametrisation, variances of one's choice (Jacot et al. 2018; neural_tangents) | reverse-engineering |
 * | `"unit-sphere"` | 1: only the angle between inputs counts | each layer keeps the variance at 1 (He for ReLU) | deep = shallow |
 * | `"squared-norm"` | abs(x)^2 | as `unit-sphere`, for ReLU and leaky ReLU only | smallest eigenvalues |
 */
export type KernelNormalization = "ntk" | "unit-sphere" | "squared-norm";

/** The three normalisations by name. */
export const kernelNormalizations: readonly KernelNormalization[] = ["ntk", "unit-sphere", "squared-norm"];

/** One layer of weights, h -> sqrt(weightVariance/n) W h + sqrt(biasTangent) b. */
export interface KernelLayer {
  /** sigma_w^2: W has independent N(0, 1) entries and the factor sqrt(weightVariance/n), n the layer's number of inputs. */
  readonly weightVariance: number;
  /** sigma_b^2, the variance of the bias at the start. */
  readonly biasVariance: number;
  /** What the bias adds to the tangent kernel: the square of its factor. sigma_b^2 in the NTK parametrisation with N(0, 1) biases; above it where biases start at 0. */
  readonly biasTangent: number;
}
