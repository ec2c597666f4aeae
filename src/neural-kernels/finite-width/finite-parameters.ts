import type { Engine } from "../../engines/index.ts";
import { invalidValue } from "../../errors.ts";
import { deriveKey, fillNormal, type RootSeed } from "../../numerics/index.ts";
import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";

/** One layer's parameters before their factors: h -> sqrt(weightVariance/n) W h + sqrt(biasTangent) b. */
export interface LayerParameters {
  /** W, outputs x inputs, row by row. */
  readonly weights: Float64Array;
  /** b, one an output. */
  readonly biases: Float64Array;
}

/** Where a network's parameters come from, a few rows at a time. */
export interface ParameterSource {
  /** Rows [first, first + count) of layer `layer`'s W. */
  weights(layer: number, first: number, count: number, inputs: number, out: Float64Array): void;
  biases(layer: number, out: Float64Array): void;
}

/**
 * Random parameters: W has independent N(0, 1) entries, b independent N(0, biasVariance/biasTangent) ones, so that sqrt(biasTangent) b has the variance that the
 * kernel counts. An entry depends on seed, draw, layer and place only: no weight is kept, and any rows can be had again.
 */
export function randomParameters(
  { layers }: FullyConnectedKernel,
  { draws }: Engine,
  seed: RootSeed,
  draw: number,
): ParameterSource {
  const weightKeys = layers.map((_, layer) => deriveKey(seed, "finite width", "weights", layer));
  const biasKeys = layers.map((_, layer) => deriveKey(seed, "finite width", "biases", layer));
  return {
    weights(layer, first, count, inputs, out) {
      const key = weightKeys[layer];
      const position = first * inputs;
      // Long draws are the engine's matter; it gives the same bits.
      if (draws === null) fillNormal(out, 0, count * inputs, position, key, 0, 0, draw);
      else draws.fillNormal(out, 0, count * inputs, position, 0, 0, draw, key.low, key.high);
    },
    biases(layer, out) {
      const { biasVariance, biasTangent } = layers[layer];
      out.fill(0);
      if (biasVariance === 0) return;
      fillNormal(out, 0, out.length, 0, biasKeys[layer], 0, 0, draw);
      const factor = Math.sqrt(biasVariance / biasTangent);
      for (let i = 0; i < out.length; i += 1) out[i] *= factor;
    },
  };
}

/**
 * Given parameters.
 *
 * @param sizes inputs, the layers' widths, 1
 * @throws MeanfieldError `invalid-value` on numbers of entries that do not fit
 */
export function givenParameters(parameters: readonly LayerParameters[], sizes: readonly number[]): ParameterSource {
  if (parameters.length !== sizes.length - 1) {
    throw invalidValue("parameters", `${sizes.length - 1} layers`, `${parameters.length} layers`);
  }
  parameters.forEach(({ weights, biases }, layer) => {
    const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
    if (weights.length !== inputs * outputs) {
      const expected = `${outputs} x ${inputs} numbers`;
      throw invalidValue(`parameters[${layer}].weights`, expected, `${weights.length} numbers`);
    }
    if (biases.length !== outputs) {
      throw invalidValue(`parameters[${layer}].biases`, `${outputs} numbers`, `${biases.length} numbers`);
    }
  });
  return {
    weights(layer, first, count, inputs, out) {
      out.set(parameters[layer].weights.subarray(first * inputs, (first + count) * inputs));
    },
    biases: (layer, out) => out.set(parameters[layer].biases),
  };
}
