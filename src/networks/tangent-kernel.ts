import { invalidValue } from "../errors.ts";
import type { Network } from "./network.ts";
import type { Particles } from "./particles.ts";
import { type ArraySpeeds, type TangentPart, tangentParts } from "./tangent-features.ts";

export interface TangentKernelOptions {
  /** The rows' points, n x dimension. */
  readonly points: Float64Array;
  /** The columns' points, q x dimension. @default the rows' */
  readonly others?: Float64Array;
  /** Factors on the velocities by particle array, as layer speeds give them; >= 0. @default 1 each, 0 for a bottleneck's frozen output weights */
  readonly speeds?: ArraySpeeds;
}

/**
 * The empirical tangent kernel in mean-field scaling,
 *
 *     K(x, x') = sum_p speed_p m_p (df(x)/dtheta_p) (df(x')/dtheta_p),
 *
 * m_p the number of neurons that parameter p's mean runs over (m1 m2 for a dense network's U), so that K is a mean over neurons of order 1 at every width.
 * Under the mean-field flow df(x)/dt = -E_x'[K(x, x') (f(x') - f*(x'))]. From Gram products; the derivative at a kink of relu is 0, as in the steps.
 *
 * The kernel of an output scale gamma, whose function is gamma f and whose loss is divided by gamma^2, is this K.
 *
 * @returns n x q numbers, row by row; symmetric where `others` is left out
 * @throws MeanfieldError `invalid-value` where an array is no whole number of points, or a speed is negative or missing
 */
export function tangentKernel(network: Network, particles: Particles, options: TangentKernelOptions): Float64Array {
  const { dimension } = network.spec;
  const { points, others } = options;
  const speeds = checkedSpeeds(network, options.speeds ?? defaultSpeeds(network));
  const parts = (at: Float64Array, path: string) =>
    tangentParts(network.spec, particles, at, pointCount(at, dimension, path), speeds);
  const rows = parts(points, "points");
  const columns = others === undefined ? rows : parts(others, "others");
  const rowCount = points.length / dimension;
  const columnCount = (others ?? points).length / dimension;
  const kernel = new Float64Array(rowCount * columnCount);
  for (const [index, part] of rows.entries()) addPart(kernel, part, columns[index], rowCount, columnCount);
  return kernel;
}

/** Speeds 1, but 0 where the network itself freezes an array. */
export function defaultSpeeds({ spec, layers }: Network): ArraySpeeds {
  const speeds: Record<string, number> = {};
  for (const name of Object.keys(layers)) speeds[name] = 1;
  if (spec.kind === "bottleneck" && !spec.trainOuterWeights) speeds.a = 0;
  return speeds;
}

function addPart(
  kernel: Float64Array,
  { scale, factors }: TangentPart,
  others: TangentPart,
  rowCount: number,
  columnCount: number,
): void {
  const isSymmetric = factors === others.factors;
  if (scale === 0) return;
  for (let row = 0; row < rowCount; row += 1) {
    for (let column = isSymmetric ? row : 0; column < columnCount; column += 1) {
      let product = scale;
      for (let factor = 0; factor < factors.length && product !== 0; factor += 1) {
        const { width, rows } = factors[factor];
        product *= dot(rows, row * width, others.factors[factor].rows, column * width, width);
      }
      kernel[row * columnCount + column] += product;
      if (isSymmetric && column !== row) kernel[column * columnCount + row] += product;
    }
  }
}

function dot(left: Float64Array, leftAt: number, right: Float64Array, rightAt: number, length: number): number {
  let even = 0;
  let odd = 0;
  let index = 0;
  for (; index + 1 < length; index += 2) {
    even += left[leftAt + index] * right[rightAt + index];
    odd += left[leftAt + index + 1] * right[rightAt + index + 1];
  }
  if (index < length) even += left[leftAt + index] * right[rightAt + index];
  return even + odd;
}

function pointCount(points: Float64Array, dimension: number, path: string): number {
  const count = points.length / dimension;
  if (Number.isInteger(count) && count >= 1) return count;
  throw invalidValue(path, `rows of ${dimension} numbers`, `${points.length} numbers`);
}

function checkedSpeeds(network: Network, speeds: ArraySpeeds): ArraySpeeds {
  for (const name of Object.keys(network.layers)) {
    if (!(speeds[name] >= 0 && speeds[name] < Infinity)) {
      throw invalidValue(`speeds.${name}`, "a finite number >= 0", speeds[name]);
    }
  }
  return speeds;
}
