import type { RadialExpectation, SampledExpectation } from "../engine.ts";
import { createOuterAtoms, isOnAtZero, sortOuterAtoms } from "./outer-atoms.ts";
import { radialPart } from "./radial-part.ts";

/** Writes one point's dLoss/dF and its parts of the second layer's gradients. */
export interface BottleneckResidual {
  readonly needsNorm: boolean;
  prepare(v: Float64Array, b: Float64Array, a: Float64Array): void;
  /** `weight` is what a sample counts in the expectation; a ray counts 1/batch. */
  write(sample: number, bottleneck: number, target: number, weight: number, squaredNorm: number): void;
}

export interface SecondLayer {
  readonly views: {
    readonly offsetTerms: Float64Array;
    readonly slopeTerms: Float64Array;
    readonly weights: Float64Array;
  };
  readonly atomCount: number;
  readonly batch: number;
}

/**
 * Residual at a sample x with s = F(x): r = f(x) - f*(x), dLoss/dF = r (1/m2) sum_j a_j v_j 1_j, and the terms r 1_j, r 1_j s of b and v, each
 * times the sample's weight. With clipping all are scaled so that the sample's gradient, in the mean over each layer's particles, is at most `clip` long:
 * |g|^2 = r^2 [(dh/dF)^2 (1/m1) sum_i 1_i (3 (w_i.x)^2 + |w_i|^2 |x|^2) + (1/m2) sum_j 1_j (a_j^2 (s^2 + 1) + relu_j^2)], the last term if a moves.
 */
export function createSampledResidual(
  expectation: SampledExpectation,
  second: SecondLayer,
  width: number,
  trainOuterWeights: boolean,
): BottleneckResidual {
  const { atomCount } = second;
  const { offsetTerms, slopeTerms, weights } = second.views;
  const { clip } = expectation;
  let v: Float64Array = new Float64Array();
  let b = v;
  let a = v;
  return {
    needsNorm: clip !== null,
    prepare(slopes, offsets, outer) {
      v = slopes;
      b = offsets;
      a = outer;
    },
    write(sample, s, target, weight, squaredNorm) {
      const base = sample * atomCount;
      let output = 0;
      let derivative = 0;
      let atomNorm = 0;
      for (let j = 0; j < atomCount; j += 1) {
        const z = v[j] * s + b[j];
        const isOn = z > 0 ? 1 : 0;
        offsetTerms[base + j] = isOn;
        if (isOn === 0) continue;
        output += a[j] * z;
        derivative += a[j] * v[j];
        atomNorm += a[j] * a[j] * (s * s + 1) + (trainOuterWeights ? z * z : 0);
      }
      const error = output / atomCount - target;
      derivative /= atomCount;
      let factor = weight;
      if (clip !== null) {
        // |gradient|^2 in the mean-field metric: the mean over particles of each layer's squared velocities.
        const norm =
          Math.abs(error) * Math.sqrt((derivative * derivative * squaredNorm) / width + atomNorm / atomCount);
        if (norm > clip) factor *= clip / norm;
      }
      weights[sample] = factor * error * derivative;
      for (let j = 0; j < atomCount; j += 1) {
        const term = offsetTerms[base + j] * factor * error;
        offsetTerms[base + j] = term;
        slopeTerms[base + j] = term * s;
      }
    },
  };
}

/**
 * Residual on the ray through u, its radius integrated exactly: between the kinks of the atoms and of the target, f - f* = slope r + intercept,
 * and the integrals of (f - f*) p and (f - f*) r p follow from the law's partial moments M_0, M_1, M_2.
 */
export function createRadialResidual(expectation: RadialExpectation, second: SecondLayer): BottleneckResidual {
  const { atomCount, batch } = second;
  const { offsetTerms, slopeTerms, weights } = second.views;
  const { target } = expectation;
  const radius = radialPart(expectation.law);
  const { upper } = radius;
  const moments = new Float64Array(3);
  const pieces = target.starts.length;
  const atoms = createOuterAtoms(atomCount);
  let v: Float64Array = new Float64Array();
  let b = v;
  let a = v;
  return {
    needsNorm: false,
    prepare(slopes, offsets, outer) {
      v = slopes;
      b = offsets;
      a = outer;
      sortOuterAtoms(atoms, v, b, a);
    },
    write(sample, s) {
      const base = sample * atomCount;
      let sumSlope = atoms.slopeAtZero;
      let sumIntercept = atoms.interceptAtZero;
      let on = atoms.onAtZero;
      let piece = 0;
      let next = 0;
      let last0 = 0;
      let last1 = 0;
      let last2 = 0;
      let total0 = 0;
      let total1 = 0;
      for (;;) {
        const kinkRadius = next < atoms.kinked && s > 0 ? atoms.kinks[atoms.order[next]] / s : Infinity;
        const pieceEnd = piece + 1 < pieces ? target.starts[piece + 1] : Infinity;
        const end = Math.min(kinkRadius, pieceEnd, upper);
        const slope = (s * sumSlope) / atomCount - target.slopes[piece];
        const intercept = sumIntercept / atomCount - target.intercepts[piece];
        radius.moments(end, moments, 0);
        if (intercept !== 0) {
          total0 += intercept * (moments[0] - last0);
          total1 += intercept * (moments[1] - last1);
        }
        if (slope !== 0) {
          total0 += slope * (moments[1] - last1);
          total1 += slope * (moments[2] - last2);
        }
        // Negated, so that particles that have become infinite end the loop too.
        if (!(end < upper)) break;
        last0 = moments[0];
        last1 = moments[1];
        last2 = moments[2];
        if (kinkRadius <= pieceEnd) {
          const j = atoms.order[next];
          offsetTerms[base + j] = total0;
          slopeTerms[base + j] = total1;
          const sign = v[j] < 0 ? -1 : 1;
          on += sign;
          sumSlope = on === 0 ? 0 : sumSlope + sign * a[j] * v[j];
          sumIntercept = on === 0 ? 0 : sumIntercept + sign * a[j] * b[j];
          next += 1;
        }
        if (pieceEnd <= kinkRadius) piece += 1;
      }
      let derivative = 0;
      const factor = 1 / batch;
      for (let at = 0; at < atoms.kinked; at += 1) {
        const j = atoms.order[at];
        const wasReached = at < next;
        // An atom with v < 0 is on below its kink, one with v > 0 above it.
        if (v[j] < 0) {
          if (!wasReached) {
            offsetTerms[base + j] = total0;
            slopeTerms[base + j] = total1;
          }
        } else {
          offsetTerms[base + j] = wasReached ? total0 - offsetTerms[base + j] : 0;
          slopeTerms[base + j] = wasReached ? total1 - slopeTerms[base + j] : 0;
        }
      }
      for (let j = 0; j < atomCount; j += 1) {
        if (!(v[j] * b[j] < 0)) {
          const isOn = isOnAtZero(v[j], b[j]);
          offsetTerms[base + j] = isOn ? total0 : 0;
          slopeTerms[base + j] = isOn ? total1 : 0;
        }
        const moment = slopeTerms[base + j];
        // F = 0: no first-layer neuron is on along this ray, w and v stay, and b alone sees the constant f(0) - f*.
        if (s !== 0) derivative += a[j] * v[j] * moment;
        offsetTerms[base + j] *= factor;
        slopeTerms[base + j] = s !== 0 ? factor * s * moment : 0;
      }
      weights[sample] = (factor * derivative) / atomCount;
    },
  };
}
