import type { DenseSpec } from "../../networks/network.ts";
import type { SampledExpectation, VelocityProblem } from "../engine.ts";
import { group } from "./binary-product.ts";
import { chunkSize } from "./chunks.ts";
import type { DenseViews } from "./dense-views.ts";
import { negativeSlopeOf } from "./negative-slope.ts";
import { multiplyRow, spreadRow } from "./packed-rows.ts";
import type { ReferenceBatch } from "./scratch.ts";

/** What the residual phase writes, see `denseScratch`. */
interface DenseResidualViews {
  readonly signals: Float64Array;
  readonly outer: Float64Array;
  readonly weights: Float64Array;
  readonly mask: Uint8Array;
}

export interface DenseResidual {
  bind(particles: DenseViews): void;
  /**
   * Writes weight_s r_s, the bits and values of the second layer, and dLoss/dz_is for the points of group number `g` of the chunk, from their
   * activations `hidden` and coordinates `packed`, both in groups; `count` is the number of points in the chunk.
   */
  write(
    chunk: number,
    g: number,
    count: number,
    hidden: Float64Array,
    packed: Float64Array,
    batch: ReferenceBatch,
  ): void;
}

/**
 * The second layer of the dense network at a group of 8 points, and the way back to the first: H_j = e_j + (1/m1) sum_i U_ji h_i,
 * r = (1/m2) sum_j a_j sigma(H_j) - f*, B_i = (1/m2) sum_j U_ji a_j sigma'(H_j). With clipping a sample counts less where its gradient is longer than
 * `clip` in the mean over particles (pairs of neurons, for U):
 * |g|^2 = r^2 [(|x|^2 + 1) mean_i (B_i sigma'(z_i))^2 + (mean_i h_i^2 + 1) mean_j (a_j sigma'(H_j))^2 + mean_j sigma(H_j)^2].
 */
export function createDenseResidual(
  problem: VelocityProblem,
  expectation: SampledExpectation,
  spec: DenseSpec,
  { signals, outer, weights, mask }: DenseResidualViews,
): DenseResidual {
  const { dimension, firstLayerWidth: m1, secondLayerWidth: m2 } = spec;
  const negativeSlope = negativeSlopeOf(problem);
  const { clip } = expectation;
  const n = dimension + 1;
  const share = 1 / problem.batch;
  const products = new Float64Array(group);
  const outputs = new Float64Array(group);
  const factors = new Float64Array(group);
  let particles: DenseViews | null = null;

  /** sigma(H_js) and bits of the group, and the sums over j of a_j sigma(H_js). */
  function secondLayer({ u, e, a }: DenseViews, g: number, hidden: Float64Array): void {
    outputs.fill(0);
    for (let j = 0; j < m2; j += 1) {
      multiplyRow(u, j * m1, m1, hidden, g * m1 * group, products);
      const at = (g * m2 + j) * group;
      let bits = 0;
      for (let s = 0; s < group; s += 1) {
        const z = e[j] + products[s] / m1;
        const value = z > 0 ? z : negativeSlope * z;
        if (z > 0) bits |= 1 << s;
        outer[at + s] = value;
        outputs[s] += a[j] * value;
      }
      mask[g * m2 + j] = bits;
    }
  }

  /** B_is of the group, to `signals`. */
  function wayBack({ u, a }: DenseViews, g: number): void {
    const base = g * m1 * group;
    signals.fill(0, base, base + m1 * group);
    for (let j = 0; j < m2; j += 1) {
      const bits = mask[g * m2 + j];
      const on = a[j] / m2;
      const off = negativeSlope * on;
      for (let s = 0; s < group; s += 1) factors[s] = ((bits >> s) & 1) === 1 ? on : off;
      spreadRow(u, j * m1, m1, factors, signals, base);
    }
  }

  /** |g|^2 / r^2 at point s of the group, from B. */
  function squaredNorm({ a }: DenseViews, g: number, s: number, hidden: Float64Array, packed: Float64Array): number {
    let length = 0;
    for (let k = 0; k < n; k += 1) length += packed[(g * n + k) * group + s] ** 2;
    let signal = 0;
    let activation = 0;
    for (let i = 0, at = g * m1 * group + s; i < m1; i += 1, at += group) {
      const slope = hidden[at] > 0 ? 1 : negativeSlope;
      signal += (slope * signals[at]) ** 2;
      activation += hidden[at] ** 2;
    }
    let gates = 0;
    let values = 0;
    for (let j = 0, at = g * m2 * group + s; j < m2; j += 1, at += group) {
      const slope = ((mask[g * m2 + j] >> s) & 1) === 1 ? 1 : negativeSlope;
      gates += (slope * a[j]) ** 2;
      values += outer[at] ** 2;
    }
    return (length * signal) / m1 + ((activation / m1 + 1) * gates) / m2 + values / m2;
  }

  return {
    bind(bound) {
      particles = bound;
    },
    write(chunk, g, count, hidden, packed, batch) {
      if (particles === null) throw new Error("a dense residual was asked for before its particles were bound");
      secondLayer(particles, g, hidden);
      wayBack(particles, g);
      for (let s = 0; s < group; s += 1) {
        const sample = g * group + s;
        if (sample >= count) {
          weights[sample] = 0;
          continue;
        }
        const at = chunk * chunkSize + sample;
        const error = outputs[s] / m2 - batch.targets[at];
        let factor = batch.weights === null ? share : batch.weights[at];
        if (clip !== null) {
          const norm = Math.abs(error) * Math.sqrt(squaredNorm(particles, g, s, hidden, packed));
          if (norm > clip) factor *= clip / norm;
        }
        weights[sample] = factor * error;
      }
      const base = g * m1 * group;
      for (let i = 0, at = base; i < m1; i += 1) {
        for (let s = 0; s < group; s += 1, at += 1) {
          signals[at] *= hidden[at] > 0 ? weights[g * group + s] : negativeSlope * weights[g * group + s];
        }
      }
    },
  };
}
