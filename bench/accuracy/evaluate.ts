import { laws } from "meanfield";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";

/** A finished bottleneck network: w (m1 x d, row by row), v, b, a (m2 each). */
export interface BottleneckParticles {
  readonly w: Float64Array;
  readonly v: Float64Array;
  readonly b: Float64Array;
  readonly a: Float64Array;
}

export interface EvaluatedLoss {
  readonly loss: number;
  readonly standardError: number;
}

/**
 * L = 1/2 E (f - f*)^2 under a radial law for f*(x) = relu(1 - |x|), on `directions` independent uniform directions that no training used, the radius
 * integrated exactly along each. Uses nothing of the toolkit but the law's partial moments: F(u), the kinks and the sums are made here.
 */
export function evaluateLoss(
  { w, v, b, a }: BottleneckParticles,
  lawSpec: laws.LawSpec,
  directions: number,
): EvaluatedLoss {
  const { radius, dimension } = laws.buildLaw(lawSpec);
  if (radius === null) throw new Error("evaluateLoss: expected a radial law");
  const slope = createSlope(w, dimension);
  const key = deriveKey("bench", "accuracy", "evaluation");
  const point = new Float64Array(dimension);
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < directions; index += 1) {
    fillNormal(point, 0, dimension, index * dimension, key, 0, 0, 0);
    const length = Math.hypot(...point);
    for (let k = 0; k < dimension; k += 1) point[k] /= length;
    const value = rayLoss(slope(point), v, b, a, radius);
    sum += value;
    squares += value * value;
  }
  const loss = sum / directions;
  return { loss, standardError: Math.sqrt((squares / directions - loss * loss) / (directions - 1)) };
}

/** u -> F(u) = (1/m1) sum_i |w_i| relu(w_i.u) */
function createSlope(w: Float64Array, dimension: number): (u: Float64Array) => number {
  const width = w.length / dimension;
  const norms = Float64Array.from({ length: width }, (_, i) =>
    Math.hypot(...w.subarray(i * dimension, (i + 1) * dimension)),
  );
  return (u) => {
    let sum = 0;
    for (let i = 0; i < width; i += 1) {
      let z = 0;
      for (let k = 0; k < dimension; k += 1) z += w[i * dimension + k] * u[k];
      if (z > 0) sum += norms[i] * z;
    }
    return sum / width;
  };
}

/** 1/2 E_r (f(r u) - f*(r u))^2 where F(u) = s: piece by piece between all kinks, from the partial moments of r. */
export function rayLoss(
  s: number,
  v: Float64Array,
  b: Float64Array,
  a: Float64Array,
  radius: laws.RadialDistribution,
): number {
  const kinks = [0, 1];
  for (let j = 0; j < v.length; j += 1) {
    const kink = -b[j] / (v[j] * s);
    if (kink > 0 && kink < radius.upper) kinks.push(kink);
  }
  kinks.sort((left, right) => left - right);
  kinks.push(radius.upper);
  const low = new Float64Array(3);
  const high = new Float64Array(3);
  radius.moments(0, low, 0);
  let loss = 0;
  for (let piece = 0; piece + 1 < kinks.length; piece += 1) {
    const [from, to] = [kinks[piece], kinks[piece + 1]];
    const middle = Number.isFinite(to) ? (from + to) / 2 : 2 * from;
    // On this piece f - f* = slope r + intercept.
    let slope = middle < 1 ? 1 : 0;
    let intercept = middle < 1 ? -1 : 0;
    for (let j = 0; j < v.length; j += 1) {
      if (v[j] * s * middle + b[j] > 0) {
        slope += (a[j] * v[j] * s) / v.length;
        intercept += (a[j] * b[j]) / v.length;
      }
    }
    radius.moments(to, high, 0);
    const [m0, m1, m2] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
    if (slope !== 0) loss += slope * slope * m2 + 2 * slope * intercept * m1;
    if (intercept !== 0) loss += intercept * intercept * m0;
    low.set(high);
  }
  return loss / 2;
}
