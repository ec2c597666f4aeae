import { invalidValue, MeanfieldError } from "../errors.ts";
import { halfStepGammaRatio, logGamma } from "./special-functions.ts";
import { tridiagonalEigen } from "./tridiagonal.ts";

/** A quadrature rule: sum_q weights[q] h(nodes[q]) ~ the integral of h against the rule's measure; nodes ascend. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The n-point Gauss-Legendre rule on [-1, 1] (weight 1), exact for polynomials of degree 2n - 1. O(n^2), n up to several thousand.
 * Newton's method on P_n(cos theta) in theta, with the three-term recurrence written for the differences P_k - P_{k-1}, so that nodes and
 * weights keep their relative accuracy (about 1e-14) up to the ends of the interval.
 *
 * @throws `invalid-value` if n is no positive integer
 */
export function gaussLegendre(pointCount: number): QuadratureRule {
  checkPointCount(pointCount);
  const nodes = new Float64Array(pointCount);
  const weights = new Float64Array(pointCount);
  for (let index = 0; 2 * index < pointCount; index += 1) {
    const isMiddle = 2 * index + 1 === pointCount;
    // Tricomi's first approximation is good to O(n^-4): Newton needs two or three rounds from it.
    let angle = isMiddle ? Math.PI / 2 : tricomiAngle(index, pointCount);
    let derivative = 0;
    for (let round = 0; round < 10; round += 1) {
      // y = cos(angle) - 1, without cancellation near the end of the interval
      const y = -2 * Math.sin(angle / 2) ** 2;
      let value = 1;
      let difference = 0;
      for (let degree = 0; degree < pointCount; degree += 1) {
        difference = ((2 * degree + 1) * y * value + degree * difference) / (degree + 1);
        value += difference;
      }
      derivative = (pointCount * (y * value + difference)) / Math.sin(angle);
      if (isMiddle) break;
      const step = value / derivative;
      angle -= step;
      if (Math.abs(step) <= 1e-9 / pointCount) {
        // One more evaluation would only repeat this one to rounding; the derivative moves by -cot(angle) per unit of angle.
        derivative *= 1 + step / Math.tan(angle);
        break;
      }
    }
    const weight = 2 / (derivative * derivative);
    nodes[pointCount - 1 - index] = isMiddle ? 0 : Math.cos(angle);
    nodes[index] = isMiddle ? 0 : -Math.cos(angle);
    weights[index] = weight;
    weights[pointCount - 1 - index] = weight;
  }
  return { nodes, weights };
}

/**
 * The n-point Gauss-Jacobi rule on [-1, 1] with weight (1-x)^alpha (1+x)^beta, alpha and beta > -1 (Golub, Welsch, Math. Comp. 1969).
 * The weights add up to 2^(alpha+beta+1) B(alpha+1, beta+1); divide by their sum for an expectation. O(n^2).
 * Absolute error of the nodes, and of the weights relative to their sum, about 1e-15 sqrt(n); tiny weights lose relative accuracy.
 *
 * With alpha = beta = (d-3)/2 it integrates functions of one coordinate of a uniform point on the unit sphere of R^d.
 *
 * @throws `invalid-value` if n is no positive integer or an exponent is not above -1
 */
export function gaussJacobi(pointCount: number, alpha: number, beta: number): QuadratureRule {
  checkPointCount(pointCount);
  if (!(alpha > -1 && alpha < Infinity)) throw invalidValue("alpha", "a number above -1", alpha);
  if (!(beta > -1 && beta < Infinity)) throw invalidValue("beta", "a number above -1", beta);
  const diagonal = new Float64Array(pointCount);
  const offDiagonal = new Float64Array(pointCount);
  const sum = alpha + beta;
  for (let degree = 0; degree < pointCount; degree += 1) {
    const twice = 2 * degree + sum;
    // The general formulas are 0/0 at degree 0 when alpha + beta = 0, and at degree 1 when alpha + beta = -1.
    diagonal[degree] = degree === 0 ? (beta - alpha) / (sum + 2) : ((beta - alpha) * sum) / (twice * (twice + 2));
    const next = degree + 1;
    const nextTwice = twice + 2;
    const square =
      next === 1
        ? (4 * (1 + alpha) * (1 + beta)) / ((2 + sum) ** 2 * (3 + sum))
        : (4 * next * (next + alpha) * (next + beta) * (next + sum)) /
          (nextTwice ** 2 * (nextTwice + 1) * (nextTwice - 1));
    offDiagonal[degree] = Math.sqrt(square);
  }
  const rule = ruleOfJacobiMatrix(diagonal, offDiagonal, jacobiMass(alpha, beta));
  if (alpha === beta) symmetrize(rule);
  return rule;
}

/**
 * The n-point Gauss rule of the discrete measure sum_i weights[i] delta(nodes[i]): its weights add up to the same mass and it integrates
 * polynomials up to degree 2n - 1 as the measure does. A fine rule of any density, times the density, thus becomes a small one.
 *
 * The Jacobi matrix is built one node at a time by plane rotations, which is stable where plain Lanczos or moments are not
 * (Gragg, Harwood, Numer. Math. 1984), in O(n x number of nodes); then Golub-Welsch. Nodes of weight 0 are skipped.
 *
 * @param nodes any order, finite
 * @param weights same length, >= 0, finite
 * @param pointCount at most the number of distinct nodes of positive weight
 * @throws `invalid-value` on lengths, signs and counts that do not fit; `not-finite` on nodes or weights that are not finite
 */
