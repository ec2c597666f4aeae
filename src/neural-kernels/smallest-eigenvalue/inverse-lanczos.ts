import { deriveKey, fillNormal } from "../../numerics/index.ts";
import { tridiagonalEigen } from "../../numerics/tridiagonal.ts";

/** Where the iteration has come to. */
export interface LanczosStep {
  /** The smallest eigenvalue, 1 over the largest Ritz value. */
  readonly value: number;
  /** Its vector, of length 1. */
  vector(): Float64Array;
}

/**
 * Lanczos iterations on the inverse of a symmetric positive definite matrix, from random start, each vector orthogonalised twice against all before it
 * (Parlett, The Symmetric Eigenvalue Problem, chapter 13; "twice is enough").
 *
 * @param applyInverse replaces a vector v by A^-1 v
 * @returns steps one by one; ends where the Krylov space does
 */
export function* inverseLanczos(size: number, applyInverse: (vector: Float64Array) => void): Generator<LanczosStep> {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let next = new Float64Array(size);
  fillNormal(next, 0, size, 0, deriveKey("smallest eigenvalue", "start"), 0, 0, 0);
  scale(next, 1 / Math.sqrt(product(next, next)));
  for (let step = 0; step < size; step += 1) {
    const current = next;
    basis.push(current);
    next = current.slice();
    applyInverse(next);
    diagonal.push(product(current, next));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const vector of basis) addMultiple(next, -product(vector, next), vector);
    }
    const norm = Math.sqrt(product(next, next));
    const largest = largestRitzValue(diagonal, offDiagonal);
    yield {
      value: 1 / largest,
      vector() {
        const weights = ritzVector(diagonal, offDiagonal, largest);
        const out = new Float64Array(size);
        weights.forEach((weight, index) => {
          addMultiple(out, weight, basis[index]);
        });
        scale(out, 1 / Math.sqrt(product(out, out)));
        return out;
      },
    };
    if (!(norm > 1e-14 * largest)) return;
    scale(next, 1 / norm);
    offDiagonal.push(norm);
  }
}

function largestRitzValue(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const values = Float64Array.from(diagonal);
  const couplings = new Float64Array(values.length);
  couplings.set(offDiagonal.slice(0, values.length - 1));
  tridiagonalEigen(values, couplings, new Float64Array(values.length));
  return values[values.length - 1];
}

/** The eigenvector of the tridiagonal matrix by two steps of inverse iteration, elimination with exchanges. */
function ritzVector(diagonal: readonly number[], offDiagonal: readonly number[], value: number): Float64Array {
  const size = diagonal.length;
  let vector = new Float64Array(size).fill(1 / Math.sqrt(size));
  for (let pass = 0; pass < 3; pass += 1) {
    vector = solveTridiagonal(diagonal, offDiagonal, value, vector);
    scale(vector, 1 / Math.sqrt(product(vector, vector)));
  }
  return vector;
}

/** (T - value)^-1 right; pivots of 0 become rounding errors, as inverse iteration wants. */
function solveTridiagonal(
  diagonal: readonly number[],
  offDiagonal: readonly number[],
  value: number,
  right: Float64Array,
): Float64Array<ArrayBuffer> {
  const size = diagonal.length;
  const tiny = Number.EPSILON * Math.abs(value);
  const own = Float64Array.from(diagonal, (entry) => entry - value);
  const above = Float64Array.from({ length: size }, (_, i) => offDiagonal[i] ?? 0);
  const second = new Float64Array(size);
  const out = Float64Array.from(right);
  for (let i = 0; i + 1 < size; i += 1) {
    let below = offDiagonal[i];
    if (Math.abs(below) > Math.abs(own[i])) {
      // Rows i and i + 1 change places.
      [own[i], below] = [below, own[i]];
      [above[i], own[i + 1]] = [own[i + 1], above[i]];
      [second[i], above[i + 1]] = [above[i + 1], 0];
      [out[i], out[i + 1]] = [out[i + 1], out[i]];
    }
    const factor = below / (own[i] === 0 ? tiny : own[i]);
    own[i + 1] -= factor * above[i];
    above[i + 1] -= factor * second[i];
    out[i + 1] -= factor * out[i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    const rest = out[i] - above[i] * (out[i + 1] ?? 0) - second[i] * (out[i + 2] ?? 0);
    out[i] = rest / (Math.abs(own[i]) < tiny ? tiny : own[i]);
  }
  return out;
}

function product(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= a.length; k += 4) {
    s0 += a[k] * b[k];
    s1 += a[k + 1] * b[k + 1];
    s2 += a[k + 2] * b[k + 2];
    s3 += a[k + 3] * b[k + 3];
  }
  for (; k < a.length; k += 1) s0 += a[k] * b[k];
  return s0 + s1 + (s2 + s3);
}

function addMultiple(to: Float64Array, factor: number, from: Float64Array): void {
  for (let k = 0; k < to.length; k += 1) to[k] += factor * from[k];
}

function scale(values: Float64Array, factor: number): void {
  for (let k = 0; k < values.length; k += 1) values[k] *= factor;
}
