import type { TwoLayerSpec } from "../../networks/network.ts";
import { createPositiveSorter } from "../../numerics/positive-order.ts";
import type { RadialExpectation, VelocityProblem } from "../engine.ts";
import { group, packPoints } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { partition } from "./partition.ts";
import { radialPart } from "./radial-part.ts";
import {
  type ReferenceBatch,
  type ReferenceKernel,
  type ReferenceMemory,
  type ScratchPlan,
  scratchViews,
} from "./scratch.ts";
import { neuronsOf, ownedNeurons, twoLayerViews, writeVelocity } from "./two-layer-memory.ts";

/** Per ray and neuron: the product w_i.u, later E_r[e r 1_i], and E_r[e 1_i], e = f - f*. */
export function twoLayerRadialScratch(_problem: VelocityProblem, spec: TwoLayerSpec) {
  return {
    doubles: {
      slopeTerms: chunkSize * spec.width,
      offsetTerms: chunkSize * spec.width,
      gradient: spec.width * (spec.dimension + 1),
    },
    bytes: {},
  } satisfies ScratchPlan;
}

/**
 * Velocities of the two-layer network with the radius integrated exactly. On the ray through u neuron i switches at r_i = -b_i/(w_i.u) where
 * that is positive; between sorted switches f - f* is linear in r, so its integrals against p and r p are differences of the law's partial
 * moments. With P_i(u) = E_r[e 1_i], Q_i(u) = E_r[e r 1_i]: w_i' = -a_i E_u[Q_i u], b_i' = -a_i E_u[P_i], a_i' = -E_u[(w_i.u) Q_i + b_i P_i].
 */
