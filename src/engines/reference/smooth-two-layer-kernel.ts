import { buildActivation } from "../../networks/activation.ts";
import type { TwoLayerSpec } from "../../networks/network.ts";
import type { SampledExpectation, VelocityProblem } from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { partition } from "./partition.ts";
import {
  type ReferenceBatch,
  type ReferenceKernel,
  type ReferenceMemory,
  type ScratchPlan,
  scratchViews,
} from "./scratch.ts";
import { neuronsOf, ownedNeurons, twoLayerViews } from "./two-layer-memory.ts";

/** The arrays that the threads of a smooth two-layer kernel share. */
export function smoothTwoLayerScratch({ expectation }: VelocityProblem, { width }: TwoLayerSpec) {
  const partials = Math.ceil(width / particleBlock) * chunkSize;
  const hasNorms = expectation.kind === "sampled" && expectation.clip !== null;
  return {
    doubles: {
      // sigma(z_is) and sigma'(z_is), neuron by neuron: written and read by the neuron's own thread
      values: chunkSize * width,
      slopes: chunkSize * width,
      // by blocks of neurons: sums of a_i sigma(z_is), and for the norms of sigma(z_is)^2 and (a_i sigma'(z_is))^2
      partial: partials,
      partialValues: hasNorms ? partials : 0,
      partialSlopes: hasNorms ? partials : 0,
      weights: chunkSize,
    },
    bytes: {},
  } satisfies ScratchPlan;
}

/**
 * Velocities of the two-layer network of a smooth activation on samples x, z_i = w_i.x + b_i, r = f(x) - f*(x), as they stand:
 * w_i' = -a_i E[r sigma'(z_i) x], b_i' = -a_i E[r sigma'(z_i)], a_i' = -E[r sigma(z_i)].
 *
 * With clipping a sample counts less where its gradient is longer than `clip` in the mean over neurons:
 * |g|^2 = r^2 mean_i (sigma(z_i)^2 + (a_i sigma'(z_i))^2 (|x|^2 + 1)).
 */
export function createSmoothTwoLayerKernel(
  problem: VelocityProblem,
  spec: TwoLayerSpec,
  expectation: SampledExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, width } = spec;
  const { speeds, batch } = problem;
  const { clip } = expectation;
  const activation = buildActivation(problem.activation);
  const { values, slopes, partial, partialValues, partialSlopes, weights } = scratchViews(
    smoothTwoLayerScratch(problem, spec),
    memory,
  );
  const blocks = Math.ceil(width / particleBlock);
  const chunks = chunkCount(batch);
  const velocity = twoLayerViews(memory.velocity, dimension, width);
  let buffer: Float64Array | null = null;
  let particles = velocity;
  let bound: ReferenceBatch = { points: weights, targets: weights, weights: null };

  function activate(i: number, chunk: number): void {
    const { w, b } = particles;
    const { points } = bound;
    const first = chunk * chunkSize;
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      let z = b[i];
      for (let k = 0; k < dimension; k += 1) z += w[i * dimension + k] * points[(first + sample) * dimension + k];
      values[i * chunkSize + sample] = activation.value(z);
      slopes[i * chunkSize + sample] = activation.derivative(z);
    }
  }

  function sumBlock(block: number, chunk: number): void {
    const { a } = particles;
    const end = Math.min(width, (block + 1) * particleBlock);
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      let sum = 0;
      let squares = 0;
      let gates = 0;
      for (let i = block * particleBlock; i < end; i += 1) {
        const value = values[i * chunkSize + sample];
        sum += a[i] * value;
        squares += value * value;
        gates += (a[i] * slopes[i * chunkSize + sample]) ** 2;
      }
      const at = block * chunkSize + sample;
      partial[at] = sum;
      if (clip === null) continue;
      partialValues[at] = squares;
      partialSlopes[at] = gates;
    }
  }

  function sumOf(partials: Float64Array, sample: number): number {
    let sum = 0;
    for (let block = 0; block < blocks; block += 1) sum += partials[block * chunkSize + sample];
    return sum;
  }

  /** |g| / |r| at a sample. */
  function gradientNorm(sample: number, at: number): number {
    let square = 1;
    for (let k = 0; k < dimension; k += 1) square += bound.points[at * dimension + k] ** 2;
    return Math.sqrt((sumOf(partialValues, sample) + square * sumOf(partialSlopes, sample)) / width);
  }

  /** Adds the chunk to the sums E[r sigma'(z_i) (x, 1)] and E[r sigma(z_i)], which stand where the velocities will. */
  function addNeuron(i: number, chunk: number): void {
    const { points } = bound;
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      const factor = weights[sample] * slopes[i * chunkSize + sample];
      const point = (chunk * chunkSize + sample) * dimension;
      for (let k = 0; k < dimension; k += 1) velocity.w[i * dimension + k] += factor * points[point + k];
      velocity.b[i] += factor;
      velocity.a[i] += weights[sample] * values[i * chunkSize + sample];
    }
  }

  return {
    chunks,
    bind(flat: Float64Array, batchBound: ReferenceBatch) {
      // Views cost memory, and a run binds the same buffer at every step.
      if (flat !== buffer) particles = twoLayerViews(flat, dimension, width);
      buffer = flat;
      bound = batchBound;
    },
    forward(chunk, part, parts) {
      const [from, to] = neuronsOf(width, part, parts);
      for (let i = from; i < to; i += 1) activate(i, chunk);
      const [firstBlock, lastBlock] = partition(blocks, part, parts);
      for (let block = firstBlock; block < lastBlock; block += 1) sumBlock(block, chunk);
    },
    residual(chunk, part, parts) {
      const [from, to] = partition(pointsInChunk(batch, chunk), part, parts);
      for (let sample = from; sample < to; sample += 1) {
        const at = chunk * chunkSize + sample;
        const error = sumOf(partial, sample) / width - bound.targets[at];
        let factor = bound.weights === null ? 1 / batch : bound.weights[at];
        if (clip !== null) {
          const norm = Math.abs(error) * gradientNorm(sample, at);
          if (norm > clip) factor *= clip / norm;
        }
        weights[sample] = factor * error;
      }
    },
    backward(chunk, part, parts) {
      const [from, to] = neuronsOf(width, part, parts);
      if (chunk === 0) {
        velocity.w.fill(0, from * dimension, to * dimension);
        velocity.b.fill(0, from, to);
        velocity.a.fill(0, from, to);
      }
      for (let i = from; i < to; i += 1) addNeuron(i, chunk);
      if (chunk < chunks - 1) return;
      const { a } = particles;
      for (let i = from; i < to; i += 1) {
        for (let k = i * dimension; k < (i + 1) * dimension; k += 1) velocity.w[k] *= -speeds.w * a[i];
        velocity.b[i] *= -speeds.b * a[i];
        velocity.a[i] *= -speeds.a;
      }
    },
    owned: (part, parts) => ownedNeurons(dimension, width, part, parts),
  };
}
