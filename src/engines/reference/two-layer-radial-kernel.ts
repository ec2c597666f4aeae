import type { TwoLayerSpec } from "../../networks/network.ts";
import type { Batch, RadialExpectation, VelocityKernel, VelocityMemory, VelocityProblem } from "../engine.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { createKinkSorter } from "./kink-order.ts";
import { partition } from "./partition.ts";
import { radialPart } from "./radial-part.ts";
import { type ScratchPlan, scratchViews } from "./scratch.ts";
import { neuronsOf, ownedNeurons, twoLayerViews } from "./two-layer-memory.ts";

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
  memory: VelocityMemory,
): VelocityKernel {
  const { dimension, width } = spec;
  const { speeds, batch } = problem;
  const { slopeTerms, offsetTerms, gradient } = scratchViews(twoLayerRadialScratch(problem, spec), memory);
  const radius = radialPart(expectation.law);
  const { upper } = radius;
  const { starts, slopes, intercepts } = expectation.target;
  const chunks = chunkCount(batch);
  const n = dimension + 1;
  const velocity = twoLayerViews(memory.velocity, dimension, width);
  let particles = velocity;
  let points: Float64Array = new Float64Array();
  const moments = new Float64Array(3);
  const kinks = new Float64Array(width);
  const neuronOf = new Uint32Array(width);
  const order = new Uint32Array(width);
  const sorter = createKinkSorter(width);

  /** Writes the products w_i.u_k of the neurons [from, to) to slopeTerms, row k. */
  function products(chunk: number, from: number, to: number): void {
    const { w } = particles;
    const count = pointsInChunk(batch, chunk);
    for (let sample = 0; sample < count; sample += 1) {
      const point = (chunk * chunkSize + sample) * dimension;
      const out = sample * width;
      for (let i = from, row = from * dimension; i < to; i += 1, row += dimension) {
        let product = 0;
        for (let k = 0; k < dimension; k += 1) product += w[row + k] * points[point + k];
        slopeTerms[out + i] = product;
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
      if (end >= upper) break;
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
    const count = pointsInChunk(batch, chunk);
    for (let sample = 0; sample < count; sample += 1) {
      const point = (chunk * chunkSize + sample) * dimension;
      const base = sample * width;
      for (let i = from, out = from * n; i < to; i += 1, out += n) {
        const term = slopeTerms[base + i];
        for (let k = 0; k < dimension; k += 1) gradient[out + k] += term * points[point + k];
        gradient[out + dimension] += offsetTerms[base + i];
      }
    }
  }

  function finish(from: number, to: number): void {
    const { w, b, a } = particles;
    for (let i = from; i < to; i += 1) {
      let product = b[i] * gradient[i * n + dimension];
      for (let k = 0; k < dimension; k += 1) {
        product += w[i * dimension + k] * gradient[i * n + k];
        velocity.w[i * dimension + k] = -speeds.w * a[i] * gradient[i * n + k];
      }
      velocity.b[i] = -speeds.b * a[i] * gradient[i * n + dimension];
      velocity.a[i] = -speeds.a * product;
    }
  }

  return {
    chunks,
    bind(buffer: Float64Array, bound: Batch) {
      particles = twoLayerViews(buffer, dimension, width);
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
      if (chunk === chunks - 1) finish(from, to);
    },
    owned: (part, parts) => ownedNeurons(dimension, width, part, parts),
  };
}
