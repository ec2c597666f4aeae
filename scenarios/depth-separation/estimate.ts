import {
  limitStepSeconds,
  pairSeconds,
  processBytes,
  processSeconds,
  recordPairSeconds,
  sampleSeconds,
} from "../costs/step-costs.ts";
import { type NetworkName, networksOf, simulationOptions } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** What a run costs, roughly, on one thread. */
export function estimateOf(values: Values): { readonly seconds: number; readonly bytes: number } {
  const chosen = networksOf(values);
  const seconds = chosen.map((name) => networkSeconds(values, name)).reduce((sum, each) => sum + each, 0);
  const checks = chosen.includes("bottleneck") ? startsSeconds(values) + conservationSeconds(values) : 0;
  const bytes = Math.max(...chosen.map((name) => networkBytes(values, name)));
  return { seconds: processSeconds + seconds + checks, bytes: processBytes + chosen.length * bytes };
}

function networkSeconds(values: Values, name: NetworkName): number {
  const { dimension, evaluationDirections, recordTimes } = values;
  const isBottleneck = name === "bottleneck";
  const width = widthOf(values, name);
  const steps = simulationOptions(values, name).dynamics.steps ?? stepsByTolerance(values);
  const records = recordTimes?.length ?? Math.min(40, steps + 1);
  const step =
    values.expectation === "sgd"
      ? width * values.batch * sampleSeconds(dimension)
      : width * directionsOf(values) * pairSeconds[name](dimension);
  const limitStep = limitStepSeconds[name](isBottleneck ? values.secondLayerWidth : width);
  const variance = isBottleneck && width <= 2048 ? varianceSeconds(width, dimension) : 0;
  const record = width * evaluationDirections * recordPairSeconds[name](dimension) + variance;
  return steps * (step + limitStep) + records * record;
}

/** Steps that a tolerance leads to, roughly: the step size was about 3.5 times the tolerance at the other defaults, for both networks. */
function stepsByTolerance({ time, tolerance }: Values): number {
  return Math.ceil((time ?? 0) / (3.5 * (tolerance ?? 1)));
}

/** The exact variance of F is a sum over all pairs of neurons. */
function varianceSeconds(width: number, dimension: number): number {
  return width * width * (5 + 0.3 * dimension) * 1e-9;
}

function startsSeconds({ starts, firstLayerWidth, dimension }: Values): number {
  return starts * varianceSeconds(Math.max(Math.min(firstLayerWidth, 240), 2 * dimension), dimension);
}

/** Two simulations at width 128 over time 20, the second with half the step size. */
function conservationSeconds(values: Values): number {
  const steps = (3 * 20) / Math.min(values.stepSize, 0.25);
  return steps * 128 * directionsOf(values) * pairSeconds.bottleneck(values.dimension);
}

/** Particles with their velocities and a checkpoint, and directions with what belongs to each. */
function networkBytes(values: Values, name: NetworkName): number {
  const { dimension, evaluationDirections, expectation, batch } = values;
  const points = (expectation === "sgd" ? batch : directionsOf(values)) + evaluationDirections;
  return 8 * (6 * widthOf(values, name) * (dimension + 2) + 8 * points * (dimension + 4));
}

function widthOf({ firstLayerWidth, twoLayerWidth }: Values, name: NetworkName): number {
  return name === "bottleneck" ? firstLayerWidth : twoLayerWidth;
}

function directionsOf({ directions, dimension }: Values): number {
  return directions ?? 2 * dimension * Math.ceil(128 / (2 * dimension));
}
