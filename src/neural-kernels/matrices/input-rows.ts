import { invalidValue, MeanfieldError } from "../../errors.ts";
import type { KernelEvaluator } from "../infinite-width/kernel-evaluator.ts";
import type { KernelNormalization } from "../infinite-width/normalization.ts";

/** How a kernel counts the length of an input; `kernelEvaluator` is one. */
export interface InputScale extends Pick<KernelEvaluator, "inputVariance"> {
  readonly kernel: { readonly normalization: KernelNormalization };
}

/** Inputs of a kernel, each scaled to the length r whose square is the variance that the kernel counts for it. */
export interface InputRows {
  readonly count: number;
  readonly dimension: number;
  /** count x dimension */
  readonly rows: Float64Array;
  /** r and r^2 of each row. */
  readonly lengths: Float64Array;
  readonly variances: Float64Array;
}

/** How far from 1 a length may be on the unit sphere: inputs normalised in float32 pass. */
const sphereTolerance = 1e-6;

/**
 * Checks the inputs of a kernel and scales them.
 *
 * @param path the option's name, for messages
 * @throws MeanfieldError `invalid-value` on a number that is no multiple of the dimension, rows of length 0, rows off the sphere where the kernel is
 * one on the unit sphere; `not-finite` with the row and column of the first number that is not finite
 */
export function inputRows(
  { kernel, inputVariance }: InputScale,
  points: Float64Array,
  dimension: number,
  path: string,
): InputRows {
  if (!(Number.isInteger(dimension) && dimension >= 1)) {
    throw invalidValue("dimension", "a positive integer", dimension);
  }
  const count = points.length / dimension;
  if (!(Number.isInteger(count) && count >= 1)) {
    throw invalidValue(path, `one or more rows of ${dimension} numbers`, `${points.length} numbers`);
  }
  const rows = new Float64Array(count * dimension);
  const lengths = new Float64Array(count);
  const variances = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const squaredNorm = squaredNormOf(points, row, dimension, path);
    const norm = Math.sqrt(squaredNorm);
    checkLength(kernel, norm, row, path);
    variances[row] = inputVariance(squaredNorm, dimension);
    lengths[row] = Math.sqrt(variances[row]);
    const scale = lengths[row] / norm;
    for (let k = 0; k < dimension; k += 1) rows[row * dimension + k] = points[row * dimension + k] * scale;
  }
  return { count, dimension, rows, lengths, variances };
}

function squaredNormOf(points: Float64Array, row: number, dimension: number, path: string): number {
  let sum = 0;
  for (let k = 0; k < dimension; k += 1) {
    const value = points[row * dimension + k];
    if (!Number.isFinite(value)) {
      throw new MeanfieldError(
        "not-finite",
        `${path}: expected finite numbers, got ${value} in row ${row}, column ${k}; leave that row out or mend it`,
        { path, got: String(value) },
      );
    }
    sum += value * value;
  }
  return sum;
}

function checkLength({ normalization }: InputScale["kernel"], norm: number, row: number, path: string): void {
  if (!(norm > 0 && norm < Infinity)) {
    const got = `row ${row} of length ${norm}`;
    throw invalidValue(path, "rows of a positive finite length", got, "leave that row out");
  }
  if (normalization === "unit-sphere" && !(Math.abs(norm - 1) <= sphereTolerance)) {
    throw invalidValue(
      path,
      'rows on the unit sphere, as the normalization "unit-sphere" needs',
      `row ${row} of length ${norm}`,
      'divide each row by its length, or choose another normalization, such as "squared-norm"',
    );
  }
}

/**
 * Pairs of rows of equal numbers, each row with the first that equals it: of these a kernel matrix is singular.
 *
 * @returns at most 16 pairs [earlier, later]
 */
export function duplicateRows(points: Float64Array, dimension: number): readonly (readonly [number, number])[] {
  const first = new Map<string, number>();
  const pairs: (readonly [number, number])[] = [];
  for (let row = 0; row * dimension < points.length && pairs.length < 16; row += 1) {
    // -0 equals 0.
    const key = points.subarray(row * dimension, (row + 1) * dimension).join(" ");
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, row);
    else pairs.push([earlier, row]);
  }
  return pairs;
}
