import type { TwoLayerSpec } from "../../networks/network.ts";
import type { SampledExpectation, VelocityProblem } from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { createLayerProduct, type LayerShape, layerScratch } from "./layer-product.ts";
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
    needsNorms: expectation.kind === "sampled" && expectation.clip !== null,
  };
}

/** The arrays that the threads of a sampled two-layer kernel share. */
export function twoLayerSampledScratch(problem: VelocityProblem, spec: TwoLayerSpec) {
  const layer = layerScratch(layerShape(problem, spec));
  return { doubles: { ...layer.doubles, weights: chunkSize }, bytes: layer.bytes } satisfies ScratchPlan;
}

/**
 * Velocities of the two-layer network on samples x, r = f(x) - f*(x), G_i = E[r 1(w_i.x + b_i > 0) (x, 1)]:
 * (w_i, b_i)' = -a_i G_i, a_i' = -(w_i, b_i).G_i.
 */
export function createTwoLayerSampledKernel(
  problem: VelocityProblem,
  spec: TwoLayerSpec,
  expectation: SampledExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, width } = spec;
  const { speeds, batch } = problem;
  const views = scratchViews(twoLayerSampledScratch(problem, spec), memory);
  const { rows, amplitudes, gradient, weights } = views;
  const rowFactors = new Float64Array(width);
  const layer = createLayerProduct(layerShape(problem, spec), views, rowFactors, 1);
  const blocks = Math.ceil(width / particleBlock);
  const chunks = chunkCount(batch);
  const n = dimension + 1;
  const velocity = twoLayerViews(memory.velocity, dimension, width);
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
      for (let sample = from; sample < to; sample += 1) {
        const error = layer.sum(sample) / width - targets[chunk * chunkSize + sample];
        let factor = sampleWeights === null ? 1 / batch : sampleWeights[chunk * chunkSize + sample];
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
      if (chunk === chunks - 1) writeVelocity(particles, velocity, gradient, speeds, dimension, from, to);
    },
    owned: (part, parts) => ownedNeurons(dimension, width, part, parts),
  };
}
