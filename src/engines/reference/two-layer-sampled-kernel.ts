import type { TwoLayerSpec } from "../../networks/network.ts";
import type { SampledExpectation, VelocityProblem } from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { createLayerProduct, type LayerShape, layerScratch } from "./layer-product.ts";
import { negativeSlopeOf } from "./negative-slope.ts";
import { partition } from "./partition.ts";
import {
  type ReferenceBatch,
  type ReferenceKernel,
  type ReferenceMemory,
  type ScratchPlan,
  scratchViews,
} from "./scratch.ts";
import { ownedNeurons, twoLayerViews, writeVelocity } from "./two-layer-memory.ts";

function layerShape(problem: VelocityProblem, spec: TwoLayerSpec): LayerShape {
  const { expectation } = problem;
  return {
    width: spec.width,
    dimension: spec.dimension,
    hasBias: true,
    batch: problem.batch,
    negativeSlope: negativeSlopeOf(problem),
    needsNorms: expectation.kind === "sampled" && expectation.clip !== null,
  };
}

/** The arrays that the threads of a sampled two-layer kernel share. */
export function twoLayerSampledScratch(problem: VelocityProblem, spec: TwoLayerSpec) {
  const layer = layerScratch(layerShape(problem, spec));
  return { doubles: { ...layer.doubles, weights: chunkSize }, bytes: layer.bytes } satisfies ScratchPlan;
}

/**
 * Velocities of the two-layer network on samples x, r = f(x) - f*(x), G_i = E[r sigma'(w_i.x + b_i) (x, 1)]:
 * (w_i, b_i)' = -a_i G_i, a_i' = -(w_i, b_i).G_i.
 *
 * Leaky ReLU is sigma(z) = (1 - slope) relu(z) + slope z. What is linear is the same for all neurons, so the binary products serve it too:
 * f(x) = (1/m) ((1 - slope) sum_i a_i relu(z_i) + slope (sum_i a_i (w_i, b_i)).(x, 1)), G_i = (1 - slope) E[r 1_i (x, 1)] + slope E[r (x, 1)].
 */
export function createTwoLayerSampledKernel(
  problem: VelocityProblem,
  spec: TwoLayerSpec,
  expectation: SampledExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, width } = spec;
  const { speeds, batch } = problem;
  const negativeSlope = negativeSlopeOf(problem);
  const views = scratchViews(twoLayerSampledScratch(problem, spec), memory);
  const { rows, amplitudes, gradient, weights } = views;
  const rowFactors = new Float64Array(width);
  const layer = createLayerProduct(layerShape(problem, spec), views, rowFactors, 1);
  const blocks = Math.ceil(width / particleBlock);
  const chunks = chunkCount(batch);
  const n = dimension + 1;
  const velocity = twoLayerViews(memory.velocity, dimension, width);
  // Each thread computes them for itself, in one order: sum_i a_i (w_i, b_i), and E[r (x, 1)].
  const linear = new Float64Array(n);
  const meanRow = new Float64Array(n);
  let buffer: Float64Array | null = null;
  let particles = velocity;
  let points: Float64Array = new Float64Array();
  let targets = points;
  let sampleWeights: Float64Array | null = null;

  function packRows(from: number, to: number): void {
    const { w, b, a } = particles;
    for (let i = from; i < to; i += 1) {
      for (let k = 0; k < dimension; k += 1) rows[i * n + k] = w[i * dimension + k];
      rows[i * n + dimension] = b[i];
      amplitudes[i] = a[i];
      rowFactors[i] = a[i] * a[i];
    }
  }

  function sumRows(): void {
    const { w, b, a } = particles;
    linear.fill(0);
    for (let i = 0; i < width; i += 1) {
      for (let k = 0; k < dimension; k += 1) linear[k] += a[i] * w[i * dimension + k];
      linear[dimension] += a[i] * b[i];
    }
  }

  /** sum_i a_i z_i at sample number `at` of the batch. */
  function linearPart(at: number): number {
    let sum = linear[dimension];
    for (let k = 0; k < dimension; k += 1) sum += linear[k] * points[at * dimension + k];
    return sum;
  }

  function addToMeanRow(chunk: number): void {
    if (chunk === 0) meanRow.fill(0);
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      const weight = weights[sample];
      const point = (chunk * chunkSize + sample) * dimension;
      for (let k = 0; k < dimension; k += 1) meanRow[k] += weight * points[point + k];
      meanRow[dimension] += weight;
    }
  }

  function addLinearPart(from: number, to: number): void {
    for (let i = from; i < to; i += 1) {
      for (let k = 0; k < n; k += 1) {
        gradient[i * n + k] = (1 - negativeSlope) * gradient[i * n + k] + negativeSlope * meanRow[k];
      }
    }
  }

  return {
    chunks,
    bind(flat: Float64Array, bound: ReferenceBatch) {
      // Views cost memory, and a run binds the same buffer at every step.
      if (flat !== buffer) particles = twoLayerViews(flat, dimension, width);
      buffer = flat;
      points = bound.points;
      targets = bound.targets;
      sampleWeights = bound.weights;
    },
    forward(chunk, part, parts) {
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      if (chunk === 0) packRows(firstBlock * particleBlock, Math.min(width, lastBlock * particleBlock));
      layer.forward(points, chunk, firstBlock, lastBlock);
    },
    residual(chunk, part, parts) {
      const count = pointsInChunk(batch, chunk);
      const [from, to] = partition(count, part, parts);
      if (negativeSlope > 0 && chunk === 0) sumRows();
      for (let sample = from; sample < to; sample += 1) {
        const at = chunk * chunkSize + sample;
        let sum = layer.sum(sample);
        if (negativeSlope > 0) sum = (1 - negativeSlope) * sum + negativeSlope * linearPart(at);
        const error = sum / width - targets[at];
        let factor = sampleWeights === null ? 1 / batch : sampleWeights[at];
        if (expectation.clip !== null) {
          const norm = Math.abs(error) * Math.sqrt(layer.squaredNorm(sample) / width);
          if (norm > expectation.clip) factor *= expectation.clip / norm;
        }
        weights[sample] = factor * error;
      }
      if (part === parts - 1) weights.fill(0, count);
    },
    backward(chunk, part, parts) {
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      const from = firstBlock * particleBlock;
      const to = Math.min(width, lastBlock * particleBlock);
      layer.backward(points, chunk, weights, from, to);
      if (negativeSlope > 0) addToMeanRow(chunk);
      if (chunk < chunks - 1) return;
      if (negativeSlope > 0) addLinearPart(from, to);
      writeVelocity(particles, velocity, gradient, speeds, dimension, from, to);
    },
    owned: (part, parts) => ownedNeurons(dimension, width, part, parts),
  };
}