export function gaussFromMeasure(nodes: Float64Array, weights: Float64Array, pointCount: number): QuadratureRule {
  checkPointCount(pointCount);
  if (nodes.length !== weights.length) {
    throw invalidValue("weights", `${nodes.length} numbers, one for each node`, weights.length);
  }
  let mass = 0;
  for (let index = 0; index < nodes.length; index += 1) {
    if (!Number.isFinite(nodes[index]) || !Number.isFinite(weights[index])) {
      throw new MeanfieldError(
        "not-finite",
        `nodes: expected finite nodes and weights, got node ${nodes[index]} with weight ${weights[index]} at index ${index}`,
        { path: "nodes" },
      );
    }
    if (weights[index] < 0) throw invalidValue(`weights[${index}]`, "a weight >= 0", weights[index]);
    mass += weights[index];
  }
  const diagonal = new Float64Array(pointCount);
  const offDiagonalSquares = new Float64Array(pointCount);
  let merged = 0;
  for (let index = 0; index < nodes.length; index += 1) {
    if (weights[index] === 0) continue;
    mergeNode(diagonal, offDiagonalSquares, merged, nodes[index], weights[index] / mass);
    merged += 1;
  }
  // offDiagonalSquares[0] holds the mass; the couplings follow it.
  const offDiagonal = new Float64Array(pointCount);
  for (let index = 1; index < pointCount; index += 1) {
    if (!(offDiagonalSquares[index] > 0)) {
      throw invalidValue("pointCount", `at most the number of distinct nodes of positive weight, ${index}`, pointCount);
    }
    offDiagonal[index - 1] = Math.sqrt(offDiagonalSquares[index]);
  }
  if (merged === 0) throw invalidValue("weights", "at least one positive weight", mass);
  return ruleOfJacobiMatrix(diagonal, offDiagonal, mass);
}

/** The same rule moved from [-1, 1] to [lower, upper], where its measure is scaled by half the length. */
export function onInterval(rule: QuadratureRule, lower: number, upper: number): QuadratureRule {
  const half = (upper - lower) / 2;
  const middle = (upper + lower) / 2;
  return {
    nodes: rule.nodes.map((node) => middle + half * node),
    weights: rule.weights.map((weight) => half * weight),
  };
}

/** Adds one node to a Jacobi matrix of `merged` nodes, of which only the leading part that fits the arrays is kept. */
function mergeNode(diagonal: Float64Array, squares: Float64Array, merged: number, node: number, weight: number): void {
  const rows = Math.min(merged + 1, diagonal.length);
  if (merged < diagonal.length) diagonal[merged] = node;
  let pending = weight;
  let cosineSquare = 1;
  let sineSquare = 0;
  let carried = 0;
  for (let row = 0; row < rows; row += 1) {
    const length = squares[row] + pending;
    const replaced = cosineSquare * length;
    const previousSineSquare = sineSquare;
    if (length > 0) {
      cosineSquare = squares[row] / length;
      sineSquare = pending / length;
    } else {
      cosineSquare = 1;
      sineSquare = 0;
    }
    const nextCarried = sineSquare * (diagonal[row] - node) - cosineSquare * carried;
    diagonal[row] -= nextCarried - carried;
    carried = nextCarried;
    pending = sineSquare > 0 ? (carried * carried) / sineSquare : previousSineSquare * squares[row];
    squares[row] = replaced;
  }
}

function ruleOfJacobiMatrix(diagonal: Float64Array, offDiagonal: Float64Array, mass: number): QuadratureRule {
  const weights = new Float64Array(diagonal.length);
  tridiagonalEigen(diagonal, offDiagonal, weights);
  for (let index = 0; index < weights.length; index += 1) weights[index] = mass * weights[index] ** 2;
  return { nodes: diagonal, weights };
}

function symmetrize({ nodes, weights }: QuadratureRule): void {
  for (let left = 0, right = nodes.length - 1; left <= right; left += 1, right -= 1) {
    const node = (nodes[right] - nodes[left]) / 2;
    const weight = (weights[right] + weights[left]) / 2;
    nodes[left] = left === right ? 0 : -node;
    nodes[right] = left === right ? 0 : node;
    weights[left] = weight;
    weights[right] = weight;
  }
}

function jacobiMass(alpha: number, beta: number): number {
  // The symmetric case, used for coordinates of the sphere, has a form without large logarithms.
  if (alpha === beta) return Math.sqrt(Math.PI) / halfStepGammaRatio(alpha + 1);
  const logBeta = logGamma(alpha + 1) + logGamma(beta + 1) - logGamma(alpha + beta + 2);
  return Math.exp((alpha + beta + 1) * Math.LN2 + logBeta);
}

function tricomiAngle(index: number, pointCount: number): number {
  const angle = (Math.PI * (4 * index + 3)) / (4 * pointCount + 2);
  return angle + 1 / (8 * pointCount * pointCount * Math.tan(angle));
}

function checkPointCount(pointCount: number): void {
  if (!(Number.isInteger(pointCount) && pointCount >= 1)) {
    throw invalidValue("pointCount", "a positive integer", pointCount);
  }
}
