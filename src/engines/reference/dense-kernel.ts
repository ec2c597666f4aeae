import type { DenseSpec } from "../../networks/network.ts";
import type { OwnedRange, SampledExpectation, VelocityProblem } from "../engine.ts";
import { backwardRows, group, packPoints } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { createDenseResidual } from "./dense-residual.ts";
import { denseOffsets, denseViews } from "./dense-views.ts";
import { negativeSlopeOf } from "./negative-slope.ts";
import { gatherRow, multiplyRow } from "./packed-rows.ts";
import { partition } from "./partition.ts";
import {
  type ReferenceBatch,
  type ReferenceKernel,
  type ReferenceMemory,
  type ScratchPlan,
  scratchViews,
} from "./scratch.ts";

/** The arrays that the threads of a dense kernel share, all of them in groups of 8 points. */
export function denseScratch(_problem: VelocityProblem, spec: DenseSpec) {
  return {
    doubles: {
      // sigma(w_i.x_s + c_i), of two chunks in turn: a thread may begin the next one while another still reads this one.
      hidden: 2 * chunkSize * spec.firstLayerWidth,
      // dLoss/dz_is, and sigma(H_js)
      signals: chunkSize * spec.firstLayerWidth,
      outer: chunkSize * spec.secondLayerWidth,
      weights: chunkSize,
    },
    bytes: { mask: (chunkSize / group) * spec.secondLayerWidth },
  } satisfies ScratchPlan;
}

/**
 * Velocities of the dense network on samples (docs/theory/dense-network.md), with z_i = w_i.x + c_i, h_i = sigma(z_i), r = y(x) - f*(x) and
 * B_i = (1/m2) sum_j U_ji a_j sigma'(H_j):
 * (w_i, c_i)' = -E[r B_i sigma'(z_i) (x, 1)], U_ji' = -a_j E[r sigma'(H_j) h_i], e_j' = -a_j E[r sigma'(H_j)], a_j' = -E[r sigma(H_j)].
 *
 * U's gradient is a binary matrix times the rows r_s h_s, as the first layer's of the other networks; B needs full products, point by point.
 */
