import { invalidValue, MeanfieldError } from "../../errors.ts";
import {
  type Culprits,
  culprits,
  factorShifted,
  failedPivot,
  notPositiveDefinite,
  restoreLower,
} from "../matrices/factorize.ts";
import { type KernelMatrix, symmetricStateOf } from "../matrices/kernel-matrix.ts";
import { kernelsOf } from "../matrices/matrix-memory.ts";
import { rayleighQuotient } from "../matrices/rayleigh-quotient.ts";
import { factorError } from "../matrices/rounding.ts";
import { inverseLanczos } from "./inverse-lanczos.ts";

/** The smallest eigenvalue of a matrix, enclosed. */
export interface SmallestEigenvalue {
  /** The Rayleigh quotient of `vector`. */
  readonly value: number;
  /** low <= smallest eigenvalue <= high for the matrix as it stands in memory, rounding errors of the computation included. */
  readonly low: number;
  readonly high: number;
  /** |A v - value v| for v = `vector`: an eigenvalue lies within this of `value`. */
  readonly residual: number;
  /** Lanczos steps. */
  readonly iterations: number;
  /** The eigenvector belonging to it, of length 1, as computed. */
  readonly vector: Float64Array;
}

export interface SmallestEigenvalueOptions {
  /** Relative width that the enclosure is to have; rounding may leave it wider. In [1e-14, 0.1]. @default 1e-10 */
  readonly tolerance?: number;
}

const mostIterations = 2000;
const mostCertificates = 6;

/**
 * The smallest eigenvalue of a symmetric positive definite matrix, with bounds that hold:
 *
 * - a Cholesky factorisation, and Lanczos iterations on the inverse that it gives, until the value stands;
 * - high: the Rayleigh quotient of the vector found, plus the rounding error of its computation;
 * - low: the largest tried s for which A - s I still has a Cholesky factorisation, less the error of that factorisation and of the shift
 *   (Rump, Verification of positive definiteness, BIT 2006). No eigenvalue can have been missed: one below s would have stopped it.
 *
 * O(n^3): two factorisations and some tens of triangular solves. The matrix is afterwards as it was.
 *
 * @throws MeanfieldError `not-positive-definite` where the matrix is not, or the enclosure holds 0: with an upper bound (`details.upperBound`) or the
 * enclosure, and the rows of equal inputs if there are; `invalid-value`; `no-convergence` after 2000 iterations
 */
export async function smallestEigenvalue(
  matrix: KernelMatrix,
  { tolerance = 1e-10 }: SmallestEigenvalueOptions = {},
): Promise<SmallestEigenvalue> {
  if (!(tolerance >= 1e-14 && tolerance <= 0.1)) throw invalidValue("tolerance", "a number in [1e-14, 0.1]", tolerance);
  const state = symmetricStateOf(matrix);
  const { memory } = state;
  const size = memory.shape.rows;
  try {
    await factorShifted(state, 0);
    const failed = failedPivot(memory);
    if (failed !== null) throw notPositiveDefinite(state, 0, failed);
    const { vector, iterations } = iterate(memory, tolerance);
    const quotient = rayleighQuotient(memory, vector);
    const { value, high, residual } = quotient;
    const low = await lowerBound(state, value, tolerance, residual);
    if (low <= 0) throw notBeyondDoubt(low, high, culprits(state, size - 1));
    return Object.freeze({ value, low, high, residual, iterations, vector });
  } finally {
    restoreLower(state);
    state.uses += 1;
  }
}

function iterate(memory: Parameters<typeof kernelsOf>[0], tolerance: number) {
  const { matrix } = memory;
  const size = memory.shape.rows;
  const kernels = kernelsOf(memory, 0);
  const [own] = memory.vectors;
  const applyInverse = (vector: Float64Array): void => {
    own.set(vector);
    kernels.forwardSolve({ size, matrix, stride: size, vector: own });
    kernels.backwardSolve({ size, matrix, stride: size, vector: own });
    vector.set(own.subarray(0, size));
  };
  let [last, settled, iterations] = [Infinity, 0, 0];
  for (const step of inverseLanczos(size, applyInverse)) {
    iterations += 1;
    settled = Math.abs(last - step.value) <= (tolerance / 20) * step.value ? settled + 1 : 0;
    last = step.value;
    if (settled >= 4 || iterations === size) return { vector: step.vector(), iterations };
    if (iterations >= mostIterations) break;
  }
  throw new MeanfieldError(
    "no-convergence",
    `smallestEigenvalue: the value still moves after ${iterations} iterations; take a larger tolerance than ${tolerance}`,
  );
}

/** A certified s - error, s as near to `value` as the tolerance and rounding allow. */
async function lowerBound(
  state: Parameters<typeof factorShifted>[0],
  value: number,
  tolerance: number,
  residual: number,
): Promise<number> {
  const { diagonal, shape } = state.memory;
  const size = shape.rows;
  let [trace, largest] = [0, 0];
  for (let i = 0; i < size; i += 1) {
    trace += diagonal[i];
    largest = Math.max(largest, diagonal[i]);
  }
  // The shift rounds each entry of the diagonal once; the trace is a sum of positive numbers, and a little is for its own rounding.
  const error = 1.001 * (factorError(size, trace) + 2 ** -53 * largest);
  let gap = Math.max((tolerance / 2) * value, error / 16);
  for (let attempt = 0; attempt < mostCertificates; attempt += 1) {
    const shift = value - gap;
    if (shift <= 0) break;
    await factorShifted(state, -shift);
    if (state.memory.failure[0] < 0) return shift - error;
    gap = Math.max(8 * gap, Math.min(residual, value / 4));
  }
  // The factorisation without shift went through.
  return -error;
}

function notBeyondDoubt(low: number, high: number, because: Culprits | null): MeanfieldError {
  const reason = because === null ? "" : `; ${because.reason}`;
  const suggestion = because?.suggestion ?? "add a ridge, or take fewer or more distinct inputs";
  const got = `one whose smallest eigenvalue lies between ${low.toPrecision(3)} and ${high.toPrecision(3)}`;
  return new MeanfieldError(
    "not-positive-definite",
    `matrix: expected a positive definite matrix beyond rounding errors, got ${got}${reason}; ${suggestion}`,
    { path: "matrix", expected: "a positive definite matrix", got, suggestion, upperBound: high },
  );
}
