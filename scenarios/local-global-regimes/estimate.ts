import { processBytes, processSeconds } from "../costs/step-costs.ts";
import { functionsOf } from "./functions.ts";
import { type Family, families, stepsOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Seconds of a step for one example and one neuron, in float32; of a dense network one pair of neurons. Measured with the native engine on one core. */
const exampleSeconds = { "two-layer": 0.7e-9, dense: 0.095e-9 } as const;
/** What float64 takes of float32. */
const float64 = 2;
/** Seconds of an element of a tangent kernel for one neuron, of a network's value at a test input for one weight, and of an eigendecomposition over n^3. */
const elementSeconds = 1e-9;
const valueSeconds = 1.2e-9;
const eigenSeconds = 6e-9;
const recordCount = 16;

/** Seconds of one family's rich networks at one N. */
export function richSeconds(family: Family, count: number, values: Values): number {
  const records = recordCount * (values.testExamples + count) * weightsOf(family, values) * valueSeconds;
  const slower = values.precision === "float32" ? 1 : float64;
  return functionsOf(values).length * (stepsOf(values) * count * stepSeconds(family, values) * slower + records);
}

/** Seconds of one family's networks at larger output scales, and of their kernel. */
export function lazySeconds(family: Family, values: Values): number {
  const { scales, lazyExamples } = values;
  const steps = stepsOf(values) * lazyExamples * stepSeconds(family, values) * float64;
  return functionsOf(values).length * scales.length * steps + matrixSeconds(family, lazyExamples, values);
}

/** Seconds of one family's kernel descent at one N. */
export function kernelSeconds(family: Family, count: number, values: Values): number {
  const predictions = 21 * 27 * count * values.testExamples * 1e-9;
  return matrixSeconds(family, count, values) + predictions;
}

/** Cost of a run on one thread. */
export function estimateOf(values: Values) {
  let seconds = 0;
  for (const family of families) {
    for (const count of values.exampleCounts) {
      seconds += richSeconds(family, count, values) + kernelSeconds(family, count, values);
    }
    seconds += lazySeconds(family, values);
  }
  const largest = values.exampleCounts[values.exampleCounts.length - 1];
  const features = (largest + values.testExamples) * (values.twoLayerWidth + 4 * values.denseWidth);
  const kernels = largest * (3 * largest + values.testExamples);
  return { seconds: processSeconds + values.repeats * seconds, bytes: processBytes + 8 * (features + kernels) };
}

function stepSeconds(family: Family, { twoLayerWidth, denseWidth }: Values): number {
  return exampleSeconds[family] * (family === "dense" ? denseWidth ** 2 : twoLayerWidth);
}

function weightsOf(family: Family, { twoLayerWidth, denseWidth, dimension }: Values): number {
  return family === "dense" ? denseWidth * (denseWidth + dimension) : twoLayerWidth * dimension;
}

function matrixSeconds(family: Family, count: number, values: Values): number {
  const width = family === "dense" ? 3 * values.denseWidth : 2 * values.twoLayerWidth;
  return (count / 2 + values.testExamples) * count * width * elementSeconds + eigenSeconds * count ** 3;
}
