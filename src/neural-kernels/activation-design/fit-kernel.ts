import { invalidValue, MeanfieldError } from "../../errors.ts";
import { nonNegativeLeastSquares } from "../../numerics/non-negative-least-squares.ts";

export interface KernelFitOptions {
  /** The wanted kernel as a function of the cosine. */
  readonly target: (cosine: number) => number;
  /** Last power of the cosine, in [0, 60]. @default 5 */
  readonly degree?: number;
  /** Equally spaced angles from 0 to pi at which it is compared. @default 100 */
  readonly angles?: number;
  /** How many times more the angle 0 counts: 11 on 100 angles is a tenth of the weight. @default 11 */
  readonly extraWeightAtZero?: number;
}

export interface KernelFit {
  /** a_0 ... a_degree, all >= 0. */
  readonly coefficients: Float64Array;
  /** sum over the angles, each once, of (fit - target)^2. */
  readonly sumOfSquares: number;
  readonly rootMeanSquare: number;
}

/**
 * The kernel sum_k a_k c^k with a_k >= 0 nearest to a wanted one, by non-negative least squares over the powers of the cosine: the polynomial recipe of Simon, Anand, DeWeese 2022,
 * whose defaults these are. `activationForKernel` makes the activation of it.
 *
 * @throws MeanfieldError `invalid-value`; `not-finite` where the target is not
 */
export function fitKernelCoefficients(options: KernelFitOptions): KernelFit {
  const { target, degree = 5, angles = 100, extraWeightAtZero = 11 } = options;
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 60)) {
    throw invalidValue("degree", "an integer in [0, 60]", degree);
  }
  if (!(Number.isInteger(angles) && angles > degree))
    throw invalidValue("angles", `an integer above ${degree}`, angles);
  if (!(extraWeightAtZero >= 0 && extraWeightAtZero < Infinity)) {
    throw invalidValue("extraWeightAtZero", "a finite number >= 0", extraWeightAtZero);
  }
  const cosines = equalAngles(angles).map(Math.cos);
  const values = cosines.map((cosine) => {
    const value = target(cosine);
    if (Number.isFinite(value)) return value;
    throw new MeanfieldError("not-finite", `target: expected a finite number at cosine ${cosine}, got ${value}`, {
      path: "target",
    });
  });
  const columns = degree + 1;
  const matrix = new Float64Array(angles * columns);
  const right = Float64Array.from(values);
  cosines.forEach((cosine, row) => {
    const weight = row === 0 ? Math.sqrt(1 + extraWeightAtZero) : 1;
    right[row] *= weight;
    for (let power = 0; power < columns; power += 1) matrix[row * columns + power] = weight * cosine ** power;
  });
  const { solution } = nonNegativeLeastSquares(matrix, right, columns);
  let sumOfSquares = 0;
  cosines.forEach((cosine, row) => {
    const fit = solution.reduceRight((sum, entry) => sum * cosine + entry, 0);
    sumOfSquares += (fit - values[row]) ** 2;
  });
  return Object.freeze({ coefficients: solution, sumOfSquares, rootMeanSquare: Math.sqrt(sumOfSquares / angles) });
}

/** `count` angles from 0 to pi, both ends among them. */
export function equalAngles(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (Math.PI * index) / (count - 1));
}
