import { buildActivation } from "../../networks/activation.ts";
import type { DenseSpec } from "../../networks/network.ts";
import type { OwnedRange, SampledExpectation, VelocityProblem } from "../engine.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { denseOffsets, denseViews } from "./dense-views.ts";
import { partition } from "./partition.ts";
import {
  type ReferenceBatch,
  type ReferenceKernel,
  type ReferenceMemory,
  type ScratchPlan,
  scratchViews,
} from "./scratch.ts";

/** The arrays that the threads of a smooth dense kernel share, one row a point. */
export function smoothDenseScratch({ firstLayerWidth, secondLayerWidth }: DenseSpec) {
  return {
    doubles: {
      // sigma(z_is), sigma'(z_is), and B_is sigma'(z_is)
      hidden: chunkSize * firstLayerWidth,
      hiddenSlopes: chunkSize * firstLayerWidth,
      signals: chunkSize * firstLayerWidth,
      // sigma(H_js), and a_j sigma'(H_js)
      outer: chunkSize * secondLayerWidth,
      gates: chunkSize * secondLayerWidth,
      weights: chunkSize,
    },
    bytes: {},
  } satisfies ScratchPlan;
}

/**
 * Velocities of the dense network of a smooth activation on samples, as they stand (docs/theory/dense-network.md): with z_i = w_i.x + c_i,
 * h_i = sigma(z_i), r = y(x) - f*(x) and B_i = (1/m2) sum_j U_ji a_j sigma'(H_j),
 * (w_i, c_i)' = -E[r B_i sigma'(z_i) (x, 1)], U_ji' = -a_j E[r sigma'(H_j) h_i], e_j' = -a_j E[r sigma'(H_j)], a_j' = -E[r sigma(H_j)].
 *
 * A thread owns first-layer neurons with their columns of U, and second-layer neurons. What it reads of the others in the backward phase is written
 * in the residual phase, so it may go on to the next forward phase while others are still in this one.
 */
