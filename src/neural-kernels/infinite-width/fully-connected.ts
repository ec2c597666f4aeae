import { invalidValue, MeanfieldError, unknownKind } from "../../errors.ts";
import { buildDual } from "./build-dual.ts";
import { buildKernelActivation, type KernelActivationSpec } from "./kernel-activation.ts";
import { type KernelLayer, type KernelNormalization, kernelNormalizations } from "./normalization.ts";

/** The kernel of an infinitely wide fully connected network, as frozen plain data. */
export interface FullyConnectedKernel {
  readonly kind: "fully-connected";
  readonly activation: KernelActivationSpec;
  readonly normalization: KernelNormalization;
  /** First layer to readout: one more than there are hidden layers. */
  readonly layers: readonly KernelLayer[];
}

/** Depth in either of the two ways in which papers count it. */
export type KernelDepth =
  /** Layers of neurons with the activation, >= 1. */
  | { readonly hiddenLayers: number; readonly weightLayers?: never }
  /** Layers of weights, hiddenLayers + 1 >= 2: the L of Bietti, Bach 2021 and Nguyen, Mondelli, Montufar 2021. */
  | { readonly weightLayers: number; readonly hiddenLayers?: never };

export type FullyConnectedOptions = KernelDepth & {
  readonly activation: KernelActivationSpec;
  /** @default "ntk" */
  readonly normalization?: KernelNormalization;
  /**
   * sigma_w^2 of the hidden layers, > 0; with `normalization: "ntk"` only, since the others choose it.
   * @default 2/(1 + negativeSlope^2) (He) for ReLU and leaky ReLU, 1 for others
   */
  readonly weightVariance?: number;
  /** sigma_b^2 of the hidden layers, >= 0. @default 0 */
  readonly biasVariance?: number;
  /** Square of the biases' factor, >= biasVariance; in the readout too when `readout` is left out. 1 with biasVariance 0: trained biases that start at 0. @default biasVariance */
  readonly biasTangent?: number;
  /** Where biases are. @default "hidden-layers" */
  readonly biases?: "first-layer" | "hidden-layers" | "all-layers";
  /** sigma_w^2 of the readout, > 0. @default 1 with "ntk", what keeps the variance with the others */
  readonly readoutWeightVariance?: number;
};

/**
 * The infinite-width kernels of a fully connected network, NNGP (the covariance of its outputs at the start; also conjugate or random-feature kernel)
 * and NTK (the tangent kernel, in which all layers learn). With f^0 = x, z^l = sqrt(sigma_w^2/n) W f^(l-1) + biases, f^l = phi(z^l) and a linear readout:
 *
 *     S = sigma_w^2 S + sigma_b^2,   T = sigma_w^2 (S before + T) + biasTangent          (layer of weights; T = 0 before the first)
 *     S = E phi(z1) phi(z2),         T = T E phi'(z1) phi'(z2)                            (activation)
 *
 * Data only: `kernelEvaluator` computes.
 *
 * @throws MeanfieldError `invalid-value` on a depth < 1, negative variances, numbers that are not finite; `unknown-kind`;
 * `unsupported-combination` where the normalisation does not fit the activation or the variances
 */
export function fullyConnected(options: FullyConnectedOptions): FullyConnectedKernel {
  const { normalization = "ntk" } = options;
  const activation = buildKernelActivation(options.activation);
  if (!kernelNormalizations.includes(normalization)) {
    throw invalidValue("normalization", `one of ${kernelNormalizations.join(", ")}`, normalization);
  }
  const hiddenLayers = hiddenLayersOf(options);
  const { biasVariance = 0, biasTangent = biasVariance, biases = "hidden-layers" } = options;
  if (!(biasVariance >= 0 && biasVariance < Infinity)) {
    throw invalidValue("biasVariance", "a finite number >= 0", biasVariance);
  }
  if (!(biasTangent >= biasVariance && biasTangent < Infinity)) {
    throw invalidValue("biasTangent", `a finite number >= biasVariance, ${biasVariance}`, biasTangent);
  }
  if (!["first-layer", "hidden-layers", "all-layers"].includes(biases)) {
    throw invalidValue("biases", "one of first-layer, hidden-layers, all-layers", biases);
  }
  const variances = weightVariances(options, normalization);
  const layers = Array.from({ length: hiddenLayers + 1 }, (_, index): KernelLayer => {
    const isReadout = index === hiddenLayers;
    const hasBias = index === 0 || (biases === "all-layers" ? true : biases === "hidden-layers" && !isReadout);
    return Object.freeze({
      weightVariance: index === 0 ? variances.first : isReadout ? variances.readout : variances.hidden,
      biasVariance: hasBias ? biasVariance : 0,
      biasTangent: hasBias ? biasTangent : 0,
    });
  });
  if (normalization !== "ntk" && biasVariance > 0) {
    throw new MeanfieldError(
      "unsupported-combination",
      `biasVariance: with normalization "${normalization}" the variance of every layer is fixed; leave biasVariance 0 (biasTangent may be positive) or choose "ntk"`,
      { path: "biasVariance" },
    );
  }
  if (normalization === "squared-norm" && activation.homogeneity !== 1) {
    throw new MeanfieldError(
      "unsupported-combination",
      `normalization: "squared-norm" needs an activation with phi(r z) = r phi(z), relu or leaky-relu, got ${options.activation.kind}; choose "unit-sphere" or "ntk"`,
      { path: "normalization" },
    );
  }
  return Object.freeze({
    kind: "fully-connected",
    activation: options.activation,
    normalization,
    layers: Object.freeze(layers),
  });
}

