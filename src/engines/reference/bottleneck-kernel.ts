import type { BottleneckSpec } from "../../networks/network.ts";
import type { OwnedRange, VelocityProblem } from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { createRadialResidual, createSampledResidual } from "./bottleneck-residual.ts";
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

function layerShape(problem: VelocityProblem, spec: BottleneckSpec): LayerShape {
  return {
    width: spec.firstLayerWidth,
    dimension: spec.dimension,
    hasBias: false,
    batch: problem.batch,
    negativeSlope: 0,
    needsNorms: problem.expectation.kind === "sampled" && problem.expectation.clip !== null,
  };
}

/** The arrays that the threads of a bottleneck kernel share. */
export function bottleneckScratch(problem: VelocityProblem, spec: BottleneckSpec) {
  const layer = layerScratch(layerShape(problem, spec));
  return {
    // weights: dLoss/dF per point; offsetTerms and slopeTerms: the points' parts of the gradients in b and v, a_j left out.
    doubles: {
      ...layer.doubles,
      weights: chunkSize,
      offsetTerms: chunkSize * spec.secondLayerWidth,
      slopeTerms: chunkSize * spec.secondLayerWidth,
    },
    bytes: layer.bytes,
  } satisfies ScratchPlan;
}

/**
 * Velocities of the bottleneck network (docs/theory/velocity-kernels.md), with g = dLoss/dF:
 * w_i' = -E[g ((w_i/|w_i|) relu(w_i.x) + |w_i| 1(w_i.x > 0) x)], v_j' = -a_j E[(f - f*) 1_j F], b_j' = -a_j E[(f - f*) 1_j],
 * a_j' = -E[(f - f*) relu(v_j F + b_j)], 1_j = 1(v_j F + b_j > 0).
 */
export function createBottleneckKernel(
  problem: VelocityProblem,
  spec: BottleneckSpec,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, firstLayerWidth: width, secondLayerWidth: atomCount } = spec;
  const { speeds, batch, expectation } = problem;
  const views = scratchViews(bottleneckScratch(problem, spec), memory);
  const { rows, amplitudes, gradient, weights, offsetTerms, slopeTerms } = views;
  const rowFactors = new Float64Array(width);
  const layer = createLayerProduct(layerShape(problem, spec), views, rowFactors, 3);
  const blocks = Math.ceil(width / particleBlock);
  const chunks = chunkCount(batch);
  const firstLayer = width * dimension;
  const velocity = memory.velocity;
  const velocityW = velocity.subarray(0, firstLayer);
  const velocityV = velocity.subarray(firstLayer, firstLayer + atomCount);
  const velocityB = velocity.subarray(firstLayer + atomCount, firstLayer + 2 * atomCount);
  const velocityA = velocity.subarray(firstLayer + 2 * atomCount, firstLayer + 3 * atomCount);
  let buffer: Float64Array | null = null;
  let w: Float64Array = new Float64Array();
  let v = w;
  let b = w;
  let a = w;
  let points = w;
  let targets = w;
  let sampleWeights: Float64Array | null = null;
  const second = { views: { offsetTerms, slopeTerms, weights }, atomCount, batch };
  const residualAt =
    expectation.kind === "radial"
      ? createRadialResidual(expectation, second)
      : createSampledResidual(expectation, second, width, spec.trainOuterWeights);

  function packRows(from: number, to: number): void {
    for (let i = from; i < to; i += 1) {
      let square = 0;
      for (let k = i * dimension; k < (i + 1) * dimension; k += 1) {
        rows[k] = w[k];
        square += w[k] * w[k];
      }
      amplitudes[i] = Math.sqrt(square);
      rowFactors[i] = square;
    }
  }

  function finishRows(from: number, to: number): void {
    for (let i = from; i < to; i += 1) {
      const start = i * dimension;
      const norm = amplitudes[i];
      if (norm === 0) {
        velocityW.fill(0, start, start + dimension);
        continue;
      }
      let product = 0;
      for (let k = start; k < start + dimension; k += 1) product += w[k] * gradient[k];
      const along = product / norm;
      for (let k = start; k < start + dimension; k += 1) {
        velocityW[k] = -speeds.w * (along * w[k] + norm * gradient[k]);
      }
    }
  }

  function finishAtoms(chunk: number, from: number, to: number): void {
    const count = pointsInChunk(batch, chunk);
    for (let j = from; j < to; j += 1) {
      let offset = 0;
      let slope = 0;
      for (let sample = 0; sample < count; sample += 1) {
        offset += offsetTerms[sample * atomCount + j];
        slope += slopeTerms[sample * atomCount + j];
      }
      if (chunk === 0) {
        velocityV[j] = 0;
        velocityB[j] = 0;
        velocityA[j] = 0;
      }
      velocityV[j] -= speeds.v * a[j] * slope;
      velocityB[j] -= speeds.b * a[j] * offset;
      velocityA[j] -= speeds.a * (v[j] * slope + b[j] * offset);
    }
  }

  return {
    chunks,
    bind(particles: Float64Array, bound: ReferenceBatch) {
      points = bound.points;
      targets = bound.targets;
      sampleWeights = bound.weights;
      // Views cost memory, and a run binds the same buffer at every step.
      if (particles === buffer) return;
      buffer = particles;
      w = particles.subarray(0, firstLayer);
      v = particles.subarray(firstLayer, firstLayer + atomCount);
      b = particles.subarray(firstLayer + atomCount, firstLayer + 2 * atomCount);
      a = particles.subarray(firstLayer + 2 * atomCount, firstLayer + 3 * atomCount);
    },
    forward(chunk, part, parts) {
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      if (chunk === 0) packRows(firstBlock * particleBlock, Math.min(width, lastBlock * particleBlock));
      layer.forward(points, chunk, firstBlock, lastBlock);
    },
    residual(chunk, part, parts) {
      const count = pointsInChunk(batch, chunk);
      const [from, to] = partition(count, part, parts);
      residualAt.prepare(v, b, a);
      for (let sample = from; sample < to; sample += 1) {
        const at = chunk * chunkSize + sample;
        const squaredNorm = residualAt.needsNorm ? layer.squaredNorm(sample) : 0;
        const weight = sampleWeights === null ? 1 / batch : sampleWeights[at];
        residualAt.write(sample, layer.sum(sample) / width, targets[at], weight, squaredNorm);
      }
      if (part === parts - 1) weights.fill(0, count);
    },
    backward(chunk, part, parts) {
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      const from = firstBlock * particleBlock;
      const to = Math.min(width, lastBlock * particleBlock);
      layer.backward(points, chunk, weights, from, to);
      const [firstAtom, lastAtom] = partition(atomCount, part, parts);
      finishAtoms(chunk, firstAtom, lastAtom);
      if (chunk === chunks - 1) finishRows(from, to);
    },
    owned(part, parts): readonly OwnedRange[] {
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      const to = Math.min(width, lastBlock * particleBlock);
      const [firstAtom, lastAtom] = partition(atomCount, part, parts);
      const ranges: OwnedRange[] = [[firstBlock * particleBlock * dimension, to * dimension]];
      for (let array = 0; array < 3; array += 1) {
        const base = firstLayer + array * atomCount;
        ranges.push([base + firstAtom, base + lastAtom]);
      }
      return ranges;
    },
  };
}