export function createSmoothDenseKernel(
  problem: VelocityProblem,
  spec: DenseSpec,
  expectation: SampledExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const { speeds, batch } = problem;
  const { clip } = expectation;
  const activation = buildActivation(problem.activation);
  const { hidden, hiddenSlopes, signals, outer, gates, weights } = scratchViews(smoothDenseScratch(spec), memory);
  const chunks = chunkCount(batch);
  const velocity = denseViews(memory.velocity, spec);
  let buffer: Float64Array | null = null;
  let particles = velocity;
  let bound: ReferenceBatch = { points: weights, targets: weights, weights: null };

  /** y at a sample of the chunk, with what its second layer leaves for the way back. */
  function secondLayer(sample: number): number {
    const { u, e, a } = particles;
    let output = 0;
    for (let j = 0; j < m2; j += 1) {
      let product = 0;
      for (let i = 0; i < m1; i += 1) product += u[j * m1 + i] * hidden[sample * m1 + i];
      const z = e[j] + product / m1;
      const value = activation.value(z);
      outer[sample * m2 + j] = value;
      gates[sample * m2 + j] = a[j] * activation.derivative(z);
      output += a[j] * value;
    }
    return output / m2;
  }

  function wayBack(sample: number): void {
    const { u } = particles;
    const row = signals.subarray(sample * m1, (sample + 1) * m1);
    row.fill(0);
    for (let j = 0; j < m2; j += 1) {
      const gate = gates[sample * m2 + j] / m2;
      for (let i = 0; i < m1; i += 1) row[i] += u[j * m1 + i] * gate;
    }
    for (let i = 0; i < m1; i += 1) row[i] *= hiddenSlopes[sample * m1 + i];
  }

  /** |g| / |r|, see createDenseResidual: the mean is over particles, pairs of neurons for U. */
  function gradientNorm(sample: number, at: number): number {
    const length = 1 + meanSquare(bound.points, at * dimension, dimension) * dimension;
    const signal = meanSquare(signals, sample * m1, m1);
    const values = meanSquare(outer, sample * m2, m2);
    return Math.sqrt(
      length * signal + (meanSquare(hidden, sample * m1, m1) + 1) * meanSquare(gates, sample * m2, m2) + values,
    );
  }

  function addFirstLayer(chunk: number, from: number, to: number): void {
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      const weight = weights[sample];
      const point = (chunk * chunkSize + sample) * dimension;
      for (let i = from; i < to; i += 1) {
        const factor = weight * signals[sample * m1 + i];
        for (let k = 0; k < dimension; k += 1) velocity.w[i * dimension + k] += factor * bound.points[point + k];
        velocity.c[i] += factor;
      }
      for (let j = 0; j < m2; j += 1) {
        const factor = weight * gates[sample * m2 + j];
        for (let i = from; i < to; i += 1) velocity.u[j * m1 + i] += factor * hidden[sample * m1 + i];
      }
    }
  }

  function addOuterNeurons(chunk: number, from: number, to: number): void {
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      for (let j = from; j < to; j += 1) {
        velocity.e[j] += weights[sample] * gates[sample * m2 + j];
        velocity.a[j] += weights[sample] * outer[sample * m2 + j];
      }
    }
  }

  function eachOwned(part: number, parts: number, run: (start: number, end: number, speed: number) => void): void {
    const [from, to] = partition(m1, part, parts);
    const [first, last] = partition(m2, part, parts);
    const { c, u, e, a } = denseOffsets(spec);
    run(from * dimension, to * dimension, speeds.w);
    run(c + from, c + to, speeds.c);
    for (let j = 0; j < m2; j += 1) run(u + j * m1 + from, u + j * m1 + to, speeds.u);
    run(e + first, e + last, speeds.e);
    run(a + first, a + last, speeds.a);
  }

  return {
    chunks,
    bind(flat: Float64Array, batchBound: ReferenceBatch) {
      // Views cost memory, and a run binds the same buffer at every step.
      if (flat !== buffer) particles = denseViews(flat, spec);
      buffer = flat;
      bound = batchBound;
    },
    forward(chunk, part, parts) {
      const { w, c } = particles;
      const [from, to] = partition(m1, part, parts);
      for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
        const point = (chunk * chunkSize + sample) * dimension;
        for (let i = from; i < to; i += 1) {
          let z = c[i];
          for (let k = 0; k < dimension; k += 1) z += w[i * dimension + k] * bound.points[point + k];
          hidden[sample * m1 + i] = activation.value(z);
          hiddenSlopes[sample * m1 + i] = activation.derivative(z);
        }
      }
    },
    residual(chunk, part, parts) {
      const [from, to] = partition(pointsInChunk(batch, chunk), part, parts);
      for (let sample = from; sample < to; sample += 1) {
        const at = chunk * chunkSize + sample;
        const error = secondLayer(sample) - bound.targets[at];
        wayBack(sample);
        let factor = bound.weights === null ? 1 / batch : bound.weights[at];
        if (clip !== null) {
          const norm = Math.abs(error) * gradientNorm(sample, at);
          if (norm > clip) factor *= clip / norm;
        }
        weights[sample] = factor * error;
      }
    },
    backward(chunk, part, parts) {
      const flat = memory.velocity;
      if (chunk === 0) eachOwned(part, parts, (start, end) => flat.fill(0, start, end));
      addFirstLayer(chunk, ...partition(m1, part, parts));
      addOuterNeurons(chunk, ...partition(m2, part, parts));
      if (chunk < chunks - 1) return;
      eachOwned(part, parts, (start, end, speed) => {
        for (let index = start; index < end; index += 1) flat[index] *= -speed;
      });
    },
    owned(part, parts): readonly OwnedRange[] {
      const ranges: OwnedRange[] = [];
      eachOwned(part, parts, (start, end) => ranges.push([start, end]));
      return ranges;
    },
  };
}

function meanSquare(values: Float64Array, start: number, count: number): number {
  let sum = 0;
  for (let index = start; index < start + count; index += 1) sum += values[index] * values[index];
  return sum / count;
}
