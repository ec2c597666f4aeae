import type { BottleneckSpec } from "../../networks/network.ts";
import type {
  Batch,
  OwnedRange,
  RadialExpectation,
  SampledExpectation,
  VelocityKernel,
  VelocityMemory,
  VelocityProblem,
} from "../engine.ts";
import { particleBlock } from "./binary-product.ts";
import { chunkCount, chunkSize, pointsInChunk } from "./chunks.ts";
import { createLayerProduct, type LayerShape, layerScratch } from "./layer-product.ts";
import { createOuterAtoms, isOnAtZero, sortOuterAtoms } from "./outer-atoms.ts";
import { partition } from "./partition.ts";
import { radialPart } from "./radial-part.ts";
import { type ScratchPlan, scratchViews } from "./scratch.ts";

function layerShape(problem: VelocityProblem, spec: BottleneckSpec): LayerShape {
  return {
    width: spec.firstLayerWidth,
    dimension: spec.dimension,
    hasBias: false,
    batch: problem.batch,
    needsNorms: problem.expectation.kind === "sampled" && problem.expectation.clip !== null,
  };
}

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
  memory: VelocityMemory,
): VelocityKernel {
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
  let w: Float64Array = new Float64Array();
  let v = w;
  let b = w;
  let a = w;
  let points = w;
  let targets = w;
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
    bind(particles: Float64Array, bound: Batch) {
      w = particles.subarray(0, firstLayer);
      v = particles.subarray(firstLayer, firstLayer + atomCount);
      b = particles.subarray(firstLayer + atomCount, firstLayer + 2 * atomCount);
      a = particles.subarray(firstLayer + 2 * atomCount, firstLayer + 3 * atomCount);
      points = bound.points;
      targets = bound.targets;
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
        const squaredNorm = residualAt.needsNorm ? layer.squaredNorm(sample) : 0;
        residualAt.write(sample, layer.sum(sample) / width, targets[chunk * chunkSize + sample], squaredNorm);
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

/** Writes one point's dLoss/dF and its parts of the second layer's gradients. */
interface BottleneckResidual {
  readonly needsNorm: boolean;
  prepare(v: Float64Array, b: Float64Array, a: Float64Array): void;
  write(sample: number, bottleneck: number, target: number, squaredNorm: number): void;
}

interface SecondLayer {
  readonly views: {
    readonly offsetTerms: Float64Array;
    readonly slopeTerms: Float64Array;
    readonly weights: Float64Array;
  };
  readonly atomCount: number;
  readonly batch: number;
}

/** Residual at a sample x: r = f(x) - f*(x). */
function createSampledResidual(
  expectation: SampledExpectation,
  second: SecondLayer,
  width: number,
  trainOuterWeights: boolean,
): BottleneckResidual {
  const { atomCount, batch } = second;
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
    write(sample, s, target, squaredNorm) {
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
      let factor = 1 / batch;
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
function createRadialResidual(expectation: RadialExpectation, second: SecondLayer): BottleneckResidual {
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
        if (end >= upper) break;
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
