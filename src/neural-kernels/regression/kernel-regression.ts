import { invalidValue, MeanfieldError } from "../../errors.ts";
import { factorize } from "../matrices/factorize.ts";
import { type KernelMatrix, stateOf, symmetricStateOf } from "../matrices/kernel-matrix.ts";
import { product } from "../matrices/product.ts";

export interface KernelRegressionOptions {
  /** K between the training inputs, n x n. */
  readonly matrix: KernelMatrix;
  /** y, n x outputs, row by row. */
  readonly targets: Float64Array;
  /** @default 1 */
  readonly outputs?: number;
  /** What is added to the diagonal, one fit each, >= 0. Where papers write K + n lambda I these are n lambda. */
  readonly ridges: readonly number[];
}

/** Kernel ridge regression with one ridge. */
export interface RidgeFit {
  readonly ridge: number;
  /** (K + ridge I)^-1 y, n x outputs. */
  readonly coefficients: Float64Array;
  /** K (K + ridge I)^-1 y, n x outputs: the values at the training inputs. */
  readonly fitted: Float64Array;
  /** y^T (K + ridge I)^-1 y, one an output; with ridge 0 the squared norm of the interpolating function. */
  readonly quadraticForms: Float64Array;
  /** log det(K + ridge I). */
  readonly logDeterminant: number;
}

/**
 * Kernel ridge regression along a path of ridges: f = sum_s k(., x_s) alpha_s with (K + ridge I) alpha = y, the minimum of sum_s |f(x_s) - y_s|^2 + ridge ||f||^2.
 *
 * One Cholesky factorisation for each ridge, in place from the upper triangle, which stays: n^3/3 multiply-adds each. A decomposition into eigenvectors would
 * serve all ridges, but costs as much as twenty to thirty factorisations (docs/theory/kernel-matrices.md). The matrix holds the last factor afterwards.
 *
 * @returns fits in the order of `ridges`
 * @throws MeanfieldError `not-positive-definite` where a ridge is too small for the matrix, `not-finite` on targets, `invalid-value`
 */
export async function kernelRegression(options: KernelRegressionOptions): Promise<readonly RidgeFit[]> {
  const { matrix, targets, outputs = 1, ridges } = options;
  symmetricStateOf(matrix);
  const size = matrix.rows;
  if (!(Number.isInteger(outputs) && outputs >= 1)) throw invalidValue("outputs", "a positive integer", outputs);
  if (targets.length !== size * outputs) {
    throw invalidValue("targets", `${size} x ${outputs} numbers`, `${targets.length} numbers`);
  }
  targets.forEach((value, at) => {
    if (Number.isFinite(value)) return;
    const row = Math.floor(at / outputs);
    throw new MeanfieldError(
      "not-finite",
      `targets: expected finite numbers, got ${value} in row ${row}; leave that row out`,
      {
        path: "targets",
      },
    );
  });
  if (!Array.isArray(ridges)) throw invalidValue("ridges", "a list of numbers", ridges);
  ridges.forEach((ridge, index) => {
    if (!(ridge >= 0 && ridge < Infinity)) throw invalidValue(`ridges[${index}]`, "a finite number >= 0", ridge);
  });
  const fits: RidgeFit[] = [];
  for (const ridge of ridges) {
    const factor = await factorize(matrix, { ridge });
    const coefficients = factor.solve(targets, outputs);
    const quadraticForms = new Float64Array(outputs);
    const fitted = coefficients.map((coefficient, at) => {
      quadraticForms[at % outputs] += coefficient * targets[at];
      return targets[at] - ridge * coefficient;
    });
    const { logDeterminant } = factor;
    fits.push(Object.freeze({ ridge, coefficients, fitted, quadraticForms, logDeterminant }));
  }
  return fits;
}

/**
 * Values of sum_s k(., x_s) alpha_s at other inputs, by the engine.
 *
 * @param cross k(other, training), q x n, from `kernelMatrix` with `points` the others and `others` the training inputs
 * @param coefficients n x outputs
 * @returns q x outputs
 * @throws MeanfieldError `invalid-value`, `out-of-memory`
 */
export function predict(cross: KernelMatrix, coefficients: Float64Array, outputs = 1): Float64Array {
  stateOf(cross);
  const { rows, columns, values } = cross;
  if (coefficients.length !== columns * outputs) {
    throw invalidValue("coefficients", `${columns} x ${outputs} numbers`, `${coefficients.length} numbers`);
  }
  return product(values, coefficients, { rows, inner: columns, columns: outputs });
}
