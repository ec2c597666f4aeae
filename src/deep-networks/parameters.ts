import { invalidValue } from "../errors.ts";
import { deriveKey, fillNormal, fillUniform, type RootSeed } from "../numerics/random/index.ts";
import { type DeepStart, type FullyConnectedSpec, layerSizes } from "./fully-connected.ts";

/** Parameters of one layer of weights. */
export interface DeepLayer {
  /** W: outputs x inputs of the layer, one row a unit. */
  readonly weights: Float64Array;
  /** b: one a unit; all 0 in a network without biases. */
  readonly biases: Float64Array;
}

/** The layers' parameters, the layer at the inputs first; one more than there are hidden layers. */
export type DeepParameters = readonly DeepLayer[];

/**
 * Independent weights of mean 0 and biases 0. A layer of n inputs and m outputs has weights of variance 2/n (he: the second moment of relu(z) is that of
 * the layer below) or 2/(n + m) (glorot), from N(0, variance) (normal) or U[-c, c], c = sqrt(3 variance) (uniform). He et al. 2015, Glorot and Bengio 2010.
 */
export function startParameters(spec: FullyConnectedSpec, seed: RootSeed): DeepParameters {
  const sizes = layerSizes(spec);
  return sizes.slice(1).map((outputs, layer) => {
    const inputs = sizes[layer];
    const weights = new Float64Array(outputs * inputs);
    const key = deriveKey(seed, "deep network", layer);
    const deviation = Math.sqrt(weightVariance(spec.start, inputs, outputs));
    if (isUniform(spec.start)) {
      fillUniform(weights, 0, weights.length, 0, key, 0, 0, 0);
      const width = 2 * Math.sqrt(3) * deviation;
      for (let at = 0; at < weights.length; at += 1) weights[at] = width * (weights[at] - 0.5);
    } else {
      fillNormal(weights, 0, weights.length, 0, key, 0, 0, 0);
      for (let at = 0; at < weights.length; at += 1) weights[at] *= deviation;
    }
    return { weights, biases: new Float64Array(outputs) };
  });
}

const isUniform = (start: DeepStart): boolean => start === "he-uniform" || start === "glorot-uniform";

function weightVariance(start: DeepStart, inputs: number, outputs: number): number {
  return start === "he-normal" || start === "he-uniform" ? 2 / inputs : 2 / (inputs + outputs);
}

/**
 * Parameters as they may come from outside.
 *
 * @throws MeanfieldError `invalid-value` where layers, lengths or numbers are not the network's
 */
export function checkParameters(spec: FullyConnectedSpec, parameters: DeepParameters): DeepParameters {
  const sizes = layerSizes(spec);
  if (!Array.isArray(parameters) || parameters.length !== sizes.length - 1) {
    throw invalidValue("parameters", `${sizes.length - 1} layers`, parameters);
  }
  for (const [layer, { weights, biases }] of parameters.entries()) {
    checkNumbers(`parameters[${layer}].weights`, weights, sizes[layer + 1] * sizes[layer]);
    checkNumbers(`parameters[${layer}].biases`, biases, sizes[layer + 1]);
    if (!spec.biases && biases.some((bias: number) => bias !== 0)) {
      throw invalidValue(`parameters[${layer}].biases`, "zeros in a network without biases", biases);
    }
  }
  return parameters;
}

function checkNumbers(path: string, values: Float64Array, length: number): void {
  if (values instanceof Float64Array && values.length === length && values.every(Number.isFinite)) return;
  throw invalidValue(path, `a Float64Array of ${length} finite numbers`, values);
}