export function createTwoLayerRadialKernel(
  problem: VelocityProblem,
  spec: TwoLayerSpec,
  expectation: RadialExpectation,
  memory: ReferenceMemory,
): ReferenceKernel {
  const { dimension, width } = spec;
  const { speeds, batch } = problem;
  const { slopeTerms, offsetTerms, gradient } = scratchViews(twoLayerRadialScratch(problem, spec), memory);
  const radius = radialPart(expectation.law);
  const { upper } = radius;
  const { starts, slopes, intercepts } = expectation.target;
  const chunks = chunkCount(batch);
  const n = dimension + 1;
  const velocity = twoLayerViews(memory.velocity, dimension, width);
  let buffer: Float64Array | null = null;
  let particles = velocity;
  let points: Float64Array = new Float64Array();
  const packed = new Float64Array(chunkSize * dimension);
  const moments = new Float64Array(3);
  const kinks = new Float64Array(width);
  const neuronOf = new Uint32Array(width);
  const order = new Uint32Array(width);
  const sorter = createPositiveSorter(width);

  function pack(chunk: number): number {
    const count = pointsInChunk(batch, chunk);
    packPoints(points, chunk * chunkSize * dimension, count, dimension, false, packed);
    return Math.ceil(count / group);
  }

  /** Writes the products w_i.u_k of the neurons [from, to) to slopeTerms, row k. */
  function products(chunk: number, from: number, to: number): void {
    const { w } = particles;
    const groups = pack(chunk);
    for (let g = 0; g < groups; g += 1) {
      const base = g * dimension * group;
      const out = g * group * width;
      for (let i = from; i < to; i += 1) {
        let z0 = 0;
        let z1 = 0;
        let z2 = 0;
        let z3 = 0;
        let z4 = 0;
        let z5 = 0;
        let z6 = 0;
        let z7 = 0;
        const end = i * dimension + dimension;
        for (let k = i * dimension, x = base; k < end; k += 1, x += group) {
          const value = w[k];
          z0 += value * packed[x];
          z1 += value * packed[x + 1];
          z2 += value * packed[x + 2];
          z3 += value * packed[x + 3];
          z4 += value * packed[x + 4];
          z5 += value * packed[x + 5];
          z6 += value * packed[x + 6];
          z7 += value * packed[x + 7];
        }
        const at = out + i;
        slopeTerms[at] = z0;
        slopeTerms[at + width] = z1;
        slopeTerms[at + 2 * width] = z2;
        slopeTerms[at + 3 * width] = z3;
        slopeTerms[at + 4 * width] = z4;
        slopeTerms[at + 5 * width] = z5;
        slopeTerms[at + 6 * width] = z6;
        slopeTerms[at + 7 * width] = z7;
      }
    }
  }

  /** Turns row `sample` of slopeTerms from products into Q_i, and writes P_i. */
  function integrateRay(sample: number): void {
    const { b, a } = particles;
    const base = sample * width;
    let sumSlope = 0;
    let sumIntercept = 0;
    let kinked = 0;
    for (let i = 0; i < width; i += 1) {
      const product = slopeTerms[base + i];
      if (b[i] > 0 || (b[i] === 0 && product > 0)) {
        sumSlope += a[i] * product;
        sumIntercept += a[i] * b[i];
      }
      if (b[i] * product < 0) {
        const kink = -b[i] / product;
        // A switch beyond the support is never reached: the neuron stays as it is at r = 0.
        if (kink < upper) {
          kinks[kinked] = kink;
          neuronOf[kinked] = i;
          kinked += 1;
        }
      }
    }
    sorter.sort(kinks, kinked, order);
    let piece = 0;
    let next = 0;
    let last0 = 0;
    let last1 = 0;
    let last2 = 0;
    let total0 = 0;
    let total1 = 0;
    for (;;) {
      const kinkRadius = next < kinked ? kinks[order[next]] : Infinity;
      const pieceEnd = piece + 1 < starts.length ? starts[piece + 1] : Infinity;
      const end = Math.min(kinkRadius, pieceEnd, upper);
      const slope = sumSlope / width - slopes[piece];
      const intercept = sumIntercept / width - intercepts[piece];
      radius.moments(end, moments, 0);
      total0 += intercept * (moments[0] - last0) + slope * (moments[1] - last1);
      total1 += intercept * (moments[1] - last1) + slope * (moments[2] - last2);
      // Negated, so that particles that have become infinite end the loop too.
      if (!(end < upper)) break;
      last0 = moments[0];
      last1 = moments[1];
      last2 = moments[2];
      if (kinkRadius <= pieceEnd) {
        const i = neuronOf[order[next]];
        const sign = b[i] > 0 ? -1 : 1;
        sumSlope += sign * a[i] * slopeTerms[base + i];
        sumIntercept += sign * a[i] * b[i];
        // The running integrals up to the switch; what they mean for the neuron is settled below, where the totals are known.
        offsetTerms[base + i] = total0;
        kinks[order[next]] = total1;
        next += 1;
      }
      if (pieceEnd <= kinkRadius) piece += 1;
    }
    const factor = 1 / batch;
    for (let at = 0; at < kinked; at += 1) {
      const i = neuronOf[at];
      const before0 = offsetTerms[base + i];
      const before1 = kinks[at];
      const isOnBefore = b[i] > 0;
      offsetTerms[base + i] = factor * (isOnBefore ? before0 : total0 - before0);
      slopeTerms[base + i] = factor * (isOnBefore ? before1 : total1 - before1);
    }
    let switched = 0;
    for (let i = 0; i < width; i += 1) {
      if (switched < kinked && neuronOf[switched] === i) {
        switched += 1;
        continue;
      }
      const isOn = b[i] > 0 || (b[i] === 0 && slopeTerms[base + i] > 0);
      offsetTerms[base + i] = isOn ? factor * total0 : 0;
      slopeTerms[base + i] = isOn ? factor * total1 : 0;
    }
  }

  /** Adds the chunk's rays to the gradient rows (E[Q_i u], E[P_i]) of the neurons [from, to). */
  function accumulate(chunk: number, from: number, to: number): void {
    if (chunk === 0) gradient.fill(0, from * n, to * n);
    const groups = pack(chunk);
    // Rays that only fill up the last group are packed as zeros, so whatever is finite in their rows does not count.
    for (let g = 0; g < groups; g += 1) {
      const base = g * dimension * group;
      const row = g * group * width;
      for (let i = from; i < to; i += 1) {
        const at = row + i;
        const q0 = slopeTerms[at];
        const q1 = slopeTerms[at + width];
        const q2 = slopeTerms[at + 2 * width];
        const q3 = slopeTerms[at + 3 * width];
        const q4 = slopeTerms[at + 4 * width];
        const q5 = slopeTerms[at + 5 * width];
        const q6 = slopeTerms[at + 6 * width];
        const q7 = slopeTerms[at + 7 * width];
        const out = i * n;
        for (let k = 0, x = base; k < dimension; k += 1, x += group) {
          gradient[out + k] +=
            q0 * packed[x] +
            q1 * packed[x + 1] +
            q2 * packed[x + 2] +
            q3 * packed[x + 3] +
            q4 * packed[x + 4] +
            q5 * packed[x + 5] +
            q6 * packed[x + 6] +
            q7 * packed[x + 7];
        }
      }
    }
    for (let sample = 0; sample < pointsInChunk(batch, chunk); sample += 1) {
      const row = sample * width;
      for (let i = from; i < to; i += 1) gradient[i * n + dimension] += offsetTerms[row + i];
    }
  }

  return {
    chunks,
    bind(flat: Float64Array, bound: ReferenceBatch) {
      // Views cost memory, and a run binds the same buffer at every step.
      if (flat !== buffer) particles = twoLayerViews(flat, dimension, width);
      buffer = flat;
      points = bound.points;
    },
    forward(chunk, part, parts) {
      const [from, to] = neuronsOf(width, part, parts);
      products(chunk, from, to);
    },
    residual(chunk, part, parts) {
      const [from, to] = partition(pointsInChunk(batch, chunk), part, parts);
      for (let sample = from; sample < to; sample += 1) integrateRay(sample);
    },
    backward(chunk, part, parts) {
      const [from, to] = neuronsOf(width, part, parts);
      accumulate(chunk, from, to);
      if (chunk === chunks - 1) writeVelocity(particles, velocity, gradient, speeds, dimension, from, to);
    },
    owned: (part, parts) => ownedNeurons(dimension, width, part, parts),
  };
}