export function createDenseKernel(
  problem: VelocityProblem,
  spec: DenseSpec,
  expectation: SampledExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const { speeds, batch } = problem;
  const negativeSlope = negativeSlopeOf(problem);
  const views = scratchViews(denseScratch(problem, spec), memory);
  const { signals, outer, weights, mask } = views;
  const hiddenOf = [views.hidden.subarray(0, chunkSize * m1), views.hidden.subarray(chunkSize * m1)] as const;
  const chunks = chunkCount(batch);
  const n = dimension + 1;
  const packed = new Float64Array(chunkSize * n);
  const table = new Float64Array(256 * m1);
  const products = new Float64Array(group);
  // E[r h], the part of U's gradient that leaky ReLU has at every neuron: each thread computes it for itself, in one order.
  const meanHidden = new Float64Array(m1);
  const velocity = denseViews(memory.velocity, spec);
  const residual = createDenseResidual(problem, expectation, spec, { signals, outer, weights, mask });
  let buffer: Float64Array | null = null;
  let particles = velocity;
  let bound: ReferenceBatch = { points: products, targets: products, weights: null };
  // All threads call each phase once for each chunk, so they agree on whose turn it is.
  let turn = 0;

  function activate(groups: number, from: number, to: number): void {
    const { w, c } = particles;
    const hidden = hiddenOf[turn];
    for (let g = 0; g < groups; g += 1) {
      const base = g * n * group;
      const ones = base + dimension * group;
      for (let i = from; i < to; i += 1) {
        multiplyRow(w, i * dimension, dimension, packed, base, products);
        const out = (g * m1 + i) * group;
        for (let s = 0; s < group; s += 1) {
          const z = products[s] + c[i] * packed[ones + s];
          hidden[out + s] = z > 0 ? z : negativeSlope * z;
        }
      }
    }
  }

  function addFirstLayer(groups: number, from: number, to: number): void {
    for (let g = 0; g < groups; g += 1) {
      const base = g * n * group;
      for (let i = from; i < to; i += 1) {
        const at = (g * m1 + i) * group;
        gatherRow(velocity.w, i * dimension, dimension, signals, at, packed, base);
        gatherRow(velocity.c, i, 1, signals, at, packed, base + dimension * group);
      }
    }
  }

  function addOuterNeurons(groups: number, from: number, to: number): void {
    for (let g = 0; g < groups; g += 1) {
      for (let j = from; j < to; j += 1) {
        const bits = mask[g * m2 + j];
        const at = (g * m2 + j) * group;
        let offset = 0;
        let output = 0;
        for (let s = 0; s < group; s += 1) {
          const weight = weights[g * group + s];
          offset += ((bits >> s) & 1) === 1 ? weight : negativeSlope * weight;
          output += weight * outer[at + s];
        }
        velocity.e[j] += offset;
        velocity.a[j] += output;
      }
    }
  }

  function finishFirstLayer(from: number, to: number): void {
    for (let k = from * dimension; k < to * dimension; k += 1) velocity.w[k] *= -speeds.w;
    for (let i = from; i < to; i += 1) velocity.c[i] *= -speeds.c;
  }

  function finishOuterNeurons(from: number, to: number): void {
    const { a } = particles;
    for (let j = from; j < to; j += 1) {
      const factor = -speeds.u * a[j];
      for (let i = 0, at = j * m1; i < m1; i += 1, at += 1) {
        const bits = velocity.u[at];
        velocity.u[at] =
          factor * (negativeSlope > 0 ? (1 - negativeSlope) * bits + negativeSlope * meanHidden[i] : bits);
      }
      velocity.e[j] *= -speeds.e * a[j];
      velocity.a[j] *= -speeds.a;
    }
  }

  return {
    chunks,
    bind(flat: Float64Array, batchBound: ReferenceBatch) {
      // Views cost memory, and a run binds the same buffer at every step.
      if (flat !== buffer) {
        particles = denseViews(flat, spec);
        residual.bind(particles);
      }
      buffer = flat;
      bound = batchBound;
    },
    forward(chunk, part, parts) {
      turn = 1 - turn;
      const count = pointsInChunk(batch, chunk);
      packPoints(bound.points, chunk * chunkSize * dimension, count, dimension, true, packed);
      const [from, to] = partition(m1, part, parts);
      activate(Math.ceil(count / group), from, to);
    },
    residual(chunk, part, parts) {
      const count = pointsInChunk(batch, chunk);
      // Whole groups: a group reads U twice, however many of its points are asked for.
      const [from, to] = partition(Math.ceil(count / group), part, parts);
      for (let g = from; g < to; g += 1) residual.write(chunk, g, count, hiddenOf[turn], packed, bound);
    },
    backward(chunk, part, parts) {
      const groups = Math.ceil(pointsInChunk(batch, chunk) / group);
      const [from, to] = partition(m1, part, parts);
      const [first, last] = partition(m2, part, parts);
      if (chunk === 0) {
        velocity.w.fill(0, from * dimension, to * dimension);
        velocity.c.fill(0, from, to);
        velocity.u.fill(0, first * m1, last * m1);
        velocity.e.fill(0, first, last);
        velocity.a.fill(0, first, last);
        meanHidden.fill(0);
      }
      addFirstLayer(groups, from, to);
      const hidden = hiddenOf[turn];
      if (first < last) backwardRows(velocity.u, m1, first, last, hidden, weights, groups, mask, m2, table);
      if (negativeSlope > 0) {
        for (let g = 0; g < groups; g += 1) gatherRow(meanHidden, 0, m1, weights, g * group, hidden, g * m1 * group);
      }
      addOuterNeurons(groups, first, last);
      if (chunk < chunks - 1) return;
      finishFirstLayer(from, to);
      finishOuterNeurons(first, last);
    },
    owned(part, parts): readonly OwnedRange[] {
      const [from, to] = partition(m1, part, parts);
      const [first, last] = partition(m2, part, parts);
      const { c, u, e, a } = denseOffsets(spec);
      return [
        [from * dimension, to * dimension],
        [c + from, c + to],
        [u + first * m1, u + last * m1],
        [e + first, e + last],
        [a + first, a + last],
      ];
    },
  };
}