/**
 * Refuses what is no kernel of `fullyConnected`, such as one written by hand or read from a file.
 *
 * @throws MeanfieldError `unknown-kind`, `invalid-value`
 */
export function checkFullyConnected(kernel: FullyConnectedKernel): void {
  if (kernel?.kind !== "fully-connected") throw unknownKind("kernel", kernel?.kind, ["fully-connected"]);
  if (!kernelNormalizations.includes(kernel.normalization)) {
    throw invalidValue("kernel.normalization", `one of ${kernelNormalizations.join(", ")}`, kernel.normalization);
  }
  if (!(Array.isArray(kernel.layers) && kernel.layers.length >= 2)) {
    throw invalidValue("kernel.layers", "at least two layers of weights", kernel.layers);
  }
  kernel.layers.forEach(({ weightVariance, biasVariance, biasTangent }, index) => {
    const path = `kernel.layers[${index}]`;
    if (!(weightVariance > 0 && weightVariance < Infinity)) {
      throw invalidValue(`${path}.weightVariance`, "a positive finite number", weightVariance);
    }
    for (const [name, value] of Object.entries({ biasVariance, biasTangent })) {
      if (!(value >= 0 && value < Infinity)) throw invalidValue(`${path}.${name}`, "a finite number >= 0", value);
    }
  });
}

/** The number of layers of neurons of a kernel. */
export function hiddenLayerCount(kernel: FullyConnectedKernel): number {
  return kernel.layers.length - 1;
}

function hiddenLayersOf({ hiddenLayers, weightLayers }: KernelDepth): number {
  if ((hiddenLayers === undefined) === (weightLayers === undefined)) {
    throw invalidValue("hiddenLayers", "either hiddenLayers or weightLayers (one more)", {
      hiddenLayers,
      weightLayers,
    });
  }
  if (hiddenLayers !== undefined) {
    if (Number.isInteger(hiddenLayers) && hiddenLayers >= 1) return hiddenLayers;
    throw invalidValue("hiddenLayers", "an integer >= 1", hiddenLayers);
  }
  if (Number.isInteger(weightLayers) && weightLayers >= 2) return weightLayers - 1;
  throw invalidValue("weightLayers", "an integer >= 2: one hidden layer has two layers of weights", weightLayers);
}

function weightVariances(options: FullyConnectedOptions, normalization: KernelNormalization) {
  const { weightVariance, readoutWeightVariance } = options;
  for (const [path, value] of Object.entries({ weightVariance, readoutWeightVariance })) {
    if (value === undefined) continue;
    if (!(value > 0 && value < Infinity)) throw invalidValue(path, "a positive finite number", value);
    if (normalization === "ntk") continue;
    throw new MeanfieldError(
      "unsupported-combination",
      `${path}: normalization "${normalization}" chooses it so that the variance stays; leave it out or choose "ntk"`,
      { path },
    );
  }
  const keeping = () => 1 / buildDual(options.activation).secondMoment(1);
  if (normalization !== "ntk") return { first: 1, hidden: keeping(), readout: keeping() };
  const isHomogeneous = buildKernelActivation(options.activation).homogeneity === 1;
  const hidden = weightVariance ?? (isHomogeneous ? keeping() : 1);
  return { first: hidden, hidden, readout: readoutWeightVariance ?? 1 };
}
