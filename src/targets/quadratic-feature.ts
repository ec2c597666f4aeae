import { invalidValue } from "../errors.ts";
import { checkedScale } from "./feature-scale.ts";
import { buildLink, checkedLink, type LinkSpec } from "./link.ts";
import type { QuadraticFeatureSpec, Target } from "./target.ts";

export interface QuadraticFeatureOptions {
  readonly link: LinkSpec;
  /**
   * A: d numbers (a diagonal) or d x d, row by row; "alternating": diag(1, -1, 1, -1, ...) (last entry 0 for odd d) to Frobenius norm 1/sqrt 2, so of
   * trace 0. @default "alternating"
   */
  readonly matrix?: "alternating" | readonly number[];
  /** s > 0; null: d, with which s x^T A x has variance 2 |A|_F^2 = 1 under N(0, I/d). @default null */
  readonly scale?: number | null;
}

/**
 * A quadratic-feature target g(s x^T A x), which three-layer networks learn with fewer samples than kernels and two-layer networks (Nichani, Damian, Lee,
 * Provable guarantees for nonlinear feature learning in three-layer neural networks, NeurIPS 2023). The default matrix and scale are our instantiation.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`
 */
export function quadraticFeature(options: QuadraticFeatureOptions): QuadraticFeatureSpec {
  const { matrix = "alternating" } = options;
  if (matrix !== "alternating" && !(Array.isArray(matrix) && matrix.length > 0 && matrix.every(Number.isFinite))) {
    throw invalidValue("matrix", "alternating, or d or d x d finite numbers", matrix);
  }
  return Object.freeze({
    kind: "quadratic-feature",
    link: checkedLink(options.link),
    matrix: matrix === "alternating" ? matrix : Object.freeze([...matrix]),
    scale: checkedScale(options.scale),
  });
}

/** Builds g(s x^T A x); a matrix of numbers is checked against the points it meets. */
export function buildQuadraticFeature(spec: QuadraticFeatureSpec): Target {
  const link = buildLink(spec.link);
  const { matrix } = spec;
  return Object.freeze({
    spec,
    radial: null,
    value(points: Float64Array, offset: number, dimension: number): number {
      const form =
        matrix === "alternating" ? alternating(points, offset, dimension) : product(matrix, points, offset, dimension);
      return link((spec.scale ?? dimension) * form);
    },
  });
}

function alternating(points: Float64Array, offset: number, dimension: number): number {
  const pairs = Math.floor(dimension / 2);
  let sum = 0;
  for (let k = offset; k < offset + 2 * pairs; k += 2) sum += points[k] * points[k] - points[k + 1] * points[k + 1];
  return sum / (2 * Math.sqrt(pairs));
}

function product(matrix: readonly number[], points: Float64Array, offset: number, dimension: number): number {
  let sum = 0;
  if (matrix.length === dimension) {
    for (let k = 0; k < dimension; k += 1) sum += matrix[k] * points[offset + k] * points[offset + k];
    return sum;
  }
  if (matrix.length !== dimension * dimension) {
    throw invalidValue("matrix", `${dimension} or ${dimension * dimension} numbers`, `${matrix.length} numbers`);
  }
  for (let row = 0; row < dimension; row += 1) {
    for (let column = 0; column < dimension; column += 1) {
      sum += matrix[row * dimension + column] * points[offset + row] * points[offset + column];
    }
  }
  return sum;
}
