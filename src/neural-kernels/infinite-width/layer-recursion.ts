import type { DualActivation } from "./dual-activation.ts";
import type { KernelLayer } from "./normalization.ts";

/**
 * Takes one pair of inputs through all layers and writes NNGP and NTK to out[0] and out[1] (NaN for the NTK of an activation that jumps). Allocates nothing.
 *
 * The covariance goes through as variances and half-angle, so that 1 - cos keeps its digits through every layer and with biases:
 * for moments a1, a2 and correlation chat after an activation, q_i = w a_i + b and
 *
 *     sqrt(q1 q2) - (w sqrt(a1 a2) chat + b) = w sqrt(a1 a2) (1 - chat) + w b (sqrt a1 - sqrt a2)^2 / (sqrt(q1 q2) + w sqrt(a1 a2) + b).
 *
 * @param firstVariance |x|^2 of the first input as its normalisation counts it
 * @param halfSine, halfCosine of half the angle between the inputs
 * @param out at least 2 numbers
 */
export function propagate(
  layers: readonly KernelLayer[],
  dual: DualActivation,
  firstVariance: number,
  secondVariance: number,
  halfSine: number,
  halfCosine: number,
  out: Float64Array,
): void {
  let first = firstVariance;
  let second = secondVariance;
  let gap = 2 * halfSine * halfSine;
  let cogap = 2 * halfCosine * halfCosine;
  let tangent = 0;
  let covariance = 0;
  const last = layers.length - 1;
  for (let index = 0; ; index += 1) {
    const { weightVariance, biasVariance, biasTangent } = layers[index];
    const before = weightVariance * Math.sqrt(first * second);
    // c = (1 + c)/2 - (1 - c)/2: each half exact where it is small.
    covariance = (before * (cogap - gap)) / 2;
    tangent = covariance + biasTangent + weightVariance * tangent;
    covariance += biasVariance;
    if (index === last) break;
    if (biasVariance > 0) {
      const unequal = Math.sqrt(first) - Math.sqrt(second);
      const norm = Math.sqrt((weightVariance * first + biasVariance) * (weightVariance * second + biasVariance));
      const spread = (weightVariance * biasVariance * unequal * unequal) / (norm + before + biasVariance);
      gap = (before * gap + spread) / norm;
      cogap = 2 - gap;
    }
    first = weightVariance * first + biasVariance;
    second = weightVariance * second + biasVariance;
    dual.pair(first, second, Math.sqrt(gap / 2), Math.sqrt(cogap / 2), scratch);
    gap = Math.max(0, scratch[0]);
    cogap = Math.max(0, scratch[1]);
    tangent *= scratch[2];
    const same = first === second;
    first = dual.secondMoment(first);
    second = same ? first : dual.secondMoment(second);
  }
  out[0] = covariance;
  out[1] = tangent;
}

const scratch = new Float64Array(3);
