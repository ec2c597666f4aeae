import { invalidValue } from "../errors.ts";
import { studentQuantile } from "./special-functions.ts";

/** (1/n) sum_i x_i, n >= 1. Throws `invalid-value` on an empty list. */
export function mean(values: ArrayLike<number>): number {
  if (values.length < 1) throw invalidValue("values", "at least one number", values.length);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index];
  return sum / values.length;
}

/** sum_i (x_i - mean)^2 / (n - 1), n >= 2, in two passes. Throws `invalid-value` on fewer than two numbers. */
export function sampleVariance(values: ArrayLike<number>): number {
  if (values.length < 2) throw invalidValue("values", "at least two numbers", values.length);
  const centre = mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += (values[index] - centre) ** 2;
  return squares / (values.length - 1);
}

/** Standard error of the mean of independent numbers: sqrt(sampleVariance / n), n >= 2. */
export function standardError(values: ArrayLike<number>): number {
  return Math.sqrt(sampleVariance(values) / values.length);
}

/** An estimate with its standard error and the ends of its confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of independent numbers with Student's confidence interval: mean +- t_(n-1)((1 + level)/2) standardError.
 *
 * @param level probability that the interval covers the true mean, in (0, 1)
 * @throws `invalid-value` on fewer than two numbers or a level outside (0, 1)
 */
export function meanWithInterval(values: ArrayLike<number>, level = 0.95): Estimate {
  const error = standardError(values);
  return estimate(mean(values), error, values.length - 1, level);
}

export interface FitOptions {
  /** Standard errors of y, all > 0; points then weigh 1/error^2. @default equal weights */
  readonly errors?: ArrayLike<number>;
  /** Coverage of the intervals, in (0, 1). @default 0.95 */
  readonly level?: number;
}

/** y = intercept + slope x, fitted; intervals from Student's t with points - 2 degrees of freedom. */
export interface LineFit {
  readonly slope: Estimate;
  readonly intercept: Estimate;
  readonly degreesOfFreedom: number;
  /** Weighted sum of squared residuals / degrees of freedom: near 1 where the given errors explain the scatter about the line. */
  readonly reducedChiSquare: number;
}

/**
 * Least squares line through (x_i, y_i), weighted by 1/errors^2 where errors are given.
 * The parameters' variances are scaled by the scatter about the line, and with given errors never below what these alone imply.
 *
 * @throws `invalid-value` on fewer than 3 points, numbers that are not finite, errors that are not positive, or equal x
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>, options: FitOptions = {}): LineFit {
  const { errors, level = 0.95 } = options;
  const points = x.length;
  if (points < 3) throw invalidValue("x", "at least 3 points, since two leave no scatter to judge the fit by", points);
  if (y.length !== points) throw invalidValue("y", `${points} numbers, one for each x`, y.length);
  if (errors !== undefined && errors.length !== points) {
    throw invalidValue("errors", `${points} numbers, one for each x`, errors.length);
  }
  const weights = new Float64Array(points);
  let total = 0;
  let xCentre = 0;
  let yCentre = 0;
  for (let index = 0; index < points; index += 1) {
    const error = errors === undefined ? 1 : errors[index];
    if (!Number.isFinite(x[index])) throw invalidValue(`x[${index}]`, "a finite number", x[index]);
    if (!Number.isFinite(y[index])) throw invalidValue(`y[${index}]`, "a finite number", y[index]);
    if (!(error > 0 && error < Infinity)) throw invalidValue(`errors[${index}]`, "a positive finite number", error);
    weights[index] = 1 / (error * error);
    total += weights[index];
    xCentre += weights[index] * x[index];
    yCentre += weights[index] * y[index];
  }
  xCentre /= total;
  yCentre /= total;
  let spread = 0;
  let product = 0;
  for (let index = 0; index < points; index += 1) {
    spread += weights[index] * (x[index] - xCentre) ** 2;
    product += weights[index] * (x[index] - xCentre) * (y[index] - yCentre);
  }
  if (!(spread > 0)) throw invalidValue("x", "at least two different numbers", x[0]);
  const slope = product / spread;
  let residuals = 0;
  for (let index = 0; index < points; index += 1) {
    residuals += weights[index] * (y[index] - yCentre - slope * (x[index] - xCentre)) ** 2;
  }
  const degreesOfFreedom = points - 2;
  const reducedChiSquare = residuals / degreesOfFreedom;
  const scale = errors === undefined ? reducedChiSquare : Math.max(1, reducedChiSquare);
  return Object.freeze({
    slope: estimate(slope, Math.sqrt(scale / spread), degreesOfFreedom, level),
    intercept: estimate(
      yCentre - slope * xCentre,
      Math.sqrt(scale * (1 / total + (xCentre * xCentre) / spread)),
      degreesOfFreedom,
      level,
    ),
    degreesOfFreedom,
    reducedChiSquare,
  });
}

/**
 * The power law y = exp(intercept) x^slope: least squares of log y on log x. Errors of y become errors / y in the logarithm.
 *
 * @throws `invalid-value` unless all x and y are positive; as `fitLine`
 */
export function fitPowerLaw(x: ArrayLike<number>, y: ArrayLike<number>, options: FitOptions = {}): LineFit {
  const { errors, ...rest } = options;
  const logX = logarithms("x", x);
  const logY = logarithms("y", y);
  if (errors === undefined) return fitLine(logX, logY, rest);
  return fitLine(logX, logY, { ...rest, errors: Float64Array.from(errors, (error, index) => error / y[index]) });
}

function logarithms(path: string, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value, index) => {
    if (!(value > 0 && value < Infinity)) throw invalidValue(`${path}[${index}]`, "a positive finite number", value);
    return Math.log(value);
  });
}

function estimate(value: number, error: number, degreesOfFreedom: number, level: number): Estimate {
  if (!(level > 0 && level < 1)) throw invalidValue("level", "a number in (0, 1)", level);
  const reach = error * studentQuantile((1 + level) / 2, degreesOfFreedom);
  return Object.freeze({ value, error, low: value - reach, high: value + reach });
}
